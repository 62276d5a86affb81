"""Trying an activity again, by class of error, with durable timers.

Durable's own retry options know neither error classes nor back-off. Waiting for a busy provider uses up no attempt.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Any

import azure.durable_functions as df

from shared.domain.runs import THROTTLE_CAP

THROTTLE_FIRST = 5
THROTTLE_DEADLINE = timedelta(hours=24)


def attempt(
    context: df.DurableOrchestrationContext,
    activity: str,
    job: dict[str, Any],
    delays: Sequence[int],
    cap: int = THROTTLE_CAP,
) -> Generator[Any, Any, dict[str, Any]]:
    """`outcome = yield from attempt(…)`: the activity's outcome, never `retry`.

    `delays` are the seconds before each further attempt after a failure that may pass; when they are used up the
    outcome is `failed`. A throttled activity waits as long as the provider says, else twice as long each time, up to
    `cap` seconds, for a day at most. One that got on before it failed (`progressed`) begins to count anew.
    """
    begun: datetime = context.current_utc_datetime
    job = {**trace_of(context), **job}
    tried = throttled = 0
    while True:
        outcome = yield from _once(context, activity, job)
        if outcome["status"] != "retry":
            return outcome
        if outcome.get("progressed"):
            tried = throttled = 0
        if outcome["error"] == "rate_limit" and context.current_utc_datetime - begun < THROTTLE_DEADLINE:
            wait = min(cap, outcome.get("after") or THROTTLE_FIRST * 2**throttled)
            throttled += 1
        elif tried < len(delays):
            wait = delays[tried]
            tried += 1
        else:
            return {**outcome, "status": "failed"}
        yield context.create_timer(context.current_utc_datetime + timedelta(seconds=wait))


def trace_of(context: df.DurableOrchestrationContext) -> dict[str, str]:
    """The trace that the orchestration was started in, for its activities; older inputs have none."""
    given = context.get_input()
    return {"traceparent": given["traceparent"]} if isinstance(given, dict) and given.get("traceparent") else {}


def _once(
    context: df.DurableOrchestrationContext, activity: str, job: dict[str, Any]
) -> Generator[Any, Any, dict[str, Any]]:
    """One call. An activity that raises is one to try again: what can never work is answered as a value."""
    try:
        outcome: dict[str, Any] = yield context.call_activity(activity, job)
    except Exception as error:
        return {"status": "retry", "error": "unexpected", "message": first_line(error)}
    return outcome


def first_line(error: Exception) -> str:
    """What Durable says of a failure, without the traceback that follows, in 500 characters at most."""
    return str(error).split("\n", 1)[0].strip()[:500]


def cap_of(job: dict[str, Any]) -> int:
    """The longest wait of a run's activities; runs that were started before there was one have the usual."""
    return int(job.get("cap", THROTTLE_CAP))
