"""The text layer of a PDF page: its characters as runs with places, and whether it is of any use."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.reading.pdf_frame import Frame
from shared.adapters.reading.source import tidy
from shared.domain.pieces import Box, Piece, Token, around

LINE_ENDS = frozenset({10, 13})
HYPHENS = frozenset({2, 0xFFFE})  # how PDFium writes a hyphen at the end of a line
HIDDEN_MODES = frozenset({3, 7})  # text that paints nothing: the layer behind a scan, or something to hide
WIDE_GAP = 1.2  # of the height: wider than any space between words
OTHER_LINE = 0.8
VOWELS = frozenset("aeiouyáéíóúüàèìòùâêîôûäöåæøãõ")


@dataclass(slots=True)
class Run:
    """Characters that stand side by side; the box is in fractions of the turned page."""

    hidden: bool
    text: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    def piece(self, size: tuple[float, float]) -> Piece:
        """The run as a piece; places in points."""
        left, top, right, bottom = box = around(self.boxes)
        width, height = size
        place = (left * width, top * height, right * width, bottom * height)
        return Piece(tidy("".join(self.text)).strip(), place, _inside(box), words=tuple(self._words()))

    def _words(self) -> Iterator[Token]:
        """A word begins where white space goes before a character."""
        starts = [at for at, text in enumerate(self.text) if at == 0 or (len(text) > 1 and text[0].isspace())]
        for start, end in zip(starts, [*starts[1:], len(self.text)], strict=True):
            if text := tidy("".join(self.text[start:end])).strip():
                yield Token(text, _inside(around(self.boxes[start:end])))


def _inside(box: Box) -> Box:
    left, top, right, bottom = (round(min(max(value, 0.0), 1.0), 5) for value in box)
    return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Layer:
    """The text layer: runs along the page's main direction, others (stamps up the margin), and unmapped characters."""

    runs: list[Run]
    aside: list[Run]
    unmapped: int

    def text(self) -> str:
        """All characters, in the order in which they were drawn."""
        return "\n".join("".join(run.text) for run in [*self.runs, *self.aside])


def quarter_turns(textpage: Any, count: int, rotation: int) -> int:
    """Clockwise quarter turns that make most characters upright; the page's own rotation when there are none."""
    import pypdfium2.raw as pdfium

    votes = [0, 0, 0, 0]
    for index in range(0, count, max(count // 200, 1)):
        if pdfium.FPDFText_GetUnicode(textpage, index) > 32:
            votes[_quarter(pdfium.FPDFText_GetCharAngle(textpage, index))] += 1
    return votes.index(max(votes)) if any(votes) else rotation // 90


def read_layer(textpage: Any, count: int, frame: Frame) -> Layer:
    """All characters as runs. A run ends where PDFium ends a line, at a wide gap, and where text becomes invisible."""
    runs: list[Run] = []
    aside: list[Run] = []
    for run, quarter in _runs(textpage, count, frame):
        (runs if quarter == frame.quarters else aside).append(run)
    return Layer(runs, aside, _unmapped(textpage, count))


def _runs(textpage: Any, count: int, frame: Frame) -> Iterator[tuple[Run, int]]:
    box_of = _boxes(textpage, frame)
    run: Run | None = None
    quarter, word_begins, spaces = frame.quarters, True, ""
    for index, char in _characters(textpage, count):
        if char == "\n":
            if run:
                yield run, quarter
            run, word_begins, spaces = None, True, ""
            continue
        if char.isspace():
            word_begins, spaces = True, spaces + char
            continue
        box = box_of(index)
        hidden, turned = _look(textpage, index) if word_begins or run is None else (run.hidden, quarter)
        if run and (turned != quarter or hidden != run.hidden or _apart(run.boxes[-1], box, frame)):
            yield run, quarter
            run, spaces = None, ""
        if run is None:
            run, quarter, spaces = Run(hidden), turned, ""
        run.text.append(spaces + char)
        run.boxes.append(box)
        word_begins, spaces = False, ""
    if run:
        yield run, quarter


def _characters(textpage: Any, count: int) -> Iterator[tuple[int, str]]:
    """Index and character; the two halves of a character beyond 16 bits are put together."""
    import pypdfium2.raw as pdfium

    ask = pdfium.FPDFText_GetUnicode
    high = 0
    for index in range(count):
        code = ask(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if code in LINE_ENDS:
            yield index, "\n"
        elif code:
            yield index, "-" if code in HYPHENS else chr(code)


def _boxes(textpage: Any, frame: Frame) -> Callable[[int], Box]:
    """A function from a character's index to its box; made once, for it is called for every character."""
    import pypdfium2.raw as pdfium

    rect, ask, place = pdfium.FS_RECTF(), pdfium.FPDFText_GetLooseCharBox, frame.box

    def box(index: int) -> Box:
        ask(textpage, index, rect)
        a, b, c, d = rect.left, rect.bottom, rect.right, rect.top
        return place(a if a < c else c, b if b < d else d, c if a < c else a, d if b < d else b)

    return box


def _look(textpage: Any, index: int) -> tuple[bool, int]:
    """Whether a character paints nothing, and its direction in quarter turns."""
    import pypdfium2.raw as pdfium

    drawn = pdfium.FPDFText_GetTextObject(textpage, index)
    hidden = bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) in HIDDEN_MODES
    return hidden, _quarter(pdfium.FPDFText_GetCharAngle(textpage, index))


def _quarter(angle: float) -> int:
    """PDFium measures a character's turn clockwise, in radians: the clockwise quarter turns that undo it."""
    return -round(angle / (math.pi / 2)) % 4 if angle >= 0 else 0


def _apart(last: Box, box: Box, frame: Frame) -> bool:
    width, height = frame.size
    tall = max(last[3] - last[1], box[3] - box[1]) * height
    gap = (box[0] - last[2]) * width
    drop = abs((box[1] + box[3]) - (last[1] + last[3])) / 2 * height
    return drop > OTHER_LINE * tall or gap > WIDE_GAP * tall or gap < -WIDE_GAP * tall - (last[2] - last[0]) * width


def _unmapped(textpage: Any, count: int) -> int:
    """About how many characters have no meaning in Unicode, from a sample."""
    import pypdfium2.raw as pdfium

    step = max(count // 400, 1)
    return step * sum(int(pdfium.FPDFText_HasUnicodeMapError(textpage, i) == 1) for i in range(0, count, step))


def makes_sense(text: str, unmapped: int) -> bool:
    """Whether a text layer is words: not the codes of a font without a map, and not garbage."""
    solid = re.sub(r"\s+", "", text)
    bad = sum(unicodedata.category(ch) in ("Cc", "Co", "Cn", "Cs") or ch == "\ufffd" for ch in solid)
    if not solid or max(bad, unmapped) > 0.05 * len(solid):
        return False
    words = sum(len(word) for word in re.findall(r"[^\W\d_]{2,}|\d[\d.,/:-]*", text))
    return words >= 0.5 * len(solid) and _has_vowels(solid)


def _has_vowels(text: str) -> bool:
    """A font whose map is shuffled gives letters, but not the vowels of a language. Needs a hundred Latin letters."""
    letters = [ch for ch in text.lower() if "a" <= ch <= "z" or ch in VOWELS]
    return len(letters) < 100 or 0.2 <= sum(ch in VOWELS for ch in letters) / len(letters) <= 0.7
