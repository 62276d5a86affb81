"""Values into bytes."""

import struct
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from localhost.service_bus.types import (
    Array,
    Described,
    Int,
    Long,
    Raw,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

_INTEGERS: dict[type, tuple[int, struct.Struct]] = {
    UByte: (0x50, struct.Struct(">B")),
    UShort: (0x60, struct.Struct(">H")),
    UInt: (0x70, struct.Struct(">I")),
    ULong: (0x80, struct.Struct(">Q")),
    Int: (0x71, struct.Struct(">i")),
    Long: (0x81, struct.Struct(">q")),
    int: (0x81, struct.Struct(">q")),
    Timestamp: (0x83, struct.Struct(">q")),
}
_DOUBLE = struct.Struct(">d")
_HEAD = struct.Struct(">II")


def encode(value: Any) -> bytes:
    """The bytes of a value; TypeError if it has none."""
    kind = type(value)
    if kind in _INTEGERS:
        code, form = _INTEGERS[kind]
        return bytes((code,)) + form.pack(value)
    if kind not in _ENCODERS:
        raise TypeError(f"a {kind.__name__} cannot be sent")
    return _ENCODERS[kind](value)


def encode_map(parts: Iterable[bytes], count: int) -> bytes:
    """A map of keys and values that are encoded already; `count` is the number of both."""
    return _compound(0xD1, count, b"".join(parts))


def section(code: int, encoded: bytes) -> bytes:
    """An encoded value under the descriptor of a section or a performative."""
    return bytes((0x00, 0x53, code)) + encoded


def _compound(code: int, count: int, body: bytes) -> bytes:
    return bytes((code,)) + _HEAD.pack(len(body) + 4, count) + body


def _sized(short: int, long: int, data: bytes) -> bytes:
    if len(data) < 256:
        return bytes((short, len(data))) + data
    return bytes((long,)) + len(data).to_bytes(4, "big") + data


def _array(array: Array) -> bytes:
    if array.kind is Symbol:
        parts = [len(item).to_bytes(4, "big") + item.encode("ascii") for item in array.items]
        return _compound(0xF0, len(parts), b"\xb3" + b"".join(parts))
    code, form = _INTEGERS[array.kind]
    return _compound(0xF0, len(array.items), bytes((code,)) + b"".join(map(form.pack, array.items)))


def _described(value: Described) -> bytes:
    descriptor = value.descriptor
    small = type(descriptor) is int and 0 <= descriptor < 256
    head = bytes((0x53, descriptor)) if small else encode(descriptor)
    return b"\x00" + head + encode(value.value)


_ENCODERS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda value: b"\x40",
    bool: lambda value: b"\x41" if value else b"\x42",
    float: lambda value: b"\x82" + _DOUBLE.pack(value),
    bytes: lambda value: _sized(0xA0, 0xB0, value),
    str: lambda value: _sized(0xA1, 0xB1, value.encode()),
    Symbol: lambda value: _sized(0xA3, 0xB3, value.encode("ascii")),
    uuid.UUID: lambda value: b"\x98" + value.bytes,
    list: lambda value: _compound(0xD0, len(value), b"".join(map(encode, value))),
    dict: lambda value: encode_map((encode(part) for pair in value.items() for part in pair), 2 * len(value)),
    Array: _array,
    Described: _described,
    Raw: lambda value: value.data,
}
