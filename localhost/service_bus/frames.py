"""The byte stream cut into headers and frames, and frames written."""

import struct
from typing import NamedTuple

from localhost.service_bus.decode import read
from localhost.service_bus.errors import DECODE_ERROR, FRAMING_ERROR, CodecError, ProtocolError
from localhost.service_bus.performatives import Performative, parse, write

SASL_HEADER = b"AMQP\x03\x01\x00\x00"
AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
HEADER_SIZE = 8
MAX_FRAME = 65536
AMQP, SASL = 0, 1

_HEAD = struct.Struct(">IBBH")
EMPTY_FRAME = _HEAD.pack(HEADER_SIZE, 2, AMQP, 0)


class Frame(NamedTuple):
    """A frame's body, not yet decoded; empty for a sign of life."""

    kind: int
    channel: int
    body: bytes

    def performative(self) -> tuple[Performative, bytes]:
        """What the body says and the payload behind it."""
        try:
            value, at = read(self.body, 0, len(self.body))
        except CodecError as error:
            raise ProtocolError(DECODE_ERROR, f"A frame cannot be decoded: {error}.") from error
        return parse(value), self.body[at:]


class FrameReader:
    """Collects what arrives until it makes a header or a frame."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        """Take what has arrived."""
        self._bytes += data

    @property
    def has_rest(self) -> bool:
        """Whether something came that was not taken."""
        return bool(self._bytes)

    def header(self) -> bytes | None:
        """The next eight bytes, if they are there."""
        return self._take(HEADER_SIZE) if len(self._bytes) >= HEADER_SIZE else None

    def frame(self) -> Frame | None:
        """The next frame, if it is there as a whole."""
        if len(self._bytes) < HEADER_SIZE:
            return None
        size, offset, kind, channel = _HEAD.unpack_from(self._bytes)
        if not HEADER_SIZE <= size <= MAX_FRAME:
            raise ProtocolError(FRAMING_ERROR, f"A frame of {size} bytes is outside of {HEADER_SIZE} to {MAX_FRAME}.")
        if offset < 2 or offset * 4 > size or kind not in (AMQP, SASL):
            raise ProtocolError(FRAMING_ERROR, "A frame's head is malformed.")
        if len(self._bytes) < size:
            return None
        return Frame(kind, channel, self._take(size)[offset * 4 :])

    def _take(self, size: int) -> bytes:
        taken = bytes(self._bytes[:size])
        del self._bytes[:size]
        return taken


def frame(channel: int, performative: Performative, payload: bytes = b"") -> bytes:
    """A whole frame."""
    return raw_frame(AMQP, channel, write(performative) + payload)


def raw_frame(kind: int, channel: int, body: bytes) -> bytes:
    """A frame around bytes."""
    return _HEAD.pack(HEADER_SIZE + len(body), 2, kind, channel) + body
