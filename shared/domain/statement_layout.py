"""The columns of a statement on paper: found by their headings, and kept by their places for the rows below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.pieces import Box
from shared.domain.sheet import Cell, Row
from shared.domain.statement_columns import is_header, plain_heading, role_at

MONEY = frozenset({"amount", "debit", "credit", "balance"})
_JOINING = frozenset(["of", "de", "del", "la", "y", "and"])
_BEHIND = {"debit": {"amount", "currency"}, "credit": {"amount", "currency"}, "amount": {"currency"}}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds, and the left and the right edge of its heading in fractions of the page."""

    role: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a header, from left to right."""

    columns: tuple[Column, ...]

    def role_of(self, box: Box) -> str | None:
        """The role of the column that a cell stands in: the one that it overlaps most, else the nearest edge."""
        best = max(self.columns, key=lambda column: (_overlap(column, box), -_distance(column, box)), default=None)
        return best.role if best else None

    @property
    def roles(self) -> frozenset[str]:
        """What its columns hold."""
        return frozenset(column.role for column in self.columns)


def layout_of(row: Row) -> Layout | None:
    """The layout that a row of headings gives; None for any other row."""
    if len(row.text) > 200 or sum(map(str.isdigit, row.text)) > 2:
        return None
    columns: list[Column] = []
    for cell in row.cells:
        _add(columns, cell)
    roles = [column.role for column in columns]
    return Layout(tuple(columns)) if is_header(roles) and MONEY & set(roles) else None


def _add(columns: list[Column], cell: Cell) -> None:
    """The columns that a cell heads: more than one where the reader joined headings."""
    words = list(re.finditer(r"\S+", cell.text))
    at, before = 0, ""
    while at < len(words):
        taken = {column.role for column in columns}
        found = role_at([word.group() for word in words[at:]], taken)
        joined = at and plain_heading(words[at - 1].group()) in _JOINING
        if found is None or joined or found[0] in _BEHIND.get(before, ()):
            at += 1
            continue
        role, count = found
        count = max(count, 1)
        last = words[min(at + count, len(words)) - 1]
        columns.append(Column(role, *_edges(cell, words[at].start(), last.end())))
        before, at = role, at + count


def _edges(cell: Cell, start: int, end: int) -> tuple[float, float]:
    if cell.box is None:
        return 0.0, 0.0
    wide = (cell.box[2] - cell.box[0]) / max(len(cell.text), 1)
    return cell.box[0] + wide * start, cell.box[0] + wide * end


def _overlap(column: Column, box: Box) -> float:
    return max(min(column.right, box[2]) - max(column.left, box[0]), 0.0)


def _distance(column: Column, box: Box) -> float:
    return min(abs(column.right - box[2]), abs(column.left - box[0]))


def layouts(rows: Sequence[Row]) -> dict[int, Layout]:
    """The rows that are headings, by their index, each with its layout."""
    found = ((index, layout_of(row)) for index, row in enumerate(rows))
    return {index: layout for index, layout in found if layout is not None}
