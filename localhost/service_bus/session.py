"""A session: links by their handles, the window, and the deliveries that wait to be settled."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from localhost.service_bus import outcomes
from localhost.service_bus.attachment import make_link
from localhost.service_bus.broker import Broker
from localhost.service_bus.errors import NOT_ALLOWED, UNATTACHED_HANDLE, ProtocolError, Refusal, lock_lost
from localhost.service_bus.links import MAX_MESSAGE, Incoming, Outgoing, ahead
from localhost.service_bus.performatives import (
    Attach,
    Begin,
    Detach,
    Disposition,
    Flow,
    Performative,
    Transfer,
)
from localhost.service_bus.queue import Queue

if TYPE_CHECKING:
    from localhost.service_bus.connection import Connection

WINDOW = 1 << 20
MAX_HANDLE = 255
_SERIAL = 1 << 32
_FRAME_HEAD = 128  # bytes that a frame and its transfer need at most


class Session:
    """One session of a connection. Every frame goes to one of the `on_` methods."""

    def __init__(self, connection: "Connection", channel: int, begin: Begin) -> None:
        self.connection = connection
        self._channel = channel
        self._links: dict[int, Incoming | Outgoing] = {}
        self._unsettled: dict[int, tuple[Queue, uuid.UUID]] = {}
        self._next_incoming = begin.next_outgoing_id
        self._next_outgoing = 0
        self._next_delivery = 0
        self._window = begin.incoming_window
        self._room = connection.peer_max_frame - _FRAME_HEAD
        self._most_frames = -(-(MAX_MESSAGE + 8192) // self._room)
        self.send(Begin(channel, 0, WINDOW, WINDOW, MAX_HANDLE))

    @property
    def broker(self) -> Broker:
        """What is behind it all."""
        return self.connection.broker

    def send(self, performative: Performative, payload: bytes = b"") -> None:
        """Send a frame on this session's channel."""
        self.connection.send(self._channel, performative, payload)

    def can_send(self) -> bool:
        """Whether the largest message would pass through window and connection now."""
        return self._window >= self._most_frames and self.connection.can_send()

    def send_flow(self, link: Incoming | Outgoing | None = None) -> None:
        """Say where the session is, and the link."""
        flow = Flow(self._next_incoming, WINDOW, self._next_outgoing, WINDOW)
        if link is not None:
            count, credit = link.flow_state()
            flow = flow._replace(handle=link.handle, delivery_count=count, link_credit=credit, available=0)
        self.send(flow)

    def transfer(self, handle: int, tag: bytes, payload: bytes, *, settled: bool) -> int:
        """Send a message in as many frames as it needs; its delivery id."""
        delivery_id = self._next_delivery
        self._next_delivery = (delivery_id + 1) % _SERIAL
        for start in range(0, len(payload), self._room):
            more = start + self._room < len(payload)
            self.send(Transfer(handle, delivery_id, tag, 0, settled, more), payload[start : start + self._room])
            self._next_outgoing = (self._next_outgoing + 1) % _SERIAL
            self._window = max(0, self._window - 1)
        return delivery_id

    def reply(self, address: str, reply_to: str | None, payload: bytes) -> None:
        """Send a reply over the link of that address that the requester named, or the first."""
        links = [link for link in self._links.values() if isinstance(link, Outgoing) and link.address == address]
        named = [link for link in links if reply_to is not None and link.target == reply_to]
        for link in (named or links)[:1]:
            link.reply(payload)

    def expect_settlement(self, delivery_id: int, queue: Queue, token: uuid.UUID) -> None:
        """A locked message went out."""
        if len(self._unsettled) > 64 + 2 * queue.depth:  # locks that ended without a word from the receiver
            self._unsettled = {key: item for key, item in self._unsettled.items() if item[0].holds(item[1])}
        self._unsettled[delivery_id] = (queue, token)

    def wake(self) -> None:
        """The connection can take more again."""
        for link in self._links.values():
            if isinstance(link, Outgoing):
                link.wake()

    def close(self) -> None:
        """All links end."""
        for link in self._links.values():
            link.close()
        self._links.clear()

    def on_attach(self, attach: Attach, _: bytes) -> None:
        """A link: answered in kind, or refused as Azure does, by a null source and target and a detach."""
        if attach.handle in self._links or attach.handle > MAX_HANDLE:
            raise ProtocolError(NOT_ALLOWED, f"The handle {attach.handle} is in use or above {MAX_HANDLE}.")
        answer = attach._replace(
            is_receiver=not attach.is_receiver,
            unsettled=None,
            incomplete_unsettled=None,
            initial_delivery_count=0 if attach.is_receiver else None,
            max_message_size=MAX_MESSAGE,
            offered_capabilities=None,
            desired_capabilities=None,
            properties=None,
        )
        try:
            link = make_link(self, attach)
        except Refusal as refusal:
            self.send(answer._replace(source=None, target=None))
            self.send(Detach(attach.handle, True, refusal.described()))
            return
        self._links[attach.handle] = link
        self.send(answer)
        if isinstance(link, Incoming):
            link.grant()

    def on_flow(self, flow: Flow, _: bytes) -> None:
        """The peer's window, and a link's credit."""
        self._window = ahead((flow.next_incoming_id or 0) + flow.incoming_window, self._next_outgoing)
        link = None
        if flow.handle is not None:
            link = self._link(flow.handle)
            link.on_flow(flow)
        self.wake()
        if flow.echo:
            self.send_flow(link)

    def on_transfer(self, transfer: Transfer, payload: bytes) -> None:
        """A message, or a part of one."""
        self._next_incoming = (self._next_incoming + 1) % _SERIAL
        link = self._link(transfer.handle)
        if not isinstance(link, Incoming):
            raise ProtocolError(NOT_ALLOWED, "A message was sent over a link that only receives.")
        link.receive(transfer, payload)

    def on_disposition(self, disposition: Disposition, _: bytes) -> None:
        """The peer settles what it was sent; what it says about its own deliveries changes nothing."""
        state = disposition.state
        if not disposition.is_receiver or state is None or not outcomes.is_final(state):
            return
        for delivery_id in self._range(disposition):
            queue, token = self._unsettled.pop(delivery_id, (None, None))
            if queue is None or token is None:
                answer = outcomes.rejected(lock_lost())
            else:
                answer = outcomes.apply(queue, token, state)
            if not disposition.settled:
                self.send(Disposition(False, delivery_id, delivery_id, True, answer))

    def on_detach(self, detach: Detach, _: bytes) -> None:
        """A link ends."""
        if link := self._links.pop(detach.handle, None):
            link.close()
            self.send(Detach(detach.handle, detach.closed))

    def _link(self, handle: int) -> Incoming | Outgoing:
        if handle not in self._links:
            raise ProtocolError(UNATTACHED_HANDLE, f"There is no link with the handle {handle}.")
        return self._links[handle]

    def _range(self, disposition: Disposition) -> Iterable[int]:
        """The delivery ids it is about: a range is the peer's claim, so it is not walked for its own sake."""
        first, last = disposition.first, disposition.first if disposition.last is None else disposition.last
        if first == last:
            return [first]
        return [delivery_id for delivery_id in list(self._unsettled) if first <= delivery_id <= last]
