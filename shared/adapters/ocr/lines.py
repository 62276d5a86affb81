"""A line as PP-OCR reads it: its text, and where along the line each word lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A word of a line. `left` and `right` are shares of the line's length; `confidence` its least sure character's."""

    text: str
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class ReadLine:
    """The text of a line, how sure the engine is of it (0-1), and its words."""

    text: str
    score: float
    spans: tuple[Span, ...]


def spans_of(text: str, found: Any) -> tuple[Span, ...]:
    """The words of a line from rapidocr's WordInfo: the column of each character that is no space, of so many columns.

    The network looks at a line in columns and tells a character about where its middle is: a word reaches half a
    character further on both sides, but never beyond the middle between two words.
    """
    solid = [at for at, char in enumerate(text) if not char.isspace()]
    columns = [column for word in found.word_cols for column in word]
    if not solid or len(solid) != len(columns):
        return ()
    column = dict(zip(solid, columns, strict=True))
    half = median([b - a for a, b in pairwise(columns)] or [2]) / 2
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    edges = [0.0, *((column[a[1] - 1] + column[b[0]]) / 2 for a, b in pairwise(words)), found.line_txt_len]
    return tuple(
        Span(
            text[start:end],
            max(column[start] - half, edges[at]) / found.line_txt_len,
            min(column[end - 1] + half + 1, edges[at + 1] + 1, found.line_txt_len) / found.line_txt_len,
            min(found.confs[start:end]),
        )
        for at, (start, end) in enumerate(words)
    )
