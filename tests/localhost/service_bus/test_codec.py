"""The codec: what is written is read again, and whatever comes in, only the codec's own error comes out."""

import math
import uuid
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from localhost.service_bus import types
from localhost.service_bus.decode import MAX_DEPTH, decode, pairs, skip
from localhost.service_bus.encode import encode
from localhost.service_bus.errors import CodecError, ProtocolError, Refusal
from localhost.service_bus.frames import FrameReader
from localhost.service_bus.message import inspect, split_batch
from localhost.service_bus.performatives import Attach, Flow, Transfer, parse, write

SMALL = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.integers(0, 255).map(types.UByte)
    | st.integers(0, 2**16 - 1).map(types.UShort)
    | st.integers(0, 2**32 - 1).map(types.UInt)
    | st.integers(0, 2**64 - 1).map(types.ULong)
    | st.integers(-(2**31), 2**31 - 1).map(types.Int)
    | st.integers(0, 2**62).map(types.Timestamp)
    | st.floats(allow_nan=False)
    | st.binary(max_size=600)
    | st.text(max_size=300)
    | st.text("abc:-", max_size=300).map(types.Symbol)
    | st.uuids()
)
KEYS = st.text(max_size=20) | st.integers(0, 99) | st.text("ab", max_size=9).map(types.Symbol)
VALUES = st.recursive(
    SMALL,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(KEYS, inner, max_size=5)
        | st.builds(types.Described, st.integers(0, 2**62), inner)
    ),
    max_leaves=12,
)
ARRAYS = (
    st.lists(st.integers(0, 2**32 - 1)).map(lambda items: types.Array(types.UInt, items))
    | st.lists(st.integers(-(2**63), 2**63 - 1)).map(lambda items: types.Array(types.Long, items))
    | st.lists(st.text("abc", max_size=9)).map(lambda items: types.Array(types.Symbol, items))
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    data = encode(value)
    again = decode(data)
    assert again == value
    assert isinstance(again, types.Symbol) == isinstance(value, types.Symbol)
    assert skip(data, 0, len(data)) == len(data)


@given(ARRAYS)
def test_arrays_are_read_as_lists(array: types.Array) -> None:
    assert decode(encode(array)) == array.items


@given(st.binary(max_size=300))
@example(b"\xf0\x00\x00\x00\x05\xff\xff\xff\xff\x40")  # four thousand million nulls
@example(b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff")
@example(b"\x00" * 200)
@example(b"\xc0\x03\x01" * 90)
@example(b"\xe0\x04\x01\x00\x00\x00")
@example(b"\xa1\x02\xff\xfe")
@example(b"\x73\xff\xff\xff\xff")
@example(b"\xc1\x05\x02\xc0\x01\x00\x40")  # a list as a key
def test_whatever_comes_in_only_the_codecs_error_comes_out(data: bytes) -> None:
    for read in (decode, lambda data: skip(data, 0, len(data)), lambda data: list(pairs(data, 0, len(data)))):
        try:
            read(data)
        except CodecError:
            continue


@given(VALUES, st.data())
def test_a_changed_value_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(raw))
    except CodecError:
        return


@settings(max_examples=300)
@given(st.binary(max_size=200))
@example(b"\x00\x53\x73\xc0\x01\x00" * 3)
@example(b"\x00\x53\x70\xc0\x05\x03\x40\x40\xa1\x00")
def test_whatever_is_sent_as_a_message_is_taken_or_refused(raw: bytes) -> None:
    for take in (inspect, split_batch):
        try:
            take(raw)
        except Refusal:
            continue


def nested(depth: int) -> bytes:
    data = b"\x40"
    for _ in range(depth):
        data = b"\xd0" + (len(data) + 4).to_bytes(4, "big") + b"\x00\x00\x00\x01" + data
    return data


def test_values_are_nested_so_deep_and_no_deeper() -> None:
    assert decode(nested(MAX_DEPTH)) is not None
    with pytest.raises(CodecError, match="nested deeper"):
        decode(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x72\x3f\x80\x00\x00", 1.0),
        (b"\x73\x00\x00\x00\xf1", "ñ"),
        (b"\x51\xff", -1),
        (b"\x61\xff\xfe", -2),
        (b"\x55\x80", -128),
        (b"\x43", 0),
        (b"\x45", []),
        (b"\x56\x01", True),
        (b"\xe0\x04\x02\x50\x07\x08", [7, 8]),
        (b"\x74\x01\x02\x03\x04", b"\x01\x02\x03\x04"),
        (b"\x98" + bytes(16), uuid.UUID(int=0)),
    ],
)
def test_types_that_only_others_write_are_read(data: bytes, value: Any) -> None:
    assert decode(data) == value


def test_nan_stays_nan() -> None:
    assert math.isnan(decode(encode(math.nan)))


def test_a_value_of_an_unknown_type_is_not_written() -> None:
    with pytest.raises(TypeError, match="a set cannot be sent"):
        encode(set())


def test_performatives_are_written_at_full_length_and_read_again() -> None:
    for performative in (Flow(1, 2, 3, 4, 5), Transfer(1, 2, b"tag", 0, True, False), Attach("name", 3, True)):
        value = decode(write(performative))
        assert len(value.value) == len(performative)
        assert parse(value) == performative


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        types.Described(0x99, []),
        types.Described(types.Symbol("amqp:flow:list"), []),
        types.Described(0x13, {}),
        types.Described(0x13, [None] * 12),
        types.Described(0x13, [None, True, 0, 0]),
        types.Described(0x13, [None, -1, 0, 0]),
        types.Described(0x13, [None, "window", 0, 0]),
        types.Described(0x14, [1, 2, "no bytes"]),
        types.Described(0x12, ["a name only"]),
    ],
)
def test_what_is_no_performative_is_refused(value: Any) -> None:
    with pytest.raises(ProtocolError):
        parse(value)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00\x00\x07\x02\x00\x00\x00",
        b"\xff\xff\xff\xff\x02\x00\x00\x00",
        b"\x00\x00\x00\x08\x01\x00\x00\x00",
        b"\x00\x00\x00\x08\x03\x00\x00\x00",
        b"\x00\x00\x00\x08\x02\x07\x00\x00",
    ],
)
def test_a_malformed_head_of_a_frame_is_refused_at_once(data: bytes) -> None:
    reader = FrameReader()
    reader.feed(data)
    with pytest.raises(ProtocolError):
        reader.frame()
