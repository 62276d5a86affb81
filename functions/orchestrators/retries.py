"""Trying an activity again, by class of error, with durable timers.

Durable's own retry options know neither error classes nor back-off.

    busy provider               as long as it says if that is sane, else 5, 10, 20 … s with jitter, 600 s at most;
                                uses up no attempt, for a day
    timed out, unavailable …    5, 10, 15 s, and then the stage's delays
    an activity that raised     the stage's delays (60, 300, 900 s)
    what can never work         not at all
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from typing import Any

import azure.durable_functions as df

from shared.domain.runs import THROTTLE_CAP
from shared.domain.waiting import PASSING, chance, short_waits, throttled_wait

THROTTLE_DEADLINE = timedelta(hours=24)
INSIST_FIRST = 5


def attempt(
    context: df.DurableOrchestrationContext,
    activity: str,
    job: dict[str, Any],
    delays: Sequence[int],
    cap: int = THROTTLE_CAP,
) -> Generator[Any, Any, dict[str, Any]]:
    """`outcome = yield from attempt(…)`: the activity's outcome, never `retry`; `failed` says after how many `tries`.

    `delays` are the seconds before each further attempt after a failure that may pass, `cap` the longest wait for a
    busy provider. An activity that got on before it failed (`progressed`) begins to count anew.
    """
    begun: datetime = context.current_utc_datetime
    short = short_waits(delays[0]) if delays else []
    tries = tried = hurried = throttled = 0
    job = {**trace_of(context), **job}
    while True:
        outcome = yield from _once(context, activity, job)
        tries += 1
        if outcome["status"] == "failed":
            return {**outcome, "tries": tries}
        if outcome["status"] != "retry":
            return outcome
        if outcome.get("progressed"):
            tried = hurried = throttled = 0
        wait: float
        if outcome["error"] == "rate_limit" and context.current_utc_datetime - begun < THROTTLE_DEADLINE:
            luck = chance(context.instance_id, activity, tries)
            wait = throttled_wait(outcome.get("after"), throttled, cap, luck)
            throttled += 1
        elif outcome["error"] in PASSING and hurried < len(short):
            wait = short[hurried]
            hurried += 1
        elif tried < len(delays):
            wait = delays[tried]
            tried += 1
        else:
            return {**outcome, "status": "failed", "tries": tries}
        yield context.create_timer(context.current_utc_datetime + timedelta(seconds=wait))


def insist(
    context: df.DurableOrchestrationContext, activity: str, job: dict[str, Any]
) -> Generator[Any, Any, dict[str, Any]]:
    """The activity's outcome, tried again for a day whatever goes wrong: for what must not be lost on the way."""
    begun: datetime = context.current_utc_datetime
    wait = INSIST_FIRST
    while True:
        outcome = yield from _once(context, activity, job)
        if outcome["status"] == "done" or context.current_utc_datetime - begun > THROTTLE_DEADLINE:
            return outcome
        yield context.create_timer(context.current_utc_datetime + timedelta(seconds=wait))
        wait = min(THROTTLE_CAP, wait * 2)


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
