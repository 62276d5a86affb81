"""Bytes into values. Everything is bounded by the bytes at hand: nothing that they claim is believed beyond them."""

import struct
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from localhost.service_bus.errors import CodecError
from localhost.service_bus.types import Described, Symbol

MAX_DEPTH = 16

_CONSTANTS: dict[int, Any] = {0x40: None, 0x41: True, 0x42: False, 0x43: 0, 0x44: 0}
_EMPTY_LIST = 0x45


def _number(form: str) -> tuple[int, Callable[[bytes], Any]]:
    packed = struct.Struct(form)
    return packed.size, lambda data: packed.unpack(data)[0]


def _boolean(data: bytes) -> bool:
    if data[0] > 1:
        raise CodecError("a boolean is neither 0 nor 1")
    return data[0] == 1


# Decimals (0x74, 0x84, 0x94) stay bytes: nobody here computes with them.
_FIXED: dict[int, tuple[int, Callable[[bytes], Any]]] = {
    0x50: _number(">B"), 0x51: _number(">b"), 0x52: _number(">B"), 0x53: _number(">B"), 0x54: _number(">b"),
    0x55: _number(">b"), 0x56: (1, _boolean), 0x60: _number(">H"), 0x61: _number(">h"), 0x70: _number(">I"),
    0x71: _number(">i"), 0x72: _number(">f"), 0x73: (4, lambda data: data.decode("utf-32-be")), 0x74: (4, bytes),
    0x80: _number(">Q"), 0x81: _number(">q"), 0x82: _number(">d"), 0x83: _number(">q"), 0x84: (8, bytes),
    0x94: (16, bytes), 0x98: (16, lambda data: uuid.UUID(bytes=data)),
}  # fmt: skip
_VARIABLE: dict[int, Callable[[bytes], Any]] = {
    0xA0: bytes, 0xA1: lambda data: data.decode(), 0xA3: lambda data: Symbol(data.decode("ascii")),
    0xB0: bytes, 0xB1: lambda data: data.decode(), 0xB3: lambda data: Symbol(data.decode("ascii")),
}  # fmt: skip
_LISTS, _MAPS, _ARRAYS = (0xC0, 0xD0), (0xC1, 0xD1), (0xE0, 0xF0)


def decode(data: bytes) -> Any:
    """The one value that the bytes are; CodecError if they are none or more than one."""
    value, at = read(data, 0, len(data))
    if at != len(data):
        raise CodecError("bytes are left over after a value")
    return value


def read(data: bytes, at: int, end: int, depth: int = 0) -> tuple[Any, int]:
    """The value at `at` and the place behind it, which is not behind `end`."""
    if at >= end:
        raise CodecError("a value is cut off")
    if depth > MAX_DEPTH:
        raise CodecError(f"values are nested deeper than {MAX_DEPTH}")
    if data[at] != 0:
        return _read_as(data[at], data, at + 1, end, depth)
    descriptor, at = read(data, at + 1, end, depth + 1)
    value, at = read(data, at, end, depth + 1)
    return Described(descriptor, value), at


def skip(data: bytes, at: int, end: int) -> int:
    """The place behind the value at `at`, without looking into it."""
    described = 0
    while at < end and data[at] == 0:  # a descriptor, then the value proper
        described += 1
        if described > MAX_DEPTH:
            raise CodecError(f"values are nested deeper than {MAX_DEPTH}")
        at = _skip_plain(data, at + 1, end)
    return _skip_plain(data, at, end)


