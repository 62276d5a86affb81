"""One connection: handshake, sessions by their channels, back-pressure, and an end that says why."""

import asyncio
import logging
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, cast

from localhost.service_bus import links, sasl
from localhost.service_bus.broker import Broker
from localhost.service_bus.errors import (
    FRAMING_ERROR,
    INTERNAL_ERROR,
    INVALID_FIELD,
    NOT_ALLOWED,
    ProtocolError,
)
from localhost.service_bus.frames import (
    AMQP,
    AMQP_HEADER,
    EMPTY_FRAME,
    MAX_FRAME,
    SASL,
    SASL_HEADER,
    FrameReader,
    frame,
)
from localhost.service_bus.performatives import Begin, Close, End, Open, Performative
from localhost.service_bus.session import Session

if TYPE_CHECKING:
    from localhost.service_bus.turns import Turns

log = logging.getLogger("localhost.service_bus")

MAX_CHANNEL = 63
MOST_WAITING = 1024 * 1024  # bytes that wait to be sent, beyond which nothing more is read or handed out
MOST_UNCOMMITTED = 16 * 1024 * 1024
HANDSHAKE = 30.0  # seconds
LINGER = 2.0  # seconds for the peer to read why it was closed
_SMALLEST_FRAME = 512


class Stage(Enum):
    """How far a connection has come."""

    HEADER = auto()
    SASL = auto()
    OPENING = auto()
    OPEN = auto()
    CLOSING = auto()


class Connection(asyncio.Protocol):
    """Reads frames while what it wrote is being taken, and never more than that."""

    def __init__(self, broker: Broker, turns: "Turns") -> None:
        self.broker = broker
        self.peer_max_frame = _SMALLEST_FRAME
        self._turns = turns
        self._reader = FrameReader()
        self._stage = Stage.HEADER
        self._sessions: dict[int, Session] = {}
        self._output: list[bytes] = []
        self._waiting = 0
        self._held = 0
        self._writing_paused = False
        self._greeted = self._opened = self._stalled = self._peer_has_ended = False
        self._timer: asyncio.TimerHandle | None = None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._turns.arrived(self)
        self._after(HANDSHAKE, self._transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        """The peer has gone. What it had locked stays so until the time is over."""
        self._turns.gone(self)
        if self._timer:
            self._timer.cancel()
        self._stage = Stage.CLOSING
        self._end_sessions()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        if self._stage is not Stage.CLOSING:
            self._reader.feed(data)
            self.proceed()

    def eof_received(self) -> bool:
        """The peer says no more; it is told goodbye, or what was missing."""
        self._peer_has_ended = True
        self._turns.wanted(self)
        missing = ProtocolError(FRAMING_ERROR, "The stream ended in the middle of a frame.")
        self.end(missing if self._reader.has_rest else None)
        return True

    def pause_writing(self) -> None:
        """The peer does not read what it is sent."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """It does again."""
        self._writing_paused = False
        self._wake()

    # What sessions and turns call

    def send(self, channel: int, performative: Performative, payload: bytes = b"") -> None:
        """Send a frame, after whatever it acknowledges is committed."""
        self._write(frame(channel, performative, payload))

    def can_send(self) -> bool:
        """Whether the peer takes what it is sent."""
        return self._waiting < MOST_WAITING and not self._writing_paused and self._stage is Stage.OPEN

    def hold(self, size: int) -> None:
        """Count bytes of unfinished messages, which are limited."""
        self._held += size
        links.check_held(self._held)

    def take_output(self) -> bytes:
        """What is to be written once all that was done so far is committed."""
        output, self._output, self._waiting = b"".join(self._output), [], 0
        return output

    def write(self, output: bytes) -> None:
        """Let bytes out."""
        if output and not self._transport.is_closing():
            self._transport.write(output)
        if self._stage is Stage.CLOSING and self._peer_has_ended and not self._waiting:
            self._transport.close()  # which lets out what was written
        elif len(output) >= MOST_WAITING and not self._writing_paused:
            self._wake()  # it was full, so queues may have passed it by

    def proceed(self) -> None:
        """Work through the frames that are there, as long as their answers find room."""
        try:
            while not self._is_congested() and self._stage is not Stage.CLOSING and self._step():
                pass
        except ProtocolError as error:
            self.end(error)
        except Exception:
            log.exception("a connection is closed because of an error in the broker")
            self.end(ProtocolError(INTERNAL_ERROR, "The broker failed; its log says where."))
        if self._is_congested():
            self._stalled = True
            self._transport.pause_reading()
        self._turns.wanted(self)  # a queue may have something for us, even if we have nothing to say

    def continue_if_stalled(self) -> None:
        """There may be room again."""
        if self._stalled and not self._is_congested():
            self._stalled = False
            self._transport.resume_reading()
            self.proceed()
        elif self._stalled and not self._writing_paused:
            self._turns.wanted(self)

    def end(self, error: ProtocolError | None = None) -> None:
        """Close, saying why; the peer has a moment to read it."""
        if self._stage is Stage.CLOSING:
            return
        self._greet()
        if not self._opened:
            self._open_ourselves()
        self.send(0, Close(error.described() if error else None))
        self._stage = Stage.CLOSING
        self._end_sessions()
        self._turns.wanted(self)
        self._after(LINGER, self._transport.close)

    # Inside

    def _step(self) -> bool:
        """Deal with one header or frame; False if none is there as a whole."""
        if self._stage is Stage.HEADER:
            header = self._reader.header()
            if header is not None:
                self._on_header(header)
            return header is not None
        found = self._reader.frame()
        if found is None:
            return False
        if found.kind != (SASL if self._stage is Stage.SASL else AMQP):
            raise ProtocolError(FRAMING_ERROR, "A frame is of the wrong type.")
        if self._stage is Stage.SASL:
            self._write(sasl.outcome(found.body))
            self._stage = Stage.HEADER
        elif found.body:
            self._on_performative(found.channel, *found.performative())
        return True

    def _on_header(self, header: bytes) -> None:
        if header == SASL_HEADER and not self._greeted:
            self._write(SASL_HEADER + sasl.offer())
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
            self._peer_has_ended = True
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
        if self._timer:
            self._timer.cancel()
        if peer.idle_time_out:
            self._keep_alive(max(0.05, peer.idle_time_out / 2000))

    def _on_begin(self, channel: int, begin: Begin) -> None:
        if channel in self._sessions or channel > MAX_CHANNEL:
            raise ProtocolError(NOT_ALLOWED, f"The channel {channel} is in use or above {MAX_CHANNEL}.")
        self._sessions[channel] = Session(self, channel, begin)

    def _greet(self) -> None:
        if not self._greeted:
            self._greeted = True
            self._write(AMQP_HEADER)

    def _open_ourselves(self) -> None:
        self._opened = True
        self.send(0, Open("theogen", None, MAX_FRAME, MAX_CHANNEL))

    def _keep_alive(self, pause: float) -> None:
        """Send signs of life at half the time after which the peer would give us up."""
        self._write(EMPTY_FRAME)
        self._after(pause, lambda: self._keep_alive(pause))

    def _write(self, data: bytes) -> None:
        self._output.append(data)
        self._waiting += len(data)
        self._turns.wanted(self)

    def _is_congested(self) -> bool:
        full = self._waiting >= MOST_WAITING or self.broker.store.backlog >= MOST_UNCOMMITTED
        return full or self._writing_paused

    def _wake(self) -> None:
        for session in self._sessions.values():
            session.wake()
        self._turns.wanted(self)

    def _end_sessions(self) -> None:
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, action)
