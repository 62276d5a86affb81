"""Dead letters: requests that were given up, kept to be looked at, sent again or discarded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OPEN, REPLAYED, DISCARDED = "open", "replayed", "discarded"

# Kinds: an import or a theory run that failed, a message that could not be dealt with, a file that belongs nowhere.
IMPORT, THEORY, MESSAGE, BLOB = "import", "theory", "message", "blob"

IMPORTS_QUEUE, THEORY_QUEUE, DEAD_LETTERS_QUEUE = "document-imports", "theory-requests", "dead-letters"

# A run that ends like this has been answered: there is nothing to send again.
NOT_BURIED = frozenset({"lease_lost", "nothing_to_study", "nothing_coded", "budget_exceeded"})


@dataclass(frozen=True, slots=True)
class Burial:
    """What the last activity of a failed orchestration is told: the original request, and why it was given up."""

    tenant_id: str
    request_id: str
    kind: str
    subject: str
    request: dict[str, Any]
    stage: str | None
    error: str
    message: str
    tries: int = 1


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter's row. `payload` is the original request; `trace` is what happened to it on the way."""

    dead_letter_id: str
    tenant_id: str
    kind: str
    subject: str
    queue: str
    payload: dict[str, Any]
    error_code: str
    message: str = ""
    project_id: str | None = None
    stage: str | None = None
    attempts: int = 0
    trace: list[dict[str, Any]] = field(default_factory=list)
    state: str = OPEN
    settled_by: str | None = None
    settled_at: datetime | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which dead letters; None means any."""

    state: str | None = OPEN
    kind: str | None = None
    stage: str | None = None
    error: str | None = None
