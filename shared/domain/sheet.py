"""The pages of a paper as rows of cells with places: what the rules of extraction look at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.domain.document import PAGE_BREAK, Line, Page
from shared.domain.labelled import TextLine
from shared.domain.pieces import Box

_CELL = re.compile(r"\S+(?:[ \xa0]\S+)*")
_LONGEST = 400  # characters of a line that are looked at: longer ones are prose


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of words of a row, set apart from the next; `start` counts in the document's canonical text.

    `box` is in fractions of the page, None where the format knows no places; `confidence` is the reader's (0-1).
    """

    text: str
    start: int
    box: Box | None = None
    confidence: float = 1.0

    @property
    def end(self) -> int:
        """Where the cell ends."""
        return self.start + len(self.text)

    def above(self, other: Cell) -> bool:
        """Whether the two share a part of the page's width, so that one can head the other. False without places."""
        if self.box is None or other.box is None:
            return False
        return min(self.box[2], other.box[2]) - max(self.box[0], other.box[0]) > 0


@dataclass(frozen=True, slots=True)
class Row(TextLine):
    """A line of a page with its cells."""

    page: int
    cells: tuple[Cell, ...]

    @property
    def box(self) -> Box | None:
        """Around all cells; None without places."""
        return around([cell.box for cell in self.cells])

    def under(self, start: int, end: int, below: TextLine, depth: int) -> list[tuple[str, int]]:
        """The cells of a row below that stand under the label's cell, if the label is most of it."""
        head = self.cells[self.cell_at(self.start + start)]
        if head.box is None or not isinstance(below, Row):
            return TextLine.under(self, start, end, below, depth)
        if 2 * (end - start) < len(head.text) or below.page != self.page:
            return []
        return [(cell.text, cell.start) for cell in below.cells if head.above(cell)]

    def cell_at(self, offset: int) -> int:
        """The index of the cell that holds a character, or of the last one before it."""
        return max(bisect_right([cell.start for cell in self.cells], offset) - 1, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document's canonical text and its rows that are not blank, in reading order."""

    text: str
    rows: tuple[Row, ...]

    def place(self, start: int, end: int) -> tuple[int | None, Box | None, float]:
        """Page, box, and the reader's confidence of characters; None where that is not known."""
        first = max(bisect_right(self.rows, start, key=lambda row: row.start) - 1, 0)
        touched = [row for row in self.rows[first : first + 12] if row.start < end and row.end > start]
        if not touched:
            return None, None, 1.0
        rows = [row for row in touched if row.page == touched[0].page]
        cells = [cell for row in rows for cell in row.cells if cell.start < end and cell.end > start]
        sure = min((cell.confidence for cell in cells), default=1.0)
        return touched[0].page, around([cell.box for cell in cells]), sure


def around(boxes: Sequence[Box | None]) -> Box | None:
    """The box around boxes; None when there is none."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    lefts, tops, rights, bottoms = zip(*known, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def sheet_of(pages: Sequence[Page]) -> Sheet:
    """The sheet of a document's pages. A page without lines (plain text) is cut at its line ends, without places."""
    rows: list[Row] = []
    at = 0
    for page in pages:
        rows += (row for line in page.lines or _plain_lines(page.text) for row in _row(page, line, at))
        at += len(page.text) + len(PAGE_BREAK)
    return Sheet(PAGE_BREAK.join(page.text for page in pages), tuple(rows))


def flat_sheet(text: str) -> Sheet:
    """The sheet of a text without places, whose pages are parted by form feeds."""
    return sheet_of([Page(number, part, "native") for number, part in enumerate(text.split(PAGE_BREAK), start=1)])


def _plain_lines(text: str) -> Iterator[Line]:
    for match in re.finditer(r"[^\n\r]+", text):
        yield Line(match.start(), match.end())


def _row(page: Page, line: Line, offset: int) -> Iterator[Row]:
    """The line as a row; nothing for a blank one."""
    raw = page.text[line.start : line.end]
    text = raw.strip()[:_LONGEST]
    if not text:
        return
    start = line.start + raw.index(text)
    cells = tuple(
        Cell(
            match.group(),
            offset + start + match.start(),
            _cell_box(line, start + match.start(), start + match.end()),
            _cell_confidence(line, start + match.start(), start + match.end()),
        )
        for match in _CELL.finditer(text)
    )
    yield Row(text, offset + start, page.number, cells)


def _cell_box(line: Line, start: int, end: int) -> Box | None:
    """Around the cell's words; without words, the line's box cut by the share of characters."""
    if line.box is None:
        return None
    words = around([word.box for word in line.words if word.start < end and word.end > start])
    if words is not None:
        return words
    left, top, right, bottom = line.box
    wide = (right - left) / max(line.end - line.start, 1)
    return left + wide * (start - line.start), top, left + wide * (end - line.start), bottom


def _cell_confidence(line: Line, start: int, end: int) -> float:
    words = [word.confidence for word in line.words if word.start < end and word.end > start]
    return min(words, default=line.confidence)
