"""Prose that is set in columns: found by its edges, and read column after column."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import linear_regression, mean, median

from shared.domain.pieces import CELL_GAP, Piece, Row

MOST_LEAN = 0.08
SLACK = 0.7  # of a line's height


def columns_in_order(rows: list[Row]) -> list[Row]:
    """Where a part of the page is prose in columns, its left column before its right one."""
    part = _columned_part(rows)
    if part is None:
        return rows
    start, end, edge = part
    left, right = _sides(rows[start:end], edge)
    return [
        *columns_in_order(rows[:start]),
        *columns_in_order(left),
        *columns_in_order(right),
        *columns_in_order(rows[end:]),
    ]


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where a column begins: nearly upright, leaning in a photo taken at an angle."""

    at_top: float
    lean: float

    def right_of(self, cell: Piece) -> float:
        """By how many of its heights the edge stands right of the cell's beginning."""
        return (self.at_top + self.lean * cell.middle - cell.place[0]) / cell.height

    def crossed_by(self, row: Row) -> bool:
        """Whether a cell lies on both sides; in a crooked picture a little does not count."""
        return any(SLACK < self.right_of(c) < (c.place[2] - c.place[0]) / c.height - SLACK for c in row)


def _sides(rows: list[Row], edge: _Edge) -> tuple[list[Row], list[Row]]:
    """The cells left and right of an edge, in rows; rows without any are left out."""
    left = [[c for c in row if edge.right_of(c) > SLACK] for row in rows]
    right = [[c for c in row if edge.right_of(c) <= SLACK] for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _columned_part(rows: list[Row]) -> tuple[int, int, _Edge] | None:
    """The longest stretch of rows `[start, end)` with prose on both sides of an edge, and that edge."""
    best: tuple[int, int, _Edge] | None = None
    for edge in _left_edges(rows):
        for start, end in _stretches(rows, edge):
            if (best is None or end - start > best[1] - best[0]) and all(
                _is_prose(side) for side in _sides(rows[start:end], edge)
            ):
                best = (start, end, edge)
    return best


def _left_edges(rows: list[Row]) -> list[_Edge]:
    """Where at least five cells begin below each other, a little to the left of them."""
    cells = sorted((cell for row in rows for cell in row), key=lambda c: c.place[0])
    groups: list[list[Piece]] = []
    for cell in cells:
        if groups and cell.place[0] - groups[-1][-1].place[0] < 0.5 * cell.height:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return [_edge_of(group) for group in groups[1:] if len(group) >= 5]


def _edge_of(group: list[Piece]) -> _Edge:
    """The line along which the cells begin: least squares, then moved to the left of them all."""
    middles, lefts = [c.middle for c in group], [c.place[0] for c in group]
    spread = max(middles) - min(middles)
    lean = linear_regression(middles, lefts).slope if spread > 0 else 0.0
    if abs(lean) > MOST_LEAN:
        lean = 0.0
    margin = 0.3 * median(c.height for c in group)
    return _Edge(min(x - lean * y for x, y in zip(lefts, middles, strict=True)) - margin, lean)


def _stretches(rows: list[Row], edge: _Edge) -> list[tuple[int, int]]:
    """Stretches of rows that nothing crosses the edge in, without wide empty bands, from right cell to right cell."""
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(len(rows) + 1):
        if at < len(rows) and not edge.crossed_by(rows[at]) and (at == start or not _far(rows[at - 1], rows[at])):
            continue
        found.append((start, at))
        start = at + 1 if at < len(rows) and edge.crossed_by(rows[at]) else at
    return [(a, b) for a, b in found if b - a >= 5]


def _far(above: Row, below: Row) -> bool:
    gap = min(c.place[1] for c in below) - max(c.place[3] for c in above)
    return gap > 3 * median(c.height for c in [*above, *below])


def _is_prose(rows: list[Row]) -> bool:
    """Full lines of several words, mostly letters: not cells of a table, not a column of names before the talk."""
    if len(rows) < 5:
        return False
    texts = [CELL_GAP.join(c.text for c in row) for row in rows]
    width = max(row[-1].place[2] for row in rows) - min(row[0].place[0] for row in rows)
    letters = sum(ch.isalpha() for text in texts for ch in text)
    return (
        median(len(text) for text in texts) >= 20
        and mean(len(text.split()) for text in texts) >= 3
        and letters >= 0.6 * sum(len("".join(text.split())) for text in texts)
        and median(row[-1].place[2] - row[0].place[0] for row in rows) >= 0.6 * width
        and sum(len(row) > 1 for row in rows) <= 0.3 * len(rows)
    )