def pairs(data: bytes, at: int, end: int) -> Iterator[tuple[Any, bytes]]:
    """Keys of the map at `at`, each with its bytes and those of its value: types stay as the sender had them."""
    if at >= end or data[at] not in _MAPS:
        raise CodecError("a map is expected")
    at, end, count = _inside(data[at], data, at + 1, end)
    for _ in range(count // 2):
        key, value_at = read(data, at, end)
        after = skip(data, value_at, end)
        yield key, data[at:after]
        at = after
    if at != end:
        raise CodecError("a map is longer than its items")


def _read_as(code: int, data: bytes, at: int, end: int, depth: int) -> tuple[Any, int]:
    if code in _CONSTANTS:
        return _CONSTANTS[code], at
    if code == _EMPTY_LIST:
        return [], at
    if code in _FIXED:
        size, convert = _FIXED[code]
        after = at + size
        return _convert(convert, data[at : _within(after, end)]), after
    if code in _VARIABLE:
        at, after = _extent(code, data, at, end)
        return _convert(_VARIABLE[code], data[at:after]), after
    start, after, count = _inside(code, data, at, end)
    if code in _ARRAYS:
        return _read_array(data, start, after, count, depth), after
    items = _read_items(data, start, after, count, depth)
    return (_as_map(items) if code in _MAPS else items), after


def _read_items(data: bytes, at: int, after: int, count: int, depth: int) -> list[Any]:
    items = []
    for _ in range(count):
        item, at = read(data, at, after, depth + 1)
        items.append(item)
    if at != after:
        raise CodecError("a list or map is longer than its items")
    return items


def _read_array(data: bytes, at: int, after: int, count: int, depth: int) -> list[Any]:
    if depth > MAX_DEPTH:
        raise CodecError(f"values are nested deeper than {MAX_DEPTH}")
    descriptors = []
    while at < after and data[at] == 0:
        descriptor, at = read(data, at + 1, after, depth + 1)
        descriptors.append(descriptor)
        if len(descriptors) > MAX_DEPTH:
            raise CodecError(f"values are nested deeper than {MAX_DEPTH}")
    code, at = data[at] if at < after else 0, at + 1
    items = []
    for _ in range(count):
        item, at = _read_as(code, data, at, after, depth + 1)
        for descriptor in reversed(descriptors):
            item = Described(descriptor, item)
        items.append(item)
    if at != after:
        raise CodecError("an array is longer than its items")
    return items


def _as_map(items: list[Any]) -> dict[Any, Any]:
    if len(items) % 2:
        raise CodecError("a map has a key without a value")
    try:
        return dict(zip(items[::2], items[1::2], strict=True))
    except TypeError as error:
        raise CodecError("a map has a list or a map as a key") from error


def _convert(convert: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return convert(data)
    except UnicodeDecodeError as error:
        raise CodecError("a text is not in its encoding") from error


def _inside(code: int, data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Start and end of the items of a list, map or array, and their number: never more items than bytes."""
    if code not in (*_LISTS, *_MAPS, *_ARRAYS):
        raise CodecError(f"there is no type {code:#04x}")
    at, after = _extent(code, data, at, end)
    width = _width(code)
    count = int.from_bytes(data[at : _within(at + width, after)], "big")
    if count > after - at - width:
        raise CodecError("a list, map or array claims more items than it has bytes")
    return at + width, after, count


def _extent(code: int, data: bytes, at: int, end: int) -> tuple[int, int]:
    start = _within(at + _width(code), end)
    return start, _within(start + int.from_bytes(data[at:start], "big"), end)


def _width(code: int) -> int:
    return 4 if code & 0x10 else 1


def _within(place: int, end: int) -> int:
    if place > end:
        raise CodecError("a value is longer than what holds it")
    return place


def _skip_plain(data: bytes, at: int, end: int) -> int:
    if at >= end:
        raise CodecError("a value is cut off")
    code = data[at]
    if code in _CONSTANTS or code == _EMPTY_LIST:
        return at + 1
    if code in _FIXED:
        return _within(at + 1 + _FIXED[code][0], end)
    if code in _VARIABLE or code in (*_LISTS, *_MAPS, *_ARRAYS):
        return _extent(code, data, at + 1, end)[1]
    raise CodecError(f"there is no type {code:#04x}")
