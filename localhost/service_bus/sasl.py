"""The handshake before the handshake: whoever reaches the loopback of this machine is let in."""

from localhost.service_bus.decode import decode
from localhost.service_bus.encode import encode
from localhost.service_bus.errors import DECODE_ERROR, CodecError, ProtocolError
from localhost.service_bus.frames import SASL, raw_frame
from localhost.service_bus.types import Array, Described, Symbol, UByte

_MECHANISMS = [Symbol(name) for name in ("MSSBCBS", "ANONYMOUS", "PLAIN", "EXTERNAL")]
_OFFER, _INIT, _OUTCOME = 0x40, 0x41, 0x44
_OK = UByte(0)


def offer() -> bytes:
    """The frame that names the mechanisms."""
    return raw_frame(SASL, 0, encode(Described(_OFFER, [Array(Symbol, _MECHANISMS)])))


def outcome(body: bytes) -> bytes:
    """The frame that lets the peer in, whichever mechanism it chose."""
    try:
        chosen = decode(body)
    except CodecError as error:
        raise ProtocolError(DECODE_ERROR, f"A SASL frame cannot be decoded: {error}.") from error
    if not isinstance(chosen, Described) or chosen.descriptor != _INIT:
        raise ProtocolError(DECODE_ERROR, "The first SASL frame must choose a mechanism.")
    return raw_frame(SASL, 0, encode(Described(_OUTCOME, [_OK, None])))
