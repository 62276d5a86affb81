"""What the graph driver's errors mean to us."""

from __future__ import annotations

from neo4j.exceptions import AuthError, ClientError, ConstraintError, DriverError, Neo4jError

from shared.domain.errors import Conflict, Permanent, TheoGenError, TimedOut, Unavailable

DriverFault = (Neo4jError, DriverError, TimeoutError, OSError)


def worth_repeating(error: BaseException) -> bool:
    """Whether the same query may well work a moment later: deadlocks, dropped connections, lost races."""
    if isinstance(error, ConstraintError):  # ArcadeDB's word for a MERGE that lost a race
        return True
    return isinstance(error, (Neo4jError, DriverError)) and error.is_retryable()


def our_error(error: BaseException) -> TheoGenError:
    """The driver's error as one of ours."""
    code = getattr(error, "code", None) or type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in code or "TimedOut" in code:
        return TimedOut("The graph did not answer in time.")
    if isinstance(error, ConstraintError):
        return Conflict("The graph already holds this id elsewhere, or somebody else is writing it.")
    if isinstance(error, AuthError):  # a password that is being rotated comes right by itself
        return Unavailable("The graph does not let the app in.")
    if isinstance(error, ClientError):
        return Permanent(f"The graph refused the query ({code}).")
    return Unavailable(f"The graph could not be reached, or cannot do this now ({code}).")
