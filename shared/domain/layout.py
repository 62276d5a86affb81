"""From pieces of text with places on a page to lines in reading order.

A table that was drawn column by column comes out in rows; prose set in columns comes out column after column.
Cells of one row stand two spaces apart in the text, words of one cell one space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean, median

from shared.domain.document import Line

Box = tuple[float, float, float, float]

MOST_LEAN = 0.08
SLACK = 0.7  # of a line's height

CELL_GAP = "  "
WORD_GAP = " "


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on an upright page.

    `place` is (left, top, right, bottom) in one unit for both axes, y downwards: it decides the order.
    `box` is the same place as the reader of the page sees it, in fractions of the page.
    """

    text: str
    place: Box
    box: Box
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """From top to bottom, never zero."""
        return max(self.place[3] - self.place[1], 1e-6)

    @property
    def middle(self) -> float:
        """The height at which the piece stands."""
        return (self.place[1] + self.place[3]) / 2


Row = list[Piece]


def arrange(
    pieces: Sequence[Piece], touching: float | None = None, cell_gap: float = 1.2
) -> tuple[str, tuple[Line, ...]]:
    """The text of a page and its lines, from pieces in any order.

    `touching`: pieces nearer than this share of their height are one word; None when boxes are too coarse to tell.
    `cell_gap`: pieces farther apart than this share of their height are two cells.
    """
    rows = [_join_words(row, touching, cell_gap) for row in _rows(pieces)]
    return compose(_columns_in_order(rows))


def compose(rows: Sequence[Row], before: str = "") -> tuple[str, tuple[Line, ...]]:
    """One line of text a row, after the text `before`; offsets count from the beginning of `before`."""
    parts: list[str] = [before] if before else []
    lines: list[Line] = []
    at = len(before) + 1 if before else 0
    for row in rows:
        text = CELL_GAP.join(piece.text for piece in row)
        box = _around([piece.box for piece in row])
        lines.append(Line(at, at + len(text), box, _confidence(row)))
        parts.append(text)
        at += len(text) + 1
    return "\n".join(parts), tuple(lines)


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces that stand at one height, from left to right; rows from top to bottom.

    A piece is compared with the nearest of a row: rows of a photo bend and fan out.
    """
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: p.middle):
        for row in reversed(rows[-4:]):
            beside = min(row, key=lambda p: abs(p.place[0] + p.place[2] - piece.place[0] - piece.place[2]))
            if abs(piece.middle - beside.middle) < 0.5 * min(piece.height, beside.height):
                row.append(piece)
                break
        else:
            rows.append([piece])
    rows.sort(key=lambda row: mean(p.middle for p in row))
    return [sorted(row, key=lambda p: p.place[0]) for row in rows]


def _join_words(row: Row, touching: float | None, cell_gap: float) -> Row:
    """Join neighbours that stand a word's space apart: what remains are cells."""
    cells = [row[0]]
    for piece in row[1:]:
        last = cells[-1]
        gap = (piece.place[0] - last.place[2]) / min(last.height, piece.height)
        if gap >= cell_gap:
            cells.append(piece)
            continue
        between = "" if touching is not None and gap < touching else WORD_GAP
        cells[-1] = Piece(
            last.text + between + piece.text,
            _around([last.place, piece.place]),
            _around([last.box, piece.box]),
            _confidence([last, piece]),
        )
    return cells


def _columns_in_order(rows: list[Row]) -> list[Row]:
    """Where a part of the page is prose in columns, its left column before its right one."""
    part = _columned_part(rows)
    if part is None:
        return rows
    start, end, edge = part
    left, right = _sides(rows[start:end], edge)
    return [
        *_columns_in_order(rows[:start]),
        *_columns_in_order(left),
        *_columns_in_order(right),
        *_columns_in_order(rows[end:]),
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


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _confidence(pieces: Sequence[Piece]) -> float:
    """Weighted by characters."""
    weight = sum(len(p.text) for p in pieces)
    return sum(p.confidence * len(p.text) for p in pieces) / weight if weight else 1.0
