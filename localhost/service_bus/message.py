"""A message as bytes: what the broker reads of it, and what it adds before it delivers it.

Body, properties and all that senders wrote pass through untouched, so that every type comes out as it went in.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from localhost.service_bus.decode import decode, pairs, read, skip
from localhost.service_bus.encode import encode, encode_map, section
from localhost.service_bus.errors import BAD_ARGUMENT, DECODE_ERROR, CodecError, Refusal
from localhost.service_bus.types import Int, Long, Symbol, Timestamp, UByte, UInt

HEADER, DELIVERY_ANNOTATIONS, ANNOTATIONS, PROPERTIES, APPLICATION_PROPERTIES = 0x70, 0x71, 0x72, 0x73, 0x74
DATA, VALUE, FOOTER = 0x75, 0x77, 0x78

_SCHEDULED = "x-opt-scheduled-enqueue-time"
# Written by the broker, so that of a received message that is sent on they are not kept.
_BROKERS_OWN = frozenset(
    f"x-opt-{name}"
    for name in (
        "sequence-number", "enqueued-time", "enqueue-sequence-number", "message-state", "locked-until",
        "deadletter-source",
    )
)  # fmt: skip
REASON, DESCRIPTION = "DeadLetterReason", "DeadLetterErrorDescription"


class State(IntEnum):
    """As `x-opt-message-state` has it."""

    ACTIVE = 0
    DEFERRED = 1
    SCHEDULED = 2


@dataclass(slots=True)
class Message:
    """What a queue knows of a message without its bytes. Times in milliseconds since 1970."""

    sequence: int
    size: int
    enqueued: int
    original_sequence: int
    state: State = State.ACTIVE
    delivery_count: int = 0
    expires: int | None = None
    scheduled: int | None = None
    reason: str | None = None
    description: str | None = None
    source: str | None = None
    token: uuid.UUID | None = None
    locked_until: int = 0
    alarm: int | None = None  # when the queue looks at it next

    def is_expired(self, now: int) -> bool:
        """Whether its time to live is over."""
        return self.expires is not None and self.expires <= now


@dataclass(frozen=True, slots=True)
class Sent:
    """What the broker reads of a message when it comes in."""

    time_to_live: int | None
    scheduled: int | None
    message_id: str | None


def sections(raw: bytes) -> dict[int, list[bytes]]:
    """The sections of a message in order, by their codes, each without its descriptor; CodecError if it is none."""
    found: dict[int, list[bytes]] = {}
    at = 0
    while at < len(raw):
        if raw[at] != 0:
            raise CodecError("a message does not consist of sections")
        code, start = read(raw, at + 1, len(raw))
        if type(code) is not int or not HEADER <= code <= FOOTER:
            raise CodecError("a message has an unknown section")
        at = skip(raw, start, len(raw))
        found.setdefault(code, []).append(raw[start:at])
    return found


def inspect(raw: bytes) -> Sent:
    """Read what matters of a message that comes in; Refusal if it is malformed."""
    try:
        parts = sections(raw)
        header, properties = (_list(parts, code) for code in (HEADER, PROPERTIES))
        scheduled = _annotation(parts, _SCHEDULED)
        list(_pairs(parts, APPLICATION_PROPERTIES))
    except CodecError as error:
        raise Refusal(DECODE_ERROR, f"The message cannot be decoded: {error}.") from error
    time_to_live = header[2] if len(header) > 2 else None
    for value in (time_to_live, scheduled):
        if value is not None and (type(value) is not int or value < 0):
            raise Refusal(BAD_ARGUMENT, "The message's time to live or scheduled time is no time.")
    message_id = properties[0] if properties else None
    return Sent(time_to_live, scheduled, None if message_id is None else str(message_id))


def split_batch(raw: bytes) -> list[bytes]:
    """The messages of a batch: each of its data sections is one."""
    try:
        messages = [decode(data) for data in sections(raw).get(DATA, [])]
    except CodecError as error:
        raise Refusal(DECODE_ERROR, f"The batch cannot be decoded: {error}.") from error
    if not all(isinstance(message, bytes) for message in messages):
        raise Refusal(DECODE_ERROR, "The batch holds something that is no message.")
    return messages


def delivered(message: Message, raw: bytes, *, with_lock: bool = True) -> bytes:
    """The bytes for a receiver: with the delivery count, the lock, the annotations and the reason of a dead letter.

    Whoever only peeks gets no lock.
    """
    locked = with_lock and message.token is not None
    parts = sections(raw)
    out = [section(HEADER, encode(_header(_list(parts, HEADER), message.delivery_count)))]
    if locked:
        out.append(section(DELIVERY_ANNOTATIONS, encode({Symbol("x-opt-lock-token"): message.token})))
    out.append(_merged(parts, ANNOTATIONS, _BROKERS_OWN.__contains__, _annotations(message, locked)))
    out.extend(section(PROPERTIES, part) for part in parts.get(PROPERTIES, []))
    notes = {REASON: message.reason, DESCRIPTION: message.description}
    given = {key: text for key, text in notes.items() if text is not None}
    if given or APPLICATION_PROPERTIES in parts:
        out.append(_merged(parts, APPLICATION_PROPERTIES, given.__contains__, given))
    out.extend(section(code, part) for code in range(DATA, FOOTER + 1) for part in parts.get(code, []))
    return b"".join(out)


def _header(sent: list[Any], delivery_count: int) -> list[Any]:
    """All five fields, as SDK 7.14 wants them."""
    durable, priority, time_to_live = (*sent[:3], None, None, None)[:3]
    return [
        durable is not False,
        UByte(priority if type(priority) is int and 0 <= priority <= 9 else 4),
        UInt(time_to_live) if type(time_to_live) is int else None,
        False,
        UInt(delivery_count),
    ]


def _annotations(message: Message, locked: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "x-opt-sequence-number": Long(message.sequence),
        "x-opt-enqueued-time": Timestamp(message.enqueued),
        "x-opt-enqueue-sequence-number": Long(message.original_sequence),
        "x-opt-message-state": Int(message.state),
    }
    if locked:
        values["x-opt-locked-until"] = Timestamp(message.locked_until)
    if message.source is not None:
        values["x-opt-deadletter-source"] = message.source
    return {Symbol(key): value for key, value in values.items()}


def _merged(parts: dict[int, list[bytes]], code: int, replaced: Callable[[Any], bool], added: dict[Any, Any]) -> bytes:
    kept = [pair for key, pair in _pairs(parts, code) if not replaced(key)]
    new = [encode(key) + encode(value) for key, value in added.items()]
    return section(code, encode_map(kept + new, 2 * (len(kept) + len(new))))


def _pairs(parts: dict[int, list[bytes]], code: int) -> list[tuple[Any, bytes]]:
    found = [(key, pair) for part in parts.get(code, []) if part != b"\x40" for key, pair in pairs(part, 0, len(part))]
    if not all(isinstance(key, str | int) for key, _ in found):
        raise CodecError("a key of a message's annotations or properties is no text")
    return found


def _list(parts: dict[int, list[bytes]], code: int) -> list[Any]:
    value = decode(parts[code][0]) if code in parts else []
    if not isinstance(value, list):
        raise CodecError("a section of a message is no list")
    return value


def _annotation(parts: dict[int, list[bytes]], name: str) -> Any:
    for key, pair in _pairs(parts, ANNOTATIONS):
        if key == name:
            _, at = read(pair, 0, len(pair))
            return read(pair, at, len(pair))[0]
    return None
