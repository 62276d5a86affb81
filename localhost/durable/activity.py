"""Runs one activity and words what came of it as the event that its orchestration will read."""

from collections.abc import Collection

from localhost.durable.app import Functions
from localhost.durable.clock import Clock
from localhost.durable.failures import WorkerLostError, activity_failure, missing_activity
from localhost.durable.protocol import Event, EventType, event
from localhost.durable.records import ActivityCall


async def run_activity(functions: Functions, known: Collection[str], call: ActivityCall, clock: Clock) -> Event:
    """Return the event of its completion or failure; raises WorkerLostError only. `known` are casefolded names."""
    try:
        if call.name.casefold() not in known:
            return _failed(call, clock, missing_activity(call.name), "")
        value = await functions.act(call.name, call.input)
    except WorkerLostError:
        raise
    except Exception as error:
        return failed(call, clock, error)
    return event(EventType.TASK_COMPLETED, clock.now(), TaskScheduledId=call.task_id, Result=value)


def failed(call: ActivityCall, clock: Clock, error: Exception) -> Event:
    """Return the event of its failure with this error."""
    return _failed(call, clock, *activity_failure(call.name, error))


def _failed(call: ActivityCall, clock: Clock, reason: str, details: str) -> Event:
    return event(
        EventType.TASK_FAILED,
        clock.now(),
        TaskScheduledId=call.task_id,
        Reason=reason,
        Details=details,
        FailureDetails=None,
    )
