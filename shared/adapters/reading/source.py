"""An opened file: how many pages it has, and one page at a time, as text or as pixels to be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from shared.domain.document import Line, Page
from shared.ports import PageImage


@dataclass(frozen=True, slots=True)
class Raster:
    """A page that has to be read by OCR, and its size in the document's own unit (points, or pixels of a picture)."""

    image: PageImage
    width: float
    height: float


class Source(Protocol):
    """A file that was opened. Methods block: call them in a thread."""

    count: int
    warnings: tuple[str, ...]

    def verify(self) -> None:
        """Raise what is wrong with the whole file, as far as its first page shows it."""

    def page(self, number: int) -> Page | Raster:
        """Page `number` (from 1). Raises one of our errors when this page cannot be had."""

    def close(self) -> None:
        """Let go of the file."""


class NativeText:
    """A file whose pages are known as text: Word, plain text, e-mail."""

    def __init__(self, pages: list[str], warnings: tuple[str, ...] = ()) -> None:
        self.count = len(pages)
        self.warnings = warnings
        self._pages = pages

    def verify(self) -> None:
        """All of it was decoded already."""

    def page(self, number: int) -> Page:
        """The page's text and its lines; there are no places on it."""
        text = self._pages[number - 1]
        lines, at = [], 0
        for line in text.split("\n"):
            if line.strip():
                lines.append(Line(at, at + len(line)))
            at += len(line) + 1
        return Page(number, text, "native", lines=tuple(lines))

    def close(self) -> None:
        """Nothing is held."""


class NoSource:
    """An archive: it has no pages of its own, only members."""

    count = 0
    warnings: tuple[str, ...] = ()

    def verify(self) -> None:
        """Its table of contents was read already."""

    def page(self, number: int) -> Page:
        """There is none."""
        raise IndexError(number)

    def close(self) -> None:
        """Nothing is held."""


_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def tidy(text: str) -> str:
    """The text with \\n for every line end, without control characters and halves of characters no database takes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    return _LONE_SURROGATE.sub("\ufffd", _NOT_TEXT.sub("", text))
