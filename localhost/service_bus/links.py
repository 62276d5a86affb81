"""The two kinds of link: one brings messages or requests in, the other takes messages or replies out."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from localhost.service_bus import outcomes
from localhost.service_bus.errors import LIMIT_EXCEEDED, NOT_IMPLEMENTED, TOO_LARGE, ProtocolError, Refusal
from localhost.service_bus.message import Message, delivered
from localhost.service_bus.performatives import Attach, Disposition, Flow, Transfer
from localhost.service_bus.queue import Queue
from localhost.service_bus.types import Described

if TYPE_CHECKING:
    from localhost.service_bus.session import Session

MAX_MESSAGE = 256 * 1024  # as Azure's Standard tier has it
CREDIT = 200
_TRANSACTION = 0x34
_SERIAL = 1 << 32


def ahead(target: int, place: int) -> int:
    """How far a 32-bit serial number lies ahead of another; 0 if it lies behind."""
    distance = (target - place) % _SERIAL
    return distance if distance < _SERIAL // 2 else 0


class Incoming:
    """Collects the parts of each message and hands it to its sink, which may refuse it."""

    def __init__(self, session: "Session", attach: Attach, sink: Callable[[bytes, int | None], None]) -> None:
        self.handle = attach.handle
        self._session = session
        self._sink = sink
        self._delivery_count = attach.initial_delivery_count or 0
        self._credit = 0
        self._first: Transfer | None = None
        self._parts: list[bytes] = []
        self._size = 0

    def grant(self) -> None:
        """Let the peer send more, once it has used up half of what it may."""
        if self._credit <= CREDIT // 2:
            self._credit = CREDIT
            self._session.send_flow(self)

    def flow_state(self) -> tuple[int, int]:
        """Delivery count and credit."""
        return self._delivery_count, self._credit

    def on_flow(self, flow: Flow) -> None:
        """The peer says how far it is; its credit is ours to give."""

    def receive(self, transfer: Transfer, payload: bytes) -> None:
        """Take a part; a message that is whole is handed on and its fate told."""
        first = self._first = self._first or transfer
        self._collect(payload)
        if transfer.more and not transfer.aborted:
            return
        raw, size = b"".join(self._parts), self._size
        self._drop()
        self._delivery_count = (self._delivery_count + 1) % _SERIAL
        self._credit -= 1
        if not transfer.aborted:
            state = self._handle(first, raw, size)
            if not (first.settled or transfer.settled) and first.delivery_id is not None:
                self._session.send(Disposition(True, first.delivery_id, first.delivery_id, True, state))
        self.grant()

    def close(self) -> None:
        """No more will come."""
        self._drop()

    def _handle(self, first: Transfer, raw: bytes, size: int) -> Described:
        try:
            if size > MAX_MESSAGE:
                raise Refusal(TOO_LARGE, f"The message has {size} bytes, and {MAX_MESSAGE} is the most.")
            if isinstance(first.state, Described) and first.state.descriptor == _TRANSACTION:
                raise Refusal(NOT_IMPLEMENTED, "The local Service Bus does not support transactions.")
            self._sink(raw, first.message_format)
        except Refusal as refusal:
            return outcomes.rejected(refusal)
        return outcomes.accepted()

    def _collect(self, payload: bytes) -> None:
        self._size += len(payload)
        if self._size <= MAX_MESSAGE:  # of one that is too large nothing more is kept
            self._parts.append(payload)
            self._session.connection.hold(len(payload))

    def _drop(self) -> None:
        self._session.connection.hold(-sum(map(len, self._parts)))
        self._parts, self._size, self._first = [], 0, None


class Outgoing:
    """Sends what a queue hands out, or replies: those beyond their credit too, which the SDK never renews."""

    def __init__(self, session: "Session", attach: Attach, address: str, queue: Queue | None) -> None:
        self.handle = attach.handle
        self.address = address
        self.target = attach.target.field(0) if attach.target else None
        self.deletes = attach.snd_settle_mode == 1
        self._session = session
        self._queue = queue  # None: for replies
        self._delivery_count = 0
        self._credit = 0

    def flow_state(self) -> tuple[int, int]:
        """Delivery count and credit."""
        return self._delivery_count, self._credit

    def on_flow(self, flow: Flow) -> None:
        """The peer can take so many."""
        if flow.link_credit is None:
            return
        self._credit = ahead((flow.delivery_count or 0) + flow.link_credit, self._delivery_count)
        if self._queue is None:
            return
        self._session.broker.touch(self._queue)
        if flow.drain:
            self._queue.dispatch()
            self._delivery_count = (self._delivery_count + self._credit) % _SERIAL
            self._credit = 0
            self._session.send_flow(self)

    def wake(self) -> None:
        """The connection can take more again."""
        if self._queue is not None:
            self._session.broker.touch(self._queue)

    def is_ready(self) -> bool:
        """Whether peer, session and connection can take one more message."""
        return self._credit > 0 and self._session.can_send()

    def take(self, message: Message, raw: bytes) -> None:
        """Send a message. Its tag is the lock token in the byte order of .NET."""
        tag = (message.token or uuid.uuid4()).bytes_le
        delivery_id = self._send(tag, delivered(message, raw), settled=self.deletes)
        if message.token is not None and self._queue is not None:
            self._session.expect_settlement(delivery_id, self._queue, message.token)

    def reply(self, payload: bytes) -> None:
        """Send a reply."""
        self._send(self._delivery_count.to_bytes(4, "big"), payload, settled=True)

    def close(self) -> None:
        """The peer takes no more. What it holds stays locked until it settles or the time is over."""
        if self._queue is not None:
            self._queue.leave(self)

    def _send(self, tag: bytes, payload: bytes, *, settled: bool) -> int:
        self._delivery_count = (self._delivery_count + 1) % _SERIAL
        self._credit = max(0, self._credit - 1)
        return self._session.transfer(self.handle, tag, payload, settled=settled)


def check_held(held: int) -> None:
    """Refuse to hold more parts of unfinished messages than this on one connection."""
    if held > 16 * MAX_MESSAGE:
        raise ProtocolError(LIMIT_EXCEEDED, "Too many messages are sent in parts at the same time.")
