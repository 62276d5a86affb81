"""What validation finds, in the languages in which people read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a record breaks: the field (a path such as `lines.2.amount`), its value as text, the rule, its cure.

    `value` is "" when it is missing. `message` is English; `message_es` is "" where nobody wrote it in Spanish.
    """

    field: str
    value: str
    rule: str
    message: str
    message_es: str = ""
