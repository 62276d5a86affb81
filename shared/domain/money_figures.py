"""The amounts of an invoice that stand behind, or under, a label: each with the role that the label gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.domain.amounts import Amount, amounts
from shared.domain.misread import folded, mended
from shared.domain.money_labels import ROLES
from shared.domain.sheet import Cell, Row

_UNDER = 0.6  # how much less sure an amount is that stands under its label
_FAR = 4  # rows below a label that are looked at
_BETWEEN = re.compile(r"\b(?:von|de|sur|on|of|auf|van|su|di|sobre|EUR|USD|GBP|CHF|TTC|HT|€|in)\b", re.IGNORECASE)
_JOINING = re.compile(r"(?:(?!\s{2})[^A-Z0-9]|INKL|EXKL|INCL|EXCL|ZZGL|OHNE|MIT|SIN|CON|SANS|AVEC|DE|DER|LA|OF)*")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in a role (`net`, `tax`, `total` …), how sure the label makes that (0-1), and the index of its row."""

    role: str
    amount: Amount
    weight: float
    row: int

    @property
    def value(self) -> Decimal:
        """The amount itself."""
        return self.amount.value


@dataclass(frozen=True, slots=True)
class _Label:
    role: str
    weight: float
    start: int
    end: int


def invoice_figures(rows: Sequence[Row], mark: str, blanks_group: bool) -> list[Figure]:
    """All amounts that a label speaks for, from top to bottom."""
    money = [row_money(row, mark, blanks_group) for row in rows]
    found: list[Figure] = []
    for index, row in enumerate(rows):
        labels = _labels(folded(row.text))
        ends = [*(label.start for label in labels[1:]), len(row.text)]
        for label, end in zip(labels, ends, strict=False):
            own = [a for a in money[index] if label.end <= a.start - row.start < end]
            if own:
                found.append(Figure(label.role, _last_of_label(own, row), label.weight, index))
            else:
                under = _under(rows, money, index, label)
                found += (Figure(label.role, amount, label.weight * _UNDER, at) for at, amount in under)
    return found


def row_money(row: Row, mark: str, blanks_group: bool) -> list[Amount]:
    """The amounts of a row that are written like money."""
    return [a for a in amounts(mended(row.text), mark, row.start, blanks_group) if a.is_money]


def _labels(plain: str) -> list[_Label]:
    """The labels of a row from left to right; where two overlap the first of the roles has it."""
    taken: list[_Label] = []
    for role, weight, pattern in ROLES:
        for match in pattern.finditer(plain):
            if all(match.end() <= other.start or match.start() >= other.end for other in taken):
                taken.append(_Label(role, weight, match.start(), match.end()))
    return _merged(sorted(taken, key=lambda label: label.start), plain)


def _merged(labels: list[_Label], plain: str) -> list[_Label]:
    """Labels side by side are one, and the surer of them names it: "Summe inkl. USt", "Rechnungssumme ohne USt"."""
    kept: list[_Label] = []
    for label in labels:
        if kept and _JOINING.fullmatch(plain[kept[-1].end : label.start]):
            last = kept.pop()
            stronger = label if label.weight > last.weight else last
            kept.append(replace(stronger, start=last.start, end=label.end))
        else:
            kept.append(label)
    return kept


def _last_of_label(own: Sequence[Amount], row: Row) -> Amount:
    """The last amount before other words begin: "7 % von 129,37  9,06", but "12,00 Vencimiento 3,00"."""
    chosen = own[0]
    for amount in own[1:]:
        between = _BETWEEN.sub("", row.text[chosen.end - row.start : amount.start - row.start])
        if sum(map(str.isalpha, between)) > 3:
            break
        chosen = amount
    return chosen


def _under(
    rows: Sequence[Row], money: Sequence[Sequence[Amount]], index: int, label: _Label
) -> Iterator[tuple[int, Amount]]:
    """The amounts in the column under the label, with their rows: of a table the sum comes last.

    Without places only the next row counts, when it holds one amount and no more.
    """
    row = rows[index]
    head = row.cells[row.cell_at(row.start + label.start)]
    for at in range(index + 1, min(index + 1 + _FAR, len(rows))):
        below = rows[at]
        if below.page != row.page:
            return
        if head.box is None:
            if len(money[at]) == len(below.cells) == 1 and not money[index] and _is_number(below.cells[-1]):
                yield at, money[at][0]
            return
        for amount in money[at]:
            cell = below.cells[below.cell_at(amount.start)]
            if head.above(cell) and _is_number(cell):
                yield at, amount


def _is_number(cell: Cell) -> bool:
    return sum(map(str.isalpha, cell.text)) <= 3


def every_amount(rows: Sequence[Row], mark: str, blanks_group: bool) -> Iterator[Amount]:
    """All amounts of the paper that are written like money."""
    for row in rows:
        yield from row_money(row, mark, blanks_group)
