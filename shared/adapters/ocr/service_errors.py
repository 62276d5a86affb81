"""What the errors of Document Intelligence mean to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.domain.errors import Damaged, TheoGenError, Throttled, TimedOut, Unavailable

LONGEST_BELIEVED = 600.0  # seconds: no rate limit lasts longer, whatever a header says
_REFUSED = frozenset({400, 413, 415, 422})
_ACCESS = frozenset({401, 403, 404})


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the SDK's errors into ours."""
    from azure.core.exceptions import (
        AzureError,
        DecodeError,
        HttpResponseError,
        ServiceRequestTimeoutError,
        ServiceResponseTimeoutError,
    )

    try:
        yield
    except TheoGenError:
        raise
    except (ServiceRequestTimeoutError, ServiceResponseTimeoutError) as error:
        raise TimedOut("Document Intelligence did not answer in time.") from error
    except DecodeError as error:
        raise Unavailable("Document Intelligence gave an answer that cannot be understood.") from error
    except HttpResponseError as error:
        raise _by_status(error.status_code or 0, error) from error
    except AzureError as error:
        raise Unavailable("Document Intelligence cannot be reached.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # the SDK on a body of another shape
        raise Unavailable("Document Intelligence gave an answer that cannot be understood.") from error


def _by_status(status: int, error: Exception) -> TheoGenError:
    if status == 429:
        return Throttled("Document Intelligence is busy.", after=_wait(error))
    if status in _ACCESS:
        # No fault of the document: it must not be refused for it, and a new role takes minutes to be known.
        return Unavailable(f"Document Intelligence refused access ({status}): check its endpoint, and its key or role.")
    if status in _REFUSED or _ended_as_failed(error):
        return Damaged("Document Intelligence could not read this picture.")
    if status in (408, 504):
        return TimedOut("Document Intelligence did not answer in time.")
    return Unavailable(f"Document Intelligence answered {status}.")


def _ended_as_failed(error: Exception) -> bool:
    """Whether the service worked on the picture and gave up, rather than gave no proper answer."""
    try:
        return bool(getattr(error, "response", None).json()["status"] == "failed")  # type: ignore[union-attr]
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _wait(error: Exception) -> float | None:
    """Seconds by the header, where it says something sane."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        wait = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return wait if 0 < wait <= LONGEST_BELIEVED else None
