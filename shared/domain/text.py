"""Views: cleaned text that knows where each of its characters stands in the original.

A view is what people and models read; the original (a document's canonical text) is what quotes are stored against.
All offsets are Unicode code points, half-open `[start, end)`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Run = tuple[int, int, int]


@dataclass(frozen=True)
class View:
    """A cleaned text with a map back to its original.

    A run `(at, start, end)` says that the clean characters from `at` up to the next run stand for the original
    `[start, end)`. Where both are of one length they correspond one to one; where they differ (`ﬁ` became `fi`, a
    letter and its accent became one) the run is an atom that is only ever mapped whole. Originals between runs were
    dropped by cleaning.
    """

    text: str
    runs: tuple[Run, ...]

    @classmethod
    def plain(cls, text: str, start: int = 0) -> View:
        """A view of text that is its own original; `start` is where it begins there."""
        return cls(text, ((0, start, start + len(text)),) if text else ())

    @cached_property
    def _starts(self) -> list[int]:
        return [run[0] for run in self.runs]

    def _run_at(self, position: int) -> tuple[int, int, int, int]:
        """The run that holds clean `position`, as (clean start, clean end, original start, original end)."""
        index = bisect_right(self._starts, position) - 1
        at, start, end = self.runs[index]
        following = self._starts[index + 1] if index + 1 < len(self.runs) else len(self.text)
        return at, following, start, end

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the clean slice `[start, end)` stands in the original: the shortest range that cleans to it.

        An empty slice maps to an empty range. ValueError when the slice is not within the view.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is not within a view of {len(self.text)} characters")
        if start == end:
            return self._original_point(start)
        at, following, first, last = self._run_at(start)
        begin = first + start - at if following - at == last - first else first
        at, following, first, last = self._run_at(end - 1)
        return begin, first + end - at if following - at == last - first else last

    def _original_point(self, position: int) -> tuple[int, int]:
        if not self.runs:
            return 0, 0
        if position == len(self.text):
            return self.runs[-1][2], self.runs[-1][2]
        start, _ = self.original(position, position + 1)
        return start, start

    def slice(self, start: int, end: int) -> View:
        """The part `[start, end)` as a view of its own, still mapped to the same original."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is not within a view of {len(self.text)} characters")
        if start == end:
            return View("", ())
        runs: list[Run] = []
        index = bisect_right(self._starts, start) - 1
        while index < len(self.runs) and self._starts[index] < end:
            at, following, first, last = self._run_at(self._starts[index])
            left, right = max(at, start), min(following, end)
            if following - at == last - first:
                first, last = first + left - at, first + right - at
            runs.append((left - start, first, last))
            index += 1
        return View(self.text[start:end], tuple(runs))

    def to_plain(self) -> dict[str, Any]:
        """Plain JSON: `{"text": str, "runs": [[at, start, end], …]}`."""
        return {"text": self.text, "runs": [list(run) for run in self.runs]}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> View:
        """The view that `to_plain` wrote."""
        return cls(plain["text"], tuple((at, start, end) for at, start, end in plain["runs"]))


class ViewBuilder:
    """Builds a view from front to back out of copied and replaced pieces of an original."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._pieces: list[str] = []
        self._runs: list[Run] = []
        self._length = 0

    def copy(self, start: int, end: int) -> None:
        """Take the original `[start, end)` as it is."""
        self.put(self._original[start:end], start, end)

    def put(self, text: str, start: int, end: int) -> None:
        """Let `text` stand for the original `[start, end)`; empty text drops it."""
        if not text:
            return
        if not self._extends(text, start, end):
            self._runs.append((self._length, start, end))
        self._pieces.append(text)
        self._length += len(text)

    def _extends(self, text: str, start: int, end: int) -> bool:
        """Lengthen the last run where it and the new piece both map one to one and touch: fewer runs to store."""
        if not self._runs or len(text) != end - start:
            return False
        at, first, last = self._runs[-1]
        if last != start or self._length - at != last - first:
            return False
        self._runs[-1] = (at, first, end)
        return True

    def replace(self, start: int, end: int, edits: Iterable[tuple[int, int, str]]) -> None:
        """Copy `[start, end)` with edits `(start, end, replacement)`, which come in order and do not overlap."""
        for first, last, replacement in edits:
            self.copy(start, first)
            self.put(replacement, first, last)
            start = last
        self.copy(start, end)

    def view(self) -> View:
        """What was built."""
        return View("".join(self._pieces), tuple(self._runs))


def page_of(position: int, page_starts: Sequence[int]) -> int:
    """The number of the page (from 1) that holds the original `position`."""
    return max(1, bisect_right(page_starts, position))
