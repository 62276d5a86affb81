"""What a receiver decides about a delivery, applied to its queue."""

import uuid
from typing import Any

from localhost.service_bus.errors import NOT_IMPLEMENTED, ConditionError, Refusal
from localhost.service_bus.message import DESCRIPTION, REASON
from localhost.service_bus.queue import Queue
from localhost.service_bus.types import Described

RECEIVED, ACCEPTED, REJECTED, RELEASED, MODIFIED = 0x23, 0x24, 0x25, 0x26, 0x27
_UNDELIVERABLE_HERE, _INFO = 1, 2


def accepted() -> Described:
    """It worked."""
    return Described(ACCEPTED, [])


def rejected(refusal: ConditionError) -> Described:
    """It did not work, and why."""
    return Described(REJECTED, [refusal.described()])


def is_final(state: Described | None) -> bool:
    """Whether a state decides anything."""
    return state is not None and state.descriptor != RECEIVED


def apply(queue: Queue, token: uuid.UUID, state: Described) -> Described:
    """Settle a locked message; the state to answer with, which SDK 7.15 compares with its own."""
    try:
        return _apply(queue, token, state)
    except Refusal as refusal:
        return rejected(refusal)


def _apply(queue: Queue, token: uuid.UUID, state: Described) -> Described:
    if state.descriptor == ACCEPTED:
        queue.complete(token)
        return accepted()
    if state.descriptor == RELEASED:
        queue.abandon(token, counted=False)
        return Described(RELEASED, [])
    if state.descriptor == MODIFIED:
        # The SDK does not say that the delivery failed, and yet it counts.
        elsewhere = state.field(_UNDELIVERABLE_HERE) is True
        (queue.defer if elsewhere else queue.abandon)(token)
        return Described(MODIFIED, [True, elsewhere, None])
    if state.descriptor == REJECTED:
        queue.dead_letter(token, *_reason(state.field(0)))
        return Described(REJECTED, [None])  # with an error it would mean that the settlement failed
    raise Refusal(NOT_IMPLEMENTED, "The local Service Bus does not support transactions.")


def _reason(error: Any) -> tuple[str | None, str | None]:
    info = error.field(_INFO) if isinstance(error, Described) else None
    texts = [info.get(key) if isinstance(info, dict) else None for key in (REASON, DESCRIPTION)]
    reason, description = (text if isinstance(text, str) else None for text in texts)
    return reason, description
