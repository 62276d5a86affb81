"""A peer that writes its own frames, well-formed or not."""

import contextlib
import socket
import struct
import uuid
from typing import Any, Self

from localhost.service_bus.decode import read
from localhost.service_bus.encode import encode
from localhost.service_bus.frames import AMQP_HEADER, frame
from localhost.service_bus.performatives import Attach, Begin, Open, Performative, Transfer, parse
from localhost.service_bus.types import Described

Frame = tuple[int, Any, bytes]  # channel, performative, payload


class Peer:
    """A plain connection to a broker."""

    def __init__(self, port: int, patience: float = 10) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.settimeout(patience)
        self._bytes = b""

    def send(self, data: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the broker has had enough
            self._socket.sendall(data)

    def say(self, channel: int, *performatives: Performative) -> None:
        self.send(b"".join(frame(channel, performative) for performative in performatives))

    def open(self, **terms: Any) -> Self:
        """A connection with one session on channel 0."""
        self.send(AMQP_HEADER)
        self.say(0, Open("peer", **terms), Begin(None, 0, 5000, 5000))
        assert self._take(8) == AMQP_HEADER
        assert [type(self.next()[1]).__name__ for _ in range(2)] == ["Open", "Begin"]
        return self

    def attach(self, address: str, *, receives: bool, handle: int = 0, **terms: Any) -> Any:
        """A link; the broker's answer."""
        source = Described(0x28, [address if receives else None])
        target = Described(0x29, [None if receives else address])
        name = f"link-{uuid.uuid4()}"
        self.say(0, Attach(name, handle, receives, None, None, source, target, initial_delivery_count=0, **terms))
        return self.next()[1]

    def next(self) -> Frame:
        """The next frame that says something; EOFError at the end."""
        while True:
            size, offset, _, channel = struct.unpack(">IBBH", self._take(8))
            body = self._take(size - 8)[offset * 4 - 8 :]
            if body:
                value, at = read(body, 0, len(body))
                return channel, parse(value), body[at:]

    def until(self, name: str) -> Any:
        """Go on to a performative of this name."""
        while True:
            _, performative, _ = self.next()
            if type(performative).__name__ == name:
                return performative

    def end(self) -> Any:
        """The broker's reason to close; None if it only hangs up."""
        try:
            return self.until("Close").error
        except (EOFError, ConnectionResetError):
            return None

    def close(self) -> None:
        self._socket.close()

    def _take(self, size: int) -> bytes:
        while len(self._bytes) < size:
            data = self._socket.recv(65536)
            if not data:
                raise EOFError
            self._bytes += data
        taken, self._bytes = self._bytes[:size], self._bytes[size:]
        return taken


def message(body: bytes = b"body", **properties: Any) -> bytes:
    """The smallest message."""
    return encode(Described(0x75, body))


def transfer(handle: int, number: int, payload: bytes, **terms: Any) -> bytes:
    """A message in one frame."""
    return frame(0, Transfer(handle, number, number.to_bytes(4, "big"), 0, **terms), payload)
