"""Text with a place on a page: what OCR and text layers find before it is put into order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]

CELL_GAP = "  "
WORD_GAP = " "


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a piece, without white space, its box in fractions of the page, and how sure the reader is (0-1)."""

    text: str
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on an upright page.

    `place` is (left, top, right, bottom) in one unit for both axes, y downwards: it decides the order.
    `box` is the same place as the reader of the page sees it, in fractions of the page. `words` are those of `text`,
    or none when their places are not known.
    """

    text: str
    place: Box
    box: Box
    confidence: float = 1.0
    words: tuple[Token, ...] = ()

    @property
    def height(self) -> float:
        """From top to bottom, never zero."""
        return max(self.place[3] - self.place[1], 1e-6)

    @property
    def middle(self) -> float:
        """The height at which the piece stands."""
        return (self.place[1] + self.place[3]) / 2


Row = list[Piece]


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
