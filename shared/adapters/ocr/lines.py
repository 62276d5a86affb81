"""A line as PP-OCR reads it: its characters, and where along the line each lies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.adapters.ocr.geometry import Picture


Readings = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A word of a line. `left` and `right` are shares of the line's length; `confidence` its least sure character's."""

    text: str
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Char:
    """A character that is no space: its middle as a share of the line's length, and how sure the engine is (0-1).

    `advance` is from the middle of the one before to its own, `gap` the widest blank between them, both in heights of
    the line; 0 for the first. `readings` are what the engine took it for where it wavered, with how likely each is.
    """

    middle: float
    confidence: float
    advance: float = 0.0
    gap: float = 0.0
    readings: Readings = ()


@dataclass(frozen=True, slots=True)
class ReadLine:
    """The text of a line, how sure the engine is of it (0-1), and its characters without the spaces."""

    text: str
    score: float
    chars: tuple[Char, ...] = ()

    def spans(self) -> Iterator[Span]:
        """The line's words. A word reaches half a character beyond the middles of its first and last ones.

        It never reaches beyond the middle between two words.
        """
        half = median([b.middle - a.middle for a, b in pairwise(self.chars)] or [0.0]) / 2
        at, words = 0, []
        for match in re.finditer(r"\S+", self.text):
            words.append((match.group(), self.chars[at : at + len(match.group())]))
            at += len(match.group())
        edges = [0.0, *((a[-1].middle + b[0].middle) / 2 for (_, a), (_, b) in pairwise(words)), 1.0]
        for (text, chars), left, right in zip(words, edges, edges[1:], strict=False):
            yield Span(
                text,
                max(chars[0].middle - half, left),
                min(chars[-1].middle + half, right),
                min(char.confidence for char in chars),
            )


def line_of(crop: Picture, text: str, score: float, found: Any, readings: Sequence[Readings]) -> ReadLine:
    """A line from rapidocr's WordInfo: the column of each character that is no space, of so many columns.

    `readings` are those of every character of the text.
    """
    solid = [at for at, char in enumerate(text) if not char.isspace()]
    middles = [(column + 0.5) / found.line_txt_len for word in found.word_cols for column in word]
    blank, shape = _blank_columns(crop), crop.shape[1] / crop.shape[0]
    chars = []
    for at, (index, middle) in enumerate(zip(solid, middles, strict=True)):
        before = middles[at - 1] if at else middle
        gap = _longest(blank[round(before * len(blank)) : round(middle * len(blank))]) / crop.shape[0]
        chars.append(Char(middle, found.confs[index], (middle - before) * shape, gap, readings[index]))
    return ReadLine(text, score, tuple(chars))


def _blank_columns(crop: Picture) -> list[bool]:
    """For each column of pixels whether there is no ink in it. The edges above and below may show other lines."""
    import cv2

    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    _, dark = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = 1 - dark if dark.mean() > 0.5 else dark
    edge = max(len(ink) // 8, 1)
    blank: list[bool] = (ink[edge:-edge].sum(axis=0) == 0).tolist()
    return blank


def _longest(flags: list[bool]) -> int:
    """The longest stretch of true values."""
    longest = stretch = 0
    for flag in flags:
        stretch = stretch + 1 if flag else 0
        longest = max(longest, stretch)
    return longest
