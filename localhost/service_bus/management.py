"""Requests to a queue's `$management` and to `$cbs`, and their replies."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from localhost.service_bus.decode import decode
from localhost.service_bus.encode import encode, section
from localhost.service_bus.errors import BAD_ARGUMENT, DECODE_ERROR, NOT_IMPLEMENTED, CodecError, Refusal
from localhost.service_bus.message import APPLICATION_PROPERTIES, PROPERTIES, VALUE, delivered, sections
from localhost.service_bus.queue import Queue
from localhost.service_bus.types import Array, Int, Long, Symbol, Timestamp, ULong

MOST_PEEKED = 250
_OK, _NOTHING, _ACCEPTED = 200, 204, 202
_REPLY_TO, _CORRELATION_ID = 4, 5

Body = dict[str, Any]
Answer = tuple[int, Body | None]


class Request(NamedTuple):
    """A request as it came."""

    message_id: Any
    reply_to: str | None
    operation: str
    body: Body


def read_request(raw: bytes) -> Request:
    """Decode a request; Refusal if it is none."""
    try:
        parts = {code: decode(found[0]) for code, found in sections(raw).items()}
    except CodecError as error:
        raise Refusal(DECODE_ERROR, f"The request cannot be decoded: {error}.") from error
    properties, notes, body = parts.get(PROPERTIES), parts.get(APPLICATION_PROPERTIES), parts.get(VALUE)
    properties = properties if isinstance(properties, list) else []
    fields = (*properties, *[None] * (_REPLY_TO + 1))
    reply_to = fields[_REPLY_TO] if isinstance(fields[_REPLY_TO], str) else None
    operation = notes.get("operation") if isinstance(notes, dict) else None
    return Request(fields[0], reply_to, str(operation), body if isinstance(body, dict) else {})


def token_reply(request: Request) -> bytes:
    """Every token is accepted: who reaches the loopback of this machine is let in."""
    return _reply(request, {"status-code": Int(_ACCEPTED), "status-description": "Accepted"}, None)


def answer(queue: Queue, request: Request) -> bytes:
    """Do what is asked for and say how it went."""
    try:
        operation = _OPERATIONS.get(request.operation.removeprefix("com.microsoft:"))
        if operation is None:
            raise Refusal(
                NOT_IMPLEMENTED, f"The local Service Bus does not support the operation '{request.operation}'."
            )
        status, body = operation(queue, request.body)
    except Refusal as refusal:
        about: Body = {"statusCode": Int(refusal.status), "statusDescription": refusal.description}
        return _reply(request, about | {"errorCondition": Symbol(refusal.condition)}, None)
    about = {"statusCode": Int(status), "statusDescription": "OK" if body else "No Content"}
    return _reply(request, about, body)


def _reply(request: Request, about: Body, body: Body | None) -> bytes:
    # An integer as a message id can only be an unsigned long.
    same = ULong(request.message_id) if type(request.message_id) is int else request.message_id
    properties = encode([None] * _CORRELATION_ID + [same] + [None] * 7)
    notes = section(APPLICATION_PROPERTIES, encode(about))
    return section(PROPERTIES, properties) + notes + section(VALUE, encode(body))


def _peek(queue: Queue, body: Body) -> Answer:
    start, count = _number(body, "from-sequence-number"), _number(body, "message-count")
    messages = [
        {"message": delivered(message, raw, with_lock=False)}
        for message, raw in queue.peek(start, min(count, MOST_PEEKED))
    ]
    return (_OK, {"messages": messages}) if messages else (_NOTHING, None)


def _schedule(queue: Queue, body: Body) -> Answer:
    raws = []
    for entry in _list(body, "messages"):
        raw = entry.get("message") if isinstance(entry, dict) else None
        if not isinstance(raw, bytes):
            raise Refusal(BAD_ARGUMENT, "The request to schedule holds something that is no message.")
        raws.append(raw)
    return _OK, {"sequence-numbers": Array(Long, queue.send(raws))}


def _cancel(queue: Queue, body: Body) -> Answer:
    queue.cancel(_numbers(body))
    return _OK, None


def _renew(queue: Queue, body: Body) -> Answer:
    return _OK, {"expirations": Array(Timestamp, queue.renew(_tokens(body)))}


def _receive(queue: Queue, body: Body) -> Answer:
    deletes = body.get("receiver-settle-mode") == 0
    taken = queue.receive_deferred(_numbers(body), deletes=deletes)
    messages = [
        {"message": delivered(message, raw)} | ({} if deletes else {"lock-token": message.token})
        for message, raw in taken
    ]
    return _OK, {"messages": messages}


def _settle(queue: Queue, body: Body) -> Answer:
    reason, description = _text(body, "deadletter-reason"), _text(body, "deadletter-description")
    ways: dict[str, Callable[[uuid.UUID], None]] = {
        "completed": queue.complete,
        "abandoned": queue.abandon,
        "defered": queue.defer,  # as the SDKs spell it
        "suspended": lambda token: queue.dead_letter(token, reason, description),
    }
    settle = ways.get(str(body.get("disposition-status")))
    if settle is None:
        raise Refusal(BAD_ARGUMENT, f"There is no disposition '{body.get('disposition-status')}'.")
    for token in _tokens(body):
        settle(token)
    return _OK, None


_OPERATIONS: dict[str, Callable[[Queue, Body], Answer]] = {
    "peek-message": _peek,
    "schedule-message": _schedule,
    "cancel-scheduled-message": _cancel,
    "renew-lock": _renew,
    "receive-by-sequence-number": _receive,
    "update-disposition": _settle,
}


def _list(body: Body, key: str) -> list[Any]:
    value = body.get(key)
    if not isinstance(value, list):
        raise Refusal(BAD_ARGUMENT, f"The request lacks its {key}.")
    return value


def _tokens(body: Body) -> list[uuid.UUID]:
    tokens = _list(body, "lock-tokens")
    if not all(isinstance(token, uuid.UUID) for token in tokens):
        raise Refusal(BAD_ARGUMENT, "A lock token is no UUID.")
    return tokens


def _numbers(body: Body) -> list[int]:
    numbers = _list(body, "sequence-numbers")
    if not all(type(number) is int for number in numbers):
        raise Refusal(BAD_ARGUMENT, "A sequence number is no number.")
    return numbers


def _number(body: Body, key: str) -> int:
    value = body.get(key)
    if type(value) is not int or value < 0:
        raise Refusal(BAD_ARGUMENT, f"The request lacks its {key}.")
    return value


def _text(body: Body, key: str) -> str | None:
    value = body.get(key)
    return value if isinstance(value, str) else None
