"""One connection: its handshake, its sessions by their channels, its last words."""

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from localhost.service_bus import links, sasl
from localhost.service_bus.broker import Broker
from localhost.service_bus.errors import FRAMING_ERROR, INVALID_FIELD, NOT_ALLOWED, ProtocolError
from localhost.service_bus.frames import AMQP, AMQP_HEADER, EMPTY_FRAME, MAX_FRAME, SASL, SASL_HEADER, frame
from localhost.service_bus.performatives import Begin, Close, End, Open, Performative
from localhost.service_bus.session import Session
from localhost.service_bus.wire import Wire

if TYPE_CHECKING:
    from localhost.service_bus.turns import Turns

MAX_CHANNEL = 63
_SMALLEST_FRAME = 512


class Stage(Enum):
    """How far a connection has come."""

    HEADER = auto()
    SASL = auto()
    OPENING = auto()
    OPEN = auto()


class Connection(Wire):
    """What frames of a connection mean, up to its sessions."""

    def __init__(self, broker: Broker, turns: "Turns") -> None:
        super().__init__(broker.store, turns)
        self.broker = broker
        self.peer_max_frame = _SMALLEST_FRAME
        self._stage = Stage.HEADER
        self._sessions: dict[int, Session] = {}
        self._held = 0
        self._greeted = self._opened = False

    # What sessions call

    def send(self, channel: int, performative: Performative, payload: bytes = b"") -> None:
        """Send a frame."""
        self.put(frame(channel, performative, payload))

    def can_send(self) -> bool:
        """Whether the peer takes messages."""
        return self._stage is Stage.OPEN and self.has_room()

    def hold(self, size: int) -> None:
        """Count bytes of unfinished messages, which are limited."""
        self._held += size
        links.check_held(self._held)

    # What the wire calls

    def step(self) -> bool:
        """Deal with one header or frame; False if none is there as a whole."""
        if self._stage is Stage.HEADER:
            header = self.reader.header()
            if header is not None:
                self._on_header(header)
            return header is not None
        found = self.reader.frame()
        if found is None:
            return False
        if found.kind != (SASL if self._stage is Stage.SASL else AMQP):
            raise ProtocolError(FRAMING_ERROR, "A frame is of the wrong type.")
        if self._stage is Stage.SASL:
            self.put(sasl.outcome(found.body))
            self._stage = Stage.HEADER
        elif found.body:
            self._on_performative(found.channel, *found.performative())
        return True

    def say_goodbye(self, error: ProtocolError | None) -> None:
        """Close, after the header and the opening that must come before."""
        self._greet()
        if not self._opened:
            self._open_ourselves()
        self.send(0, Close(error.described() if error else None))

    def wake(self) -> None:
        """Let the queues know that there is room."""
        for session in self._sessions.values():
            session.wake()

    def let_go(self) -> None:
        """End the sessions. What the peer had locked stays so until the time is over."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    # Inside

    def _on_header(self, header: bytes) -> None:
        if header == SASL_HEADER and not self._greeted:
            self.put(SASL_HEADER + sasl.offer())
            self._stage = Stage.SASL
        elif header == AMQP_HEADER:
            self._greet()
            self._stage = Stage.OPENING
        else:
            raise ProtocolError(FRAMING_ERROR, "This is an AMQP 1.0 broker, and that was no header of AMQP 1.0.")

    def _on_performative(self, channel: int, performative: Performative, payload: bytes) -> None:
        if isinstance(performative, Open):
            self._on_open(performative)
        elif self._stage is not Stage.OPEN:
            raise ProtocolError(NOT_ALLOWED, "The first performative must be Open.")
        elif isinstance(performative, Close):
            self.peer_has_ended = True
            self.end()
        elif isinstance(performative, Begin):
            self._on_begin(channel, performative)
        elif channel not in self._sessions:
            raise ProtocolError(NOT_ALLOWED, f"There is no session on channel {channel}.")
        elif isinstance(performative, End):
            self._sessions.pop(channel).close()
            self.send(channel, End())
        else:
            name = f"on_{type(performative).__name__.lower()}"
            handler: Callable[[Performative, bytes], None] = getattr(self._sessions[channel], name)
            handler(performative, payload)

    def _on_open(self, peer: Open) -> None:
        if self._opened:
            raise ProtocolError(NOT_ALLOWED, "The connection is open already.")
        if peer.max_frame_size is not None and peer.max_frame_size < _SMALLEST_FRAME:
            raise ProtocolError(INVALID_FIELD, f"A max-frame-size below {_SMALLEST_FRAME} is not allowed.")
        self.peer_max_frame = min(peer.max_frame_size or MAX_FRAME, MAX_FRAME)
        self._open_ourselves()
        self._stage = Stage.OPEN
        self.cancel_timer()
        if peer.idle_time_out:
            self._keep_alive(max(0.05, peer.idle_time_out / 2000))

    def _on_begin(self, channel: int, begin: Begin) -> None:
        if channel in self._sessions or channel > MAX_CHANNEL:
            raise ProtocolError(NOT_ALLOWED, f"The channel {channel} is in use or above {MAX_CHANNEL}.")
        self._sessions[channel] = Session(self, channel, begin)

    def _greet(self) -> None:
        if not self._greeted:
            self._greeted = True
            self.put(AMQP_HEADER)

    def _open_ourselves(self) -> None:
        self._opened = True
        self.send(0, Open("theogen", None, MAX_FRAME, MAX_CHANNEL))

    def _keep_alive(self, pause: float) -> None:
        """Send signs of life at half the time after which the peer would give us up."""
        self.put(EMPTY_FRAME)
        self.after(pause, lambda: self._keep_alive(pause))
