"""What the storage service's errors mean to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)

from shared.domain.errors import InvalidRequest, NotFound, TheoGenError, Throttled, TimedOut, Unavailable

_BUSY = {429, 503}
_TIMED_OUT = {408, 504}


@contextmanager
def our_errors(what: str) -> Iterator[None]:
    """Raise the storage client's errors as ours; `what` (container and path) begins the sentence."""
    try:
        yield
    except AzureError as error:
        raise _ours(what, error) from error
    except TimeoutError as error:
        raise TimedOut(f"{what}: the blob storage did not answer in time.") from error


def _ours(what: str, error: AzureError) -> TheoGenError:
    if isinstance(error, ResourceNotFoundError):
        return NotFound(f"{what} is not in the blob storage.")
    if isinstance(error, (ServiceRequestTimeoutError, ServiceResponseTimeoutError)):
        return TimedOut(f"{what}: the blob storage did not answer in time.")
    if isinstance(error, ClientAuthenticationError):
        # A new role assignment takes minutes to be known everywhere: waiting may well help.
        return Unavailable(f"{what}: the blob storage does not let the app in ({_code(error)}).")
    if isinstance(error, HttpResponseError) and error.status_code:
        return _by_status(what, error, error.status_code)
    return Unavailable(f"{what}: the blob storage could not be reached.")


def _by_status(what: str, error: HttpResponseError, status: int) -> TheoGenError:
    if status in _TIMED_OUT or _code(error) == "OperationTimedOut":
        return TimedOut(f"{what}: the blob storage did not answer in time.")
    if status in _BUSY:
        return Throttled(f"{what}: the blob storage is busy.", after=_retry_after(error))
    if status >= 500 or status == 409:  # 409: the container is being deleted, or somebody else writes right now
        return Unavailable(f"{what}: the blob storage cannot do this now ({_code(error)}).")
    return InvalidRequest(f"{what}: the blob storage refused this ({_code(error)}).")


def _code(error: HttpResponseError) -> str:
    return str(getattr(error, "error_code", None) or error.status_code or "no code")


def _retry_after(error: HttpResponseError) -> float | None:
    headers = getattr(error.response, "headers", None) or {}
    try:
        return float(headers.get("Retry-After", ""))
    except ValueError:
        return None
