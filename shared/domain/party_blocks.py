"""Blocks of a paper that speak of one party: the cells under "Bill to", or beside each other in two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.domain import paper_labels as labels
from shared.domain.sheet import Cell, Row

_LINES = 9
_SLACK = 0.03  # of the page's width: how far left of its heading a block may begin
_NEXT_COLUMN = 0.25  # of the page's width: what begins so far right of a heading stands in another column
_GAP = 2.5  # of a line's height: more is the end of a block
_FIRST_GAP = 8.0  # under a heading that fills its cell, or the sender's line over the window of an envelope
_HEADS = re.compile(r"[\s:]*$|\s*:(?!\W*\w{0,3}\d[\d/ .-]*$)")  # not before a number: "Customer: 22"


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of a block, heading apart: each a text and its place. Several cells of a row are two blanks apart."""

    lines: tuple[tuple[str, int], ...]

    def holds(self, start: int) -> bool:
        """Whether a character lies in one of its lines."""
        return any(at <= start < at + len(text) for text, at in self.lines)


def blocks(rows: Sequence[Row], label: re.Pattern[str]) -> list[Block]:
    """The blocks under a label, in the order of the paper. A label in the midst of a sentence heads none."""
    found = []
    for index, row in enumerate(rows):
        for at, cell in enumerate(row.cells):
            match = label.match(cell.text)
            if match and _HEADS.match(cell.text[match.end() :]):
                found.append(_block(rows, index, at, match.end()))
    return [block for block in found if block.lines]


def block_under(rows: Sequence[Row], index: int, at: int, slack: float = _SLACK, near: bool = False) -> Block:
    """The block under a cell that is itself no part of it; `near`: only what follows it line by line, not wider."""
    head = rows[index].cells[at]
    left, right = _bounds(rows[index], at, False, slack)
    if near and head.box:
        right = min(right, max(head.box[2], left + 2 * slack))
    return Block(tuple(_below(rows, index, at, (left, right), _GAP if near else _FIRST_GAP)))


def _block(rows: Sequence[Row], index: int, at: int, label_end: int) -> Block:
    head = rows[index].cells[at]
    lines: list[tuple[str, int]] = []
    rest = head.text[label_end:].lstrip(" :.")
    if rest:
        lines.append((rest, head.end - len(rest)))
    elif _announces(head) and at + 1 < len(rows[index].cells) and not _is_heading(beside := rows[index].cells[at + 1]):
        lines.append((beside.text, beside.start))
    lines += ((cell.text, cell.start) for cell in rows[index].cells[at + 1 :] if labels.ADDRESS.match(cell.text))
    bounds = _bounds(rows[index], at, bool(lines), _SLACK)
    return Block((*lines, *_below(rows, index, at, bounds, _GAP if label_end < len(head.text) else _FIRST_GAP)))


def _below(
    rows: Sequence[Row], index: int, at: int, bounds: tuple[float, float], most: float
) -> Iterator[tuple[str, int]]:
    """The lines under a cell within bounds, up to a gap or another heading; `most`: how far the first may stand."""
    last = head = rows[index].cells[at]
    values: list[float] = []
    for row in rows[index + 1 : index + 1 + _LINES]:
        cells = _of_column([cell for cell in row.cells if _within(cell, *bounds)], head, values)
        if row.page != rows[index].page or (cells and (_ends(cells[0], last, most) or _is_heading(cells[0]))):
            return
        if cells:
            yield "  ".join(cell.text for cell in cells), cells[0].start
            last, most = cells[0], _GAP


def _of_column(cells: Sequence[Cell], head: Cell, values: list[float]) -> Sequence[Cell]:
    """The cells of a row without those of the next column of the page; `values` are where values of labels begin.

    A block is either lines one below the other, or labels with their values beside them.
    """
    if not cells or cells[0].box is None or head.box is None:
        return cells
    left = cells[0].box[0]
    if left - head.box[0] > _NEXT_COLUMN:
        return cells if any(abs(left - value) < _SLACK for value in values) else []
    if cells[0].text.rstrip().endswith(":"):
        values += [cell.box[0] for cell in cells[1:2] if cell.box]
        return cells
    count = 1
    while count < len(cells) and _touch(cells[count - 1], cells[count]):
        count += 1
    return cells[:count]


def _touch(left: Cell, right: Cell) -> bool:
    """Whether one cell goes on where the other ends; of a cell without a place nobody knows."""
    return left.box is not None and right.box is not None and right.box[0] - left.box[2] < _SLACK


def _announces(head: Cell) -> bool:
    """Whether a value may stand beside the heading: after a colon, or where no places tell that it does not."""
    return head.box is None or head.text.rstrip().endswith(":")


def _bounds(row: Row, at: int, beside: bool, slack: float) -> tuple[float, float]:
    """From a little left of the heading to the next heading beside it; without places, everything."""
    box = row.cells[at].box
    if box is None:
        return 0.0, 1.0
    others = [cell.box[0] for cell in row.cells[at + 1 + beside :] if cell.box]
    return box[0] - slack, min(others, default=1.0) - 0.01


def _within(cell: Cell, left: float, right: float) -> bool:
    return cell.box is None or left <= cell.box[0] < right


def _is_heading(cell: Cell) -> bool:
    patterns = (labels.BUYER, labels.SELLER, labels.OTHER_PARTY)
    matches = [pattern.match(cell.text) for pattern in patterns]
    return any(match and _HEADS.match(cell.text[match.end() :]) for match in matches)


def _ends(cell: Cell, above: Cell, most: float) -> bool:
    if cell.box is None or above.box is None:
        return False
    height = max(above.box[3] - above.box[1], 1e-6)
    return cell.box[1] - above.box[3] > most * height
