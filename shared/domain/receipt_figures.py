"""The amounts of a receipt, each with what its line says it is: total, payment, change, rounding, tax …"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain import receipt_labels as labels
from shared.domain.amounts import Amount, amounts
from shared.domain.misread import folded, mended, unglued
from shared.domain.sheet import Row

# In this order: "CASH CHANGE" is change, "ROUNDED TOTAL" is a total, "TOTAL EXCL. GST" is none.
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("final", labels.FINAL),
    ("change", labels.CHANGE),
    ("inclusive", labels.INCLUSIVE),
    ("subtotal", labels.SUBTOTAL),
    ("rounding", labels.ROUNDING),
    ("plain", labels.PLAIN),
    ("service", labels.SERVICE),
    ("paid", labels.PAID),
    ("tax", labels.TAX),
    ("weak", labels.WEAK),
)
TOTALS = frozenset({"final", "inclusive", "plain", "weak"})
_GLUED_CURRENCY = re.compile(r"(?<=[A-Z]{4})(?:RM|MYR|EUR|USD|GBP|SGD)(?![A-Z])")
_ONLY_MONEY = re.compile(r"[^A-Z]*(?:(?:RM|MYR|EUR|USD|GBP|SGD|MXN|PEN|ARS|CLP|COP|S/|SR?|Z)[^A-Z]*)*")
_NEXT_LABEL = re.compile(r"(?<=\d[.,]\d{2})[^A-Z\d]*(?=[A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, what it is, and whether it stands in the table of taxes, where totals are those of that table."""

    role: str
    amount: Amount
    row: int
    in_tax_table: bool

    @property
    def value(self) -> Decimal:
        """The amount itself."""
        return self.amount.value


def figures(rows: Sequence[Row], mark: str) -> list[Figure]:
    """All amounts of lines that say what they are, from top to bottom."""
    found: list[Figure] = []
    in_table = False
    for index, row in enumerate(rows):
        plain = _GLUED_CURRENCY.sub(lambda match: " " * len(match.group()), folded(row.text))
        in_table = in_table or bool(labels.TAX_TABLE.search(plain))
        for start, end in _segments(plain):
            role, label_end = _role(plain[start:end])
            if not labels.TAX_TABLE.search(plain) and role in ("final", "paid", "change"):
                in_table = False
            money = _behind(row, start + label_end, end, mark) if role else None
            if role and money is None and end == len(plain):
                money = _beside(rows, index, start + label_end, mark)
            if money is not None:
                found.append(Figure(role, money, index, in_table))
    return found


def _segments(plain: str) -> list[tuple[int, int]]:
    """The parts of a line that a label begins after an amount: "TOTAL 12.00 CASH 20.00 CHANGE 8.00" has three."""
    cuts = [0, *(match.end() for match in _NEXT_LABEL.finditer(plain)), len(plain)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if end > start]


def printed(rows: Sequence[Row], mark: str) -> list[Amount]:
    """All amounts of the receipt that are written like money."""
    return [amount for row in rows for amount in _money(row, 0, mark)]


def _role(plain: str) -> tuple[str, int]:
    """What the line's amount is, and where the label ends; "" when the line does not say."""
    no_total = labels.NO_TOTAL.search(plain)
    for role, pattern in _ROLES:
        if no_total and role in TOTALS and role != "weak":
            continue
        if match := pattern.search(plain):
            return role, match.end()
    return "", 0


def _behind(row: Row, label_end: int, end: int, mark: str) -> Amount | None:
    """The last amount behind the label: quantities and prices come before it."""
    money = [amount for amount in _money(row, label_end, mark) if amount.end - row.start <= end + 1]
    return money[-1] if money else None


def _beside(rows: Sequence[Row], index: int, label_end: int, mark: str) -> Amount | None:
    """Where nothing stands behind the label: the line under or over it that holds one amount and nothing else.

    A crooked photo parts a line so; of the two the nearer is taken, and the lower one where no places are known.
    """
    row = rows[index]
    if len(row.text[label_end:].strip(" :.()RM$€-")) > 12:
        return None
    near = [rows[at] for at in (index + 1, index - 1) if 0 <= at < len(rows) and rows[at].page == row.page]
    for other in sorted(near, key=lambda other: _distance(row, other)):
        money = _money(other, 0, mark)
        if len(money) == 1 and _ONLY_MONEY.fullmatch(folded(other.text)):
            return money[0]
    return None


def _distance(row: Row, other: Row) -> float:
    if row.box is None or other.box is None:
        return 0.0 if other.start > row.start else 1.0
    return round(abs(row.box[1] + row.box[3] - other.box[1] - other.box[3]), 3)


def _money(row: Row, start: int, mark: str) -> list[Amount]:
    return list(_written_like_money(unglued(mended(row.text)), row.start, start, mark))


def _written_like_money(text: str, offset: int, start: int, mark: str) -> Iterator[Amount]:
    for amount in amounts(text, mark, offset):
        if amount.is_money and amount.start - offset >= start - 1:
            yield amount
