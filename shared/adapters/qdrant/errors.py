"""What Qdrant's errors mean to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from shared.domain.errors import InvalidRequest, NotFound, TheoGenError, Throttled, TimedOut, Unavailable


@contextmanager
def our_errors(collection: str) -> Iterator[None]:
    """Raise the client's errors as ours; the collection's name begins the sentence."""
    try:
        yield
    except (ApiException, QdrantException) as error:
        raise _ours(collection, error) from error
    except TimeoutError as error:
        raise TimedOut(f"{collection}: the vector index did not answer in time.") from error
    except ValueError as error:  # the client in memory has no statuses, only sentences
        missing = "not found" in str(error)
        raise (NotFound if missing else InvalidRequest)(f"{collection}: {error}") from error


def _ours(collection: str, error: Exception) -> TheoGenError:
    if isinstance(error, ResourceExhaustedResponse):
        return Throttled(f"{collection}: the vector index is busy.", after=error.retry_after_s)
    if isinstance(error, UnexpectedResponse) and error.status_code:
        return _by_status(collection, error, error.status_code)
    if isinstance(error, ResponseHandlingException) and "Timeout" in type(error.source).__name__:
        return TimedOut(f"{collection}: the vector index did not answer in time.")
    return Unavailable(f"{collection}: the vector index could not be reached.")


def _by_status(collection: str, error: UnexpectedResponse, status: int) -> TheoGenError:
    if status == 404:
        return NotFound(f"{collection}: the vector index has no such collection.")
    if status == 429:
        return Throttled(f"{collection}: the vector index is busy.")
    if status in (408, 504):
        return TimedOut(f"{collection}: the vector index did not answer in time.")
    if status >= 500 or status in (401, 403):  # a key that is being rotated comes right by itself
        return Unavailable(f"{collection}: the vector index cannot do this now ({status}).")
    return InvalidRequest(f"{collection}: the vector index refused this ({error}).")
