"""The out-of-process replay protocol, schema 2: history events, input document, orchestrator's answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any

Event = dict[str, Any]
Action = dict[str, Any]

FAILURE_LABEL = "$OutOfProcData$:"
LONG_TIMER_CHUNK = "3.00:00:00"
LONGEST_TIMER = "6.00:00:00"


class EventType(IntEnum):
    """Numbers of history events on the wire."""

    EXECUTION_STARTED = 0
    EXECUTION_COMPLETED = 1
    EXECUTION_TERMINATED = 3
    TASK_SCHEDULED = 4
    TASK_COMPLETED = 5
    TASK_FAILED = 6
    SUB_ORCHESTRATION_CREATED = 7
    SUB_ORCHESTRATION_COMPLETED = 8
    SUB_ORCHESTRATION_FAILED = 9
    TIMER_CREATED = 10
    TIMER_FIRED = 11
    ORCHESTRATOR_STARTED = 12
    ORCHESTRATOR_COMPLETED = 13
    EVENT_SENT = 14
    EVENT_RAISED = 15
    EXECUTION_SUSPENDED = 19
    EXECUTION_RESUMED = 20


class ActionType(IntEnum):
    """Numbers of the actions that an orchestrator returns."""

    CALL_ACTIVITY = 0
    CALL_ACTIVITY_WITH_RETRY = 1
    CALL_SUB_ORCHESTRATOR = 2
    CALL_SUB_ORCHESTRATOR_WITH_RETRY = 3
    CONTINUE_AS_NEW = 4
    CREATE_TIMER = 5
    WAIT_FOR_EXTERNAL_EVENT = 6
    CALL_ENTITY = 7
    CALL_HTTP = 8
    SIGNAL_ENTITY = 9
    SCHEDULED_SIGNAL_ENTITY = 10
    WHEN_ANY = 11
    WHEN_ALL = 12


class Status(StrEnum):
    """Runtime status of an instance."""

    PENDING = "Pending"
    RUNNING = "Running"
    COMPLETED = "Completed"
    CONTINUED_AS_NEW = "ContinuedAsNew"
    FAILED = "Failed"
    CANCELED = "Canceled"
    TERMINATED = "Terminated"
    SUSPENDED = "Suspended"


FINISHED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELED, Status.TERMINATED})
STATUS_NUMBERS = {
    Status.RUNNING: 0,
    Status.COMPLETED: 1,
    Status.CONTINUED_AS_NEW: 2,
    Status.FAILED: 3,
    Status.CANCELED: 4,
    Status.TERMINATED: 5,
    Status.PENDING: 6,
    Status.SUSPENDED: 7,
}


# Made once: json.dumps makes an encoder for each call that is not plain.
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_PLAIN = json.JSONEncoder(separators=(",", ":"))


class ProtocolError(Exception):
    """The orchestrator answered something that the protocol does not know."""


def compact(value: Any) -> str:
    """Write JSON without blanks, as the extension stores it; half a surrogate pair stays escaped."""
    text = _ENCODER.encode(value)
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return _PLAIN.encode(value)
    return text


@lru_cache(maxsize=64)  # all events of an episode bear its time
def timestamp(at: datetime) -> str:
    """Write a UTC time with seven decimals and `Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "0Z"


@lru_cache(maxsize=1024)
def parse_timestamp(text: str) -> datetime:
    """Read a UTC time with six or seven decimals."""
    return datetime.fromisoformat(text.rstrip("Z")[:26]).replace(tzinfo=UTC)


def event(kind: EventType, at: datetime, event_id: int = -1, **fields: Any) -> Event:
    """Make a history event that has not been played."""
    return {
        "EventType": int(kind),
        "EventId": event_id,
        "IsPlayed": False,
        "Timestamp": timestamp(at),
        **fields,
    }


def execution_started(
    at: datetime,
    name: str,
    instance_id: str,
    execution_id: str,
    input_text: str,
    version: str,
    parent: Event | None,
) -> Event:
    """Make the event that begins an execution; `parent` is set for a sub-orchestration."""
    return event(
        EventType.EXECUTION_STARTED,
        at,
        OrchestrationInstance={"InstanceId": instance_id, "ExecutionId": execution_id},
        ParentInstance=parent,
        Name=name,
        Version=version,
        Input=input_text,
        Tags=None,
    )


def document(instance_id: str, parent_id: str | None, past: Sequence[str], new: Sequence[Event], started: Event) -> str:
    """Write an orchestrator's trigger value; `past` is stored text and is copied as it is."""
    history = [*past, *(compact(item) for item in new)]
    head = {
        "input": json.loads(started["Input"]) if started["Input"] else None,
        "instanceId": instance_id,
        "isReplaying": started["IsPlayed"],
        "parentInstanceId": parent_id,
        "upperSchemaVersion": 1,
        "upperSchemaVersionNew": 2,
        "longRunningTimerIntervalDuration": LONG_TIMER_CHUNK,
        "maximumShortTimerDuration": LONGEST_TIMER,
        # The name is misspelt in the protocol itself.
        "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
    }
    return f'{{"history":[{",".join(history)}],{compact(head)[1:]}'


@dataclass(frozen=True)
class Answer:
    """What an orchestrator returned: all its actions since the beginning, and how it ended, if it did."""

    actions: list[Action] = field(default_factory=list)
    is_done: bool = False
    output: Any = None
    error: str | None = None
    custom_status: Any = None


def parse_answer(text: str) -> Answer:
    """Read the answer; raises ProtocolError unless it holds exactly one list of actions."""
    try:
        body = json.loads(text)
        actions = body["actions"]
    except (ValueError, TypeError, KeyError) as error:
        raise ProtocolError("the orchestrator's answer is not a document with actions") from error
    if len(actions) != 1:
        raise ProtocolError(f"expected actions array to be of length 1, but it has {len(actions)}")
    return Answer(actions[0], bool(body["isDone"]), body.get("output"), body.get("error"), body.get("customStatus"))


def parse_failure(message: str) -> Answer:
    """Read the answer inside the exception that the SDK raises for a failing orchestrator."""
    _, label, state = message.partition(FAILURE_LABEL)
    if label:
        try:
            return parse_answer(state)
        except ProtocolError:
            pass
    return Answer(error=message)
