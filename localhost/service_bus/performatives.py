"""The nine performatives and what each field may be. Fields are plain values here and typed on the wire."""

from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

from localhost.service_bus import types
from localhost.service_bus.encode import encode
from localhost.service_bus.errors import DECODE_ERROR, ProtocolError
from localhost.service_bus.types import Described

Byte = Annotated[int, types.UByte]
Short = Annotated[int, types.UShort]
UInt = Annotated[int, types.UInt]
ULong = Annotated[int, types.ULong]


class Open(NamedTuple):
    """The connection's terms."""

    container_id: str = ""
    hostname: str | None = None
    max_frame_size: UInt | None = None
    channel_max: Short | None = None
    idle_time_out: UInt | None = None
    outgoing_locales: Any = None
    incoming_locales: Any = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: Any = None


class Begin(NamedTuple):
    """A session's terms."""

    remote_channel: Short | None = None
    next_outgoing_id: UInt = 0
    incoming_window: UInt = 0
    outgoing_window: UInt = 0
    handle_max: UInt | None = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: Any = None


class Attach(NamedTuple):
    """One end of a link."""

    name: str = ""
    handle: UInt = 0
    is_receiver: bool = False
    snd_settle_mode: Byte | None = None
    rcv_settle_mode: Byte | None = None
    source: Described | None = None
    target: Described | None = None
    unsettled: Any = None
    incomplete_unsettled: bool | None = None
    initial_delivery_count: UInt | None = None
    max_message_size: ULong | None = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: Any = None


class Flow(NamedTuple):
    """What a session and perhaps a link may send."""

    next_incoming_id: UInt | None = None
    incoming_window: UInt = 0
    next_outgoing_id: UInt = 0
    outgoing_window: UInt = 0
    handle: UInt | None = None
    delivery_count: UInt | None = None
    link_credit: UInt | None = None
    available: UInt | None = None
    drain: bool | None = None
    echo: bool | None = None
    properties: Any = None


class Transfer(NamedTuple):
    """A message, or a part of one."""

    handle: UInt = 0
    delivery_id: UInt | None = None
    delivery_tag: bytes | None = None
    message_format: UInt | None = None
    settled: bool | None = None
    more: bool | None = None
    rcv_settle_mode: Byte | None = None
    state: Any = None
    resume: bool | None = None
    aborted: bool | None = None
    batchable: bool | None = None


class Disposition(NamedTuple):
    """What became of deliveries."""

    is_receiver: bool = False
    first: UInt = 0
    last: UInt | None = None
    settled: bool | None = None
    state: Described | None = None
    batchable: bool | None = None


class Detach(NamedTuple):
    """The end of a link."""

    handle: UInt = 0
    closed: bool | None = None
    error: Any = None


class End(NamedTuple):
    """The end of a session."""

    error: Any = None


class Close(NamedTuple):
    """The end of a connection."""

    error: Any = None


Performative = Open | Begin | Attach | Flow | Transfer | Disposition | Detach | End | Close
_BY_CODE: dict[int, type[Performative]] = dict(
    enumerate((Open, Begin, Attach, Flow, Transfer, Disposition, Detach, End, Close), 0x10)
)
_CODES = {kind: code for code, kind in _BY_CODE.items()}


class _Field(NamedTuple):
    """How one field is checked and written."""

    name: str
    accepted: tuple[type, ...] | None  # None: anything
    wire: type[int] | None
    optional: bool


def _field(name: str, hint: Any) -> _Field:
    if hint is Any:
        return _Field(name, None, None, True)
    choices = get_args(hint) if type(None) in get_args(hint) else (hint,)
    declared = choices[0]
    if metadata := getattr(declared, "__metadata__", None):
        return _Field(name, (int,), metadata[0], type(None) in choices)
    return _Field(name, (declared,), None, type(None) in choices)


_FIELDS = {
    kind: [_field(name, hint) for name, hint in get_type_hints(kind, include_extras=True).items()] for kind in _CODES
}
_LARGEST = {types.UByte: 0xFF, types.UShort: 0xFFFF, types.UInt: 0xFFFFFFFF, types.ULong: 0xFFFFFFFFFFFFFFFF}


def parse(value: Any) -> Performative:
    """A decoded value as a performative; ProtocolError if it is none or has a field of a wrong type."""
    descriptor = value.descriptor if isinstance(value, Described) else None
    kind = _BY_CODE.get(descriptor) if type(descriptor) is int else None
    if kind is None or not isinstance(value.value, list):
        raise ProtocolError(DECODE_ERROR, "A frame holds no performative.")
    fields = _FIELDS[kind]
    if len(value.value) > len(fields):
        raise ProtocolError(DECODE_ERROR, f"A performative {kind.__name__} has too many fields.")
    given = {}
    for field, item in zip(fields, value.value, strict=False):
        if item is not None:
            _check(kind, field, item)
            given[field.name] = item
    for field in fields:
        if not field.optional and field.name not in given:
            raise ProtocolError(DECODE_ERROR, f"A performative {kind.__name__} lacks its field {field.name}.")
    return kind(**given)


def write(performative: Performative) -> bytes:
    """Encoded at full length: SDK 7.14 indexes fields without looking how many there are."""
    kind = type(performative)
    values = [
        item if item is None or field.wire is None else field.wire(item)
        for field, item in zip(_FIELDS[kind], performative, strict=True)
    ]
    return encode(Described(_CODES[kind], values))


def _check(kind: type[Performative], field: _Field, item: Any) -> None:
    if field.accepted is None:
        return
    right = isinstance(item, field.accepted) and (bool in field.accepted or not isinstance(item, bool))
    if not right or (field.wire is not None and not 0 <= item <= _LARGEST[field.wire]):
        raise ProtocolError(DECODE_ERROR, f"A performative {kind.__name__} has a wrong {field.name}.")
