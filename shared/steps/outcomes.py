"""What an activity answers: a small plain value that says what to do next.

    {"status": "done", …}                                  go on
    {"status": "ended", "reason": …}                       nothing more to do (rejected, needs review, done before)
    {"status": "retry", "error": code, "after": seconds}   try again later; `after` only where a provider says so,
                                                           `progressed` where some of the work was done before
    {"status": "failed", "error": code, "message": …}      give up: trying again would change nothing

An exception that is none of ours passes through: Durable records it, and the orchestrator tries again.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from shared.domain.errors import Permanent, Throttled, Transient

Outcome = dict[str, Any]


async def outcome_of(work: Awaitable[Outcome]) -> Outcome:
    """The work's own outcome, or its error as one."""
    try:
        return {"status": "done", **await work}
    except Transient as error:
        return retry(error)
    except Permanent as error:
        return {"status": "failed", "error": error.code, "message": str(error)}


def retry(error: Transient) -> Outcome:
    """The outcome of an error that may pass."""
    wait = {"after": error.after} if isinstance(error, Throttled) else {}
    return {"status": "retry", "error": error.code, "message": str(error), **wait}
