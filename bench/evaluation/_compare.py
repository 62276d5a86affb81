"""Fields of records against what is true: right, wrong, missing; counted, and put into a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.domain.business import BusinessRecord

OUTCOMES = ("right", "wrong", "missing")


@dataclass
class Tally:
    """How often each field was expected, and what came of it. The rows stand in the order in which they came up."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, read: Any, true: Any) -> None:
        """Count a field; one whose truth is None is not expected, and what was read of it is not judged."""
        if true is None:
            return
        row = self.counts.setdefault(name, Counter())
        row["expected"] += 1
        row["missing" if read is None else "right" if same(read, true) else "wrong"] += 1

    def table(self) -> str:
        """The counts as Markdown."""
        lines = ["| field | expected | right | wrong | missing |", "|---|---|---|---|---|"]
        for name, row in self.counts.items():
            lines.append(f"| {name} | {row['expected']} | " + " | ".join(str(row[one]) for one in OUTCOMES) + " |")
        return "\n".join(lines)

    def share(self, names: Iterable[str]) -> tuple[int, int]:
        """(right, expected) over some of the fields."""
        rows = [self.counts[name] for name in names if name in self.counts]
        return sum(row["right"] for row in rows), sum(row["expected"] for row in rows)


def same(read: Any, true: Any) -> bool:
    """Numbers by their value (an amount without its sign), texts without case, blanks and punctuation."""
    if isinstance(read, Decimal) or isinstance(true, Decimal):
        return abs(Decimal(str(read))) == abs(Decimal(str(true)))
    if isinstance(read, str) and isinstance(true, str):
        return bare(read) == bare(true)
    return bool(read == true)


def bare(text: str) -> str:
    """Letters and digits only, in capitals."""
    return re.sub(r"[\W_]", "", text.upper())


def pairs(values: Iterable[Any], truths: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each true value with one that was read: equal ones first, the rest in their order, None where none is left."""
    left, found = list(values), []
    for true in truths:
        hit = next((value for value in left if same(value, true)), None)
        if hit is not None:
            left.remove(hit)
        found.append((hit, true))
    return [(left.pop(0) if read is None and left else read, true) for read, true in found]


def add_lists(tally: Tally, read: BusinessRecord, true: BusinessRecord) -> None:
    """Count the tax summary and the amounts of the lines."""
    for name, values, truths in (
        ("tax summary: base", [tax.base for tax in read.taxes], [tax.base for tax in true.taxes]),
        ("tax summary: amount", [tax.amount for tax in read.taxes], [tax.amount for tax in true.taxes]),
        ("line: amount", [line.amount for line in read.lines], [line.amount for line in true.lines]),
        ("line: quantity", [line.quantity for line in read.lines], [line.quantity for line in true.lines]),
    ):
        known = [value for value in values if value is not None]
        for one, other in pairs(known, [truth for truth in truths if truth is not None]):
            tally.add(name, one, other)
