"""What the Service Bus's errors mean to us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from azure.core.exceptions import AzureError
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    OperationTimeoutError,
    ServiceBusError,
    ServiceBusQuotaExceededError,
    ServiceBusServerBusyError,
)

from shared.domain.errors import InvalidRequest, TheoGenError, Throttled, TimedOut, Unavailable


@contextmanager
def our_errors(queue: str) -> Iterator[None]:
    """Raise the client's errors as ours; the queue's name begins the sentence."""
    try:
        yield
    except (ServiceBusError, AzureError, OSError, TimeoutError, ValueError) as error:
        raise _ours(queue, error) from error


def _ours(queue: str, error: Exception) -> TheoGenError:
    if isinstance(error, MessageSizeExceededError):
        return InvalidRequest(f"{queue}: a message is larger than the Service Bus takes.")
    if isinstance(error, OperationTimeoutError | TimeoutError):
        return TimedOut(f"{queue}: the Service Bus did not answer in time.")
    if isinstance(error, ServiceBusServerBusyError | ServiceBusQuotaExceededError):
        return Throttled(f"{queue}: the Service Bus is busy or full.")
    # ValueError too: a client that has lost its connection says that its handler has been shut down.
    return Unavailable(f"{queue}: the Service Bus could not be reached ({type(error).__name__}).")
