"""Who is behind a link that a peer wants to attach, and what is refused."""

from typing import TYPE_CHECKING, Any

from localhost.service_bus import management
from localhost.service_bus.errors import INVALID_FIELD, NOT_ALLOWED, NOT_IMPLEMENTED, Refusal
from localhost.service_bus.links import Incoming, Outgoing
from localhost.service_bus.message import split_batch
from localhost.service_bus.performatives import Attach
from localhost.service_bus.queue import Queue
from localhost.service_bus.types import Described

if TYPE_CHECKING:
    from localhost.service_bus.session import Session

BATCH = 0x80013700  # the message format of a batch
TOKENS = "$cbs"
_SOURCE, _TARGET = 0x28, 0x29
_FILTER = 7
_COORDINATOR = 0x30


def make_link(session: "Session", attach: Attach) -> Incoming | Outgoing:
    """The link that a peer asks for; Refusal says why there is none."""
    if attach.target is not None and attach.target.descriptor == _COORDINATOR:
        raise Refusal(NOT_IMPLEMENTED, "The local Service Bus does not support transactions.")
    address = _address(attach)
    if address == TOKENS:
        return _reply_or_request(session, attach, address, None)
    queue, managed = session.broker.find(address)
    if managed:
        return _reply_or_request(session, attach, address, queue)
    if not attach.is_receiver:
        return Incoming(session, attach, lambda raw, form: _send(queue, raw, form))
    _refuse_sessions(attach)
    consumer = Outgoing(session, attach, address, queue)
    queue.join(consumer)
    return consumer


def _reply_or_request(session: "Session", attach: Attach, address: str, queue: Queue | None) -> Incoming | Outgoing:
    if attach.is_receiver:
        return Outgoing(session, attach, address, None)

    def answer(raw: bytes, _: int | None) -> None:
        request = management.read_request(raw)
        reply = management.answer(queue, request) if queue else management.token_reply(request)
        session.reply(address, request.reply_to, reply)

    return Incoming(session, attach, answer)


def _send(queue: Queue, raw: bytes, message_format: int | None) -> None:
    queue.send(split_batch(raw) if message_format == BATCH else [raw])


def _address(attach: Attach) -> str:
    end = attach.source if attach.is_receiver else attach.target
    if end is None or end.descriptor != (_SOURCE if attach.is_receiver else _TARGET):
        raise Refusal(INVALID_FIELD, "The link has no source or target.")
    address: Any = end.field(0)
    if not isinstance(address, str):
        raise Refusal(INVALID_FIELD, "The link has no address.")
    return address


def _refuse_sessions(attach: Attach) -> None:
    filters = attach.source.field(_FILTER) if attach.source else None
    for key, value in filters.items() if isinstance(filters, dict) else ():
        described = value.descriptor if isinstance(value, Described) else None
        if "com.microsoft:session-filter" in (key, described):
            raise Refusal(NOT_ALLOWED, "The local Service Bus does not support sessions: receive without session_id.")
