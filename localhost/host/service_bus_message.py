"""A Service Bus message as a function gets it: the body as text, everything else as metadata.

If the body is the text of a JSON object, its properties override metadata of the same name. That is how Azure's
host does it, and it is no less surprising there.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from azure.functions import meta

_NEVER = "9999-12-31T23:59:59.999999"


class BodyError(Exception):
    """The body is of a kind that a function cannot get."""


def trigger_value(message: Any, *, binary: bool) -> tuple[meta.Datum, dict[str, meta.Datum]]:
    """The body and the metadata of a received message."""
    body = _body(message)
    if binary:
        return meta.Datum(body, "bytes"), _metadata(message)
    text = body.decode("utf-8", "replace")
    return meta.Datum(text, "string"), _overridden(_metadata(message), text)


def _body(message: Any) -> bytes:
    body = message.body
    if isinstance(body, str | bytes):  # an AMQP value
        return body.encode() if isinstance(body, str) else body
    try:
        return b"".join(body)
    except TypeError as error:
        raise BodyError("The body of the message is neither bytes nor text.") from error


def _metadata(message: Any) -> dict[str, meta.Datum]:
    """What Azure's host sends, in its types; what is missing in the message is left out."""
    properties = {_text(key): _plain(value) for key, value in (message.application_properties or {}).items()}
    enqueued, expires = _utc(message.enqueued_time_utc), _utc(message.expires_at_utc) or _NEVER
    values = {
        # Azure's SDK for .NET counts the delivery that is going on.
        "DeliveryCount": message.delivery_count + 1,
        "DeadLetterSource": message.dead_letter_source,
        "LockToken": str(message.lock_token),
        "ExpiresAtUtc": expires,
        "ExpiresAt": f"{expires}+00:00",
        "EnqueuedTimeUtc": enqueued,
        "EnqueuedTime": f"{enqueued}+00:00",
        "MessageId": message.message_id,
        "ContentType": message.content_type,
        "ReplyTo": message.reply_to,
        "SequenceNumber": message.sequence_number,
        "To": message.to,
        "Subject": message.subject,
        "Label": message.subject,
        "CorrelationId": message.correlation_id,
        "ApplicationProperties": properties,
        "UserProperties": properties,
        "SessionId": message.session_id,
        "ReplyToSessionId": message.reply_to_session_id,
        "PartitionKey": message.partition_key,
    }
    return {name: _datum(value) for name, value in values.items() if value is not None}


def _overridden(metadata: dict[str, meta.Datum], text: str) -> dict[str, meta.Datum]:
    names = {name.casefold(): name for name in metadata}
    for key, value in _object(text).items():
        if value is None or isinstance(value, list):
            continue
        name = names.setdefault(key.casefold(), key)
        metadata[name] = _datum(value if isinstance(value, dict) else _scalar(value))
    return metadata


def _object(text: str) -> Mapping[str, Any]:
    if not text.lstrip().startswith("{"):
        return {}
    try:
        # Numbers keep their spelling: they are handed on as text.
        return dict(json.loads(text, parse_float=Decimal))
    except ValueError:
        return {}


def _scalar(value: Any) -> str:
    return str(value)  # True and False are spelled alike in both languages


def _datum(value: Any) -> meta.Datum:
    if isinstance(value, int):
        return meta.Datum(value, "int")
    if isinstance(value, dict):
        return meta.Datum(json.dumps(value, default=str), "json")
    return meta.Datum(str(value), "string")


def _utc(moment: datetime | None) -> str | None:
    """Without a zone: functions get naive times."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, UUID) else value
