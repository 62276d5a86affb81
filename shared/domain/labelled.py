"""Values that stand behind, or under, a label: how business papers say what is what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_LINE = re.compile(r"[^\n\r\f]+")
T = TypeVar("T")
_LONGEST = 400  # characters of a line that are looked at: longer ones are prose
_ROWS_UNDER = 2
_AFTER_LABEL = re.compile(r"[\s:.#º°=*>-]*")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line and its characters `[start, end)`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the line ends."""
        return self.start + len(self.text)

    def under(self, start: int, end: int, below: TextLine, depth: int) -> list[tuple[str, int]]:
        """What stands in a line below under the characters of a label, with its place; the next line has depth 1.

        Where columns are not known, the whole next line, and only when the label ends its own. After other words it
        may head one column of several: then the next line must be a single word.
        """
        several = start > 0 and " " in below.text
        ends = not _AFTER_LABEL.sub("", self.text[end:], count=1)
        return [(below.text, below.start)] if depth == 1 and ends and not several else []


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value, its characters `[start, end)`, and how sure it is (0-1)."""

    value: T
    start: int
    end: int
    confidence: float


Reader = Callable[[str, int], Sequence[Read[T]]]


def text_lines(text: str) -> list[TextLine]:
    """The lines that are not blank, without the blanks around them."""
    found = []
    for match in _LINE.finditer(text):
        stripped = match.group().strip()[:_LONGEST]
        if stripped:
            found.append(TextLine(stripped, match.start() + match.group().index(stripped)))
    return found


def labelled(
    lines: Sequence[TextLine], label: re.Pattern[str], reader: Reader[T], reach: int = 40
) -> Iterator[Read[T]]:
    """What `reader(text, offset)` finds behind the label, or else under it.

    `reach`: how many characters may stand between label and value. A value under its label is less sure.
    """
    for index, line in enumerate(lines):
        for match in label.finditer(line.text):
            found = reader(line.text[match.end() :], line.start + match.end())
            if found and found[0].start - line.start - match.end() <= reach:
                yield found[0]
            else:
                yield from _under(lines[index : index + 1 + _ROWS_UNDER], match, reader)


def _under(lines: Sequence[TextLine], match: re.Match[str], reader: Reader[T]) -> Iterator[Read[T]]:
    """The first value in the column under a label that heads it."""
    for depth, below in enumerate(lines[1:], start=1):
        for text, offset in lines[0].under(match.start(), match.end(), below, depth):
            found = reader(text, offset)
            if found and found[0].start - offset <= 3:
                yield Read(found[0].value, found[0].start, found[0].end, found[0].confidence * (0.9 - 0.15 * depth))
                return


def best(found: Sequence[Read[T]]) -> Read[T] | None:
    """The surest reading, the first among equals. Readings of one label that differ make each other less sure."""
    if not found:
        return None
    chosen = max(found, key=lambda read: read.confidence)
    rivals = {str(read.value) for read in found if read.confidence == chosen.confidence}
    certainty = chosen.confidence if len(rivals) == 1 else chosen.confidence * 0.7
    return Read(chosen.value, chosen.start, chosen.end, certainty)
