"""What validation finds, in the languages in which people read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.domain.business import BusinessRecord
from shared.domain.finding_messages import MESSAGES
from shared.domain.jurisdiction import Jurisdiction


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a record breaks: the field (a path such as `lines.2.amount`), its value as text, the rule, its cure.

    `value` is "" when it is missing. `message` is English; `message_es` is "" where nobody wrote it in Spanish. An
    `error` keeps the record from being published until a person has looked; a `warning` goes with it.
    """

    field: str
    value: str
    rule: str
    message: str
    message_es: str = ""
    severity: Literal["error", "warning"] = "error"

    def text(self, language: str) -> str:
        """The message in Spanish for `es` and its regions, else in English."""
        return (language.lower().startswith("es") and self.message_es) or self.message


@dataclass(frozen=True, slots=True)
class Case:
    """A record with what its rules depend on: where it belongs, and the day it is judged (None: no day is too late)."""

    record: BusinessRecord
    place: Jurisdiction
    today: date | None = None

    def confirmed(self, field: str) -> bool:
        """If a person has entered this field: then it stands where a rule only knows what is usual."""
        return self._reader(field) == "person"

    def written_by_machine(self, field: str) -> bool:
        """If this field was taken from structured data: it is what the issuer wrote, and cannot have been misread."""
        return self._reader(field) == "structured"

    def _reader(self, field: str) -> str | None:
        source = self.record.sources.get(field)
        return source.reader if source else None


Rule = Callable[[Case], Iterator[Finding]]


def finding(field: str, value: object, rule: str, **values: object) -> Finding:
    """A finding with the rule's messages, filled with `values`."""
    english, spanish = MESSAGES[rule]
    return Finding(
        field,
        plain(value),
        rule,
        english.format(**{name: _in(each, 0) for name, each in values.items()}),
        spanish.format(**{name: _in(each, 1) for name, each in values.items()}),
    )


def _in(value: object, language: int) -> str:
    """A value given as a pair has a word for each language."""
    return plain(value[language] if isinstance(value, tuple) else value)


def plain(value: object) -> str:
    """A value as a person would write it: no exponent, ISO dates, "" for what is missing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # A number like 1E+999999 would be a megabyte of zeros.
        return f"{value:f}" if len(str(value)) + abs(value.adjusted()) < 60 else str(value)[:60]
    return value.isoformat() if isinstance(value, date) else str(value)
