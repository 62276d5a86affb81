"""AMQP types that Python has no word for. Decoding gives plain values (but symbols); encoding needs to be told."""

from dataclasses import dataclass
from typing import Any


class Symbol(str):
    """A name that the protocol knows: ASCII."""

    __slots__ = ()


class UByte(int):
    """One byte, unsigned."""


class UShort(int):
    """Two bytes, unsigned."""


class UInt(int):
    """Four bytes, unsigned."""


class ULong(int):
    """Eight bytes, unsigned."""


class Int(int):
    """Four bytes, signed. A bare int is a long."""


class Long(int):
    """Eight bytes, signed: what a bare int becomes, named where an array needs it."""


class Timestamp(int):
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Array:
    """Values of one of the integer types above, written once with their type."""

    kind: type[int] | type[Symbol]
    items: list[Any]


@dataclass(frozen=True, slots=True)
class Described:
    """A value with a descriptor that says what it stands for: an outcome, a source, a section."""

    descriptor: Any
    value: Any

    def field(self, index: int) -> Any:
        """A field of a described list; None where the list is shorter or is none."""
        return self.value[index] if isinstance(self.value, list) and index < len(self.value) else None


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that are encoded already."""

    data: bytes
