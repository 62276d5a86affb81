"""A socket with back-pressure: reads no more than it can answer, and leaves saying why."""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from localhost.service_bus.errors import FRAMING_ERROR, INTERNAL_ERROR, ProtocolError
from localhost.service_bus.frames import FrameReader
from localhost.service_bus.store import Store

if TYPE_CHECKING:
    from localhost.service_bus.turns import Turns

log = logging.getLogger("localhost.service_bus")

MOST_WAITING = 1024 * 1024  # bytes that wait to be sent, beyond which nothing more is read or handed out
MOST_UNCOMMITTED = 16 * 1024 * 1024
HANDSHAKE = 30.0  # seconds
LINGER = 2.0  # seconds for the peer to read why it was closed


class Wire(asyncio.Protocol):
    """What asyncio and turns call; what the bytes mean is for the class below it."""

    def __init__(self, store: Store, turns: "Turns") -> None:
        self.reader = FrameReader()
        self.is_closing = False
        self.peer_has_ended = False
        self._store = store
        self._turns = turns
        self._output: list[bytes] = []
        self._waiting = 0
        self._writing_paused = self._stalled = False
        self._timer: asyncio.TimerHandle | None = None

    @abstractmethod
    def step(self) -> bool:
        """Deal with one header or frame; False if none is there as a whole."""

    @abstractmethod
    def say_goodbye(self, error: ProtocolError | None) -> None:
        """Put the last words; nothing is read after them."""

    @abstractmethod
    def wake(self) -> None:
        """There is room for more to be sent."""

    @abstractmethod
    def let_go(self) -> None:
        """Give up what the peer had."""

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A peer is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._turns.arrived(self)
        self.after(HANDSHAKE, self._transport.abort)

    def connection_lost(self, error: Exception | None) -> None:
        """The peer has gone."""
        self._turns.gone(self)
        self.cancel_timer()
        self.is_closing = True
        self.let_go()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        if not self.is_closing:
            self.reader.feed(data)
            self.proceed()

    def eof_received(self) -> bool:
        """The peer says no more; it is told goodbye, or what was missing."""
        self.peer_has_ended = True
        self._turns.wanted(self)
        missing = ProtocolError(FRAMING_ERROR, "The stream ended in the middle of a frame.")
        self.end(missing if self.reader.has_rest else None)
        return True

    def pause_writing(self) -> None:
        """The peer does not read what it is sent."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """It does again."""
        self._writing_paused = False
        self.wake()
        self._turns.wanted(self)

    # What turns call

    def take_output(self) -> bytes:
        """What is to be written once all that was done so far is committed."""
        output, self._output, self._waiting = b"".join(self._output), [], 0
        return output

    def write(self, output: bytes) -> None:
        """Let bytes out."""
        if output and not self._transport.is_closing():
            self._transport.write(output)
        if self.is_closing and self.peer_has_ended and not self._waiting:
            self._transport.close()  # which lets out what was written
        elif len(output) >= MOST_WAITING and not self._writing_paused:
            self.wake()  # it was full, so queues may have passed it by
            self._turns.wanted(self)

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
        if self.is_closing:
            return
        self.say_goodbye(error)
        self.is_closing = True
        self.let_go()
        self.after(LINGER, self._transport.close)

    # What the class below calls

    def put(self, data: bytes) -> None:
        """Send bytes, after whatever they acknowledge is committed."""
        self._output.append(data)
        self._waiting += len(data)
        self._turns.wanted(self)

    def has_room(self) -> bool:
        """Whether the peer takes what it is sent."""
        return self._waiting < MOST_WAITING and not self._writing_paused and not self.is_closing

    def proceed(self) -> None:
        """Work through the frames that are there, as long as their answers find room."""
        try:
            while not self._is_congested() and not self.is_closing and self.step():
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

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something later instead of what was planned before."""
        self.cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, action)

    def cancel_timer(self) -> None:
        """Do nothing later."""
        if self._timer:
            self._timer.cancel()

    def _is_congested(self) -> bool:
        full = self._waiting >= MOST_WAITING or self._store.backlog >= MOST_UNCOMMITTED
        return full or self._writing_paused
