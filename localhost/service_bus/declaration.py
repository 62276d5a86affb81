"""`infra/queues.json`: the queues, in the words of Azure's resource model, which Bicep deploys unchanged."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from localhost.service_bus.errors import DeclarationError

LONGEST_LOCK = timedelta(minutes=5)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_PROPERTIES: dict[str, tuple[type, str]] = {
    "maxDeliveryCount": (int, "max_delivery_count"),
    "lockDuration": (timedelta, "lock_duration"),
    "defaultMessageTimeToLive": (timedelta, "time_to_live"),
    "deadLetteringOnMessageExpiration": (bool, "dead_letters_expired"),
    "requiresDuplicateDetection": (bool, "detects_duplicates"),
    "duplicateDetectionHistoryTimeWindow": (timedelta, "duplicate_window"),
    "forwardDeadLetteredMessagesTo": (str, "forwards_dead_letters_to"),
}


@dataclass(frozen=True)
class QueueSettings:
    """One queue as declared; what is not said is as Azure has it. Times in milliseconds."""

    name: str
    max_delivery_count: int = 10
    lock_duration: int = 60_000
    time_to_live: int | None = None
    dead_letters_expired: bool = False
    detects_duplicates: bool = False
    duplicate_window: int = 600_000
    forwards_dead_letters_to: str | None = None

    def expiry(self, start: int, time_to_live: int | None) -> int | None:
        """When a message expires that lives from `start` on: the queue's own limit counts too."""
        spans = [span for span in (time_to_live, self.time_to_live) if span is not None]
        return start + min(spans) if spans else None


def read_declaration(file: Path) -> list[QueueSettings]:
    """The declared queues; DeclarationError names what is wrong."""
    try:
        entries = json.loads(file.read_text("utf-8"))["queues"]
        return declared((entry["name"], entry["properties"]) for entry in entries)
    except OSError as error:
        raise DeclarationError(f"The declaration of the queues cannot be read: {error}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DeclarationError(f"{file} does not declare queues: {error!r}.") from error


def declared(entries: Any) -> list[QueueSettings]:
    """Settings of (name, properties)."""
    queues = [_settings(str(name), properties) for name, properties in entries]
    names = [queue.name.casefold() for queue in queues]
    if len(set(names)) != len(names):
        raise DeclarationError("A queue is declared twice.")
    for queue in queues:
        target = queue.forwards_dead_letters_to
        if target is not None and target.casefold() not in set(names) - {queue.name.casefold()}:
            raise DeclarationError(f"The queue {queue.name} forwards to '{target}', which is no other queue.")
    return queues


def _settings(name: str, properties: dict[str, Any]) -> QueueSettings:
    values: dict[str, Any] = {}
    for key, value in properties.items():
        if key not in _PROPERTIES:
            raise DeclarationError(f"The queue {name} declares '{key}', which the local broker does not know.")
        kind, field = _PROPERTIES[key]
        if kind is timedelta:
            values[field] = _milliseconds(name, key, value)
        elif type(value) is kind:
            values[field] = value
        else:
            raise DeclarationError(f"The queue {name} has a wrong '{key}': {value!r}.")
    settings = QueueSettings(name, **values)
    if not 0 < settings.lock_duration <= LONGEST_LOCK / timedelta(milliseconds=1):
        raise DeclarationError(f"The queue {name} has a lockDuration beyond five minutes.")
    if settings.max_delivery_count < 1:
        raise DeclarationError(f"The queue {name} has a maxDeliveryCount below 1.")
    return settings


def _milliseconds(name: str, key: str, text: Any) -> int:
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None or not any(match.groups()):
        raise DeclarationError(f"The queue {name} has a wrong '{key}': {text!r} is no ISO 8601 duration.")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return span // timedelta(milliseconds=1)
