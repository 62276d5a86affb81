"""Cleaning: from pages as they were read to text as it was meant, with a map back to every character.

Nothing is invented: furniture, hyphens of broken words and invisible characters go, line wraps become spaces, and
ligatures and loose accents become plain letters. Linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.domain.document import PAGE_BREAK
from shared.domain.furniture import furniture
from shared.domain.text import View, ViewBuilder

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+|\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061-\u2064\ufeff\ufffe\x00-\x08\x0e-\x1b\x7f"
_SPECIAL = re.compile(rf"[\s{_INVISIBLE}]*\s[\s{_INVISIBLE}]*|[{_INVISIBLE}]+|[{''.join(_LIGATURES)}]")
_CLUSTER = re.compile(r".[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+", re.DOTALL)
_WORD_PAIR = re.compile(r"([^\W\d_]+)-([^\W\d_]+)")
_BROKEN = re.compile(r"([^\W\d_]+(?:[-'’][^\W\d_]+)*)([-\u2010\u00ad\u0002\ufffe])$")
_HYPHENS = "-\u2010\u00ad\u0002\ufffe"
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_OPENS = re.compile(
    r"\*{0,2}\\?\[?\(?\d{1,2}:\d{2}|\*\*[^*\n]{1,60}:\*\*|(?:[^\W\d_][\w.'’-]*)(?: [\w.'’()-]+){0,4}:(?:\s|$)"
    r"|[-–—•·▪◦*]\s|\d{1,2}[.)]\s|#{1,6}\s|[a-z]\)\s"
)
_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]*]{0,6}$")
_BREAKS = "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"
_BREAK_MARKS = "\u00ad\u0002\ufffe"  # soft hyphens, and what some PDF readers make of them
_OUTER = "".join(re.findall(rf"[\s{_INVISIBLE}]", "".join(map(chr, range(0x10000)))))
_WIDEST_WRAP = 160  # longer lines are paragraphs of their own: such a text is not wrapped
_SHORT = 0.72  # of the usual width: a line that ends before this ends on purpose


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: its characters `[start, end)` without outer blanks, its page, and if blank lines precede it."""

    start: int
    end: int
    page: int
    text: str
    after_blank: bool


def clean(pages: Sequence[str]) -> View:
    """The pages' text as a view: paragraphs parted by a blank line, turns and list items by a line break.

    Offsets of the view refer to the canonical text, the pages joined by form feeds. Words and sentences that run
    over the end of a line or of a page are joined.
    """
    original = PAGE_BREAK.join(pages)
    lines = _lines_of_text(pages)
    width = _usual_width(lines)
    compounds = {f"{a}-{b}".casefold() for line in lines if "-" in line.text for a, b in _WORD_PAIR.findall(line.text)}
    builder = ViewBuilder(original)
    at = lines[0].start if lines else 0
    for line, following in pairwise(lines):
        joint, dropped = _joint(line, following, width, compounds)
        _tidy(builder, original, at, line.end - dropped)
        # The joint stands for the line break itself, never for furniture beyond it.
        builder.put(joint, line.end, min(line.end + max(1, len(joint)), following.start))
        at = following.start
    if lines:
        _tidy(builder, original, at, lines[-1].end)
    return builder.view()


def _lines_of_text(pages: Sequence[str]) -> list[_Line]:
    """All lines that are text: not blank, not furniture."""
    by_page: list[list[_Line]] = []
    offset = 0
    for number, page in enumerate(pages):
        by_page.append(list(_lines_of_page(page, number, offset)))
        offset += len(page) + len(PAGE_BREAK)
    unwanted = furniture([[line.text for line in lines] for lines in by_page])
    return [line for page, lines in enumerate(by_page) for i, line in enumerate(lines) if (page, i) not in unwanted]


def _lines_of_page(page: str, number: int, offset: int) -> Iterator[_Line]:
    breaks = 0
    for match in _LINE.finditer(page):
        piece = match.group()
        text = piece.strip(_OUTER)
        if not text:
            breaks += piece[0] in _BREAKS
            continue
        first = piece.index(text)
        # A soft hyphen at the end tells that the word goes on.
        if text[-1].isalpha() and piece[first + len(text) :][:1] in tuple(_BREAK_MARKS):
            text = piece[first : first + len(text) + 1]
        start = offset + match.start() + first
        yield _Line(start, start + len(text), number, text, breaks > 1)
        breaks = 0


def _usual_width(lines: Sequence[_Line]) -> int:
    """How long a full line is: nine in ten are no longer. 0 when the text is not wrapped at all."""
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    return width if 30 <= width <= _WIDEST_WRAP else 0


def _joint(line: _Line, following: _Line, width: int, compounds: set[str]) -> tuple[str, int]:
    """What stands between two lines, and how many characters at the first one's end are dropped (a hyphen: 1)."""
    crossing = line.page != following.page
    if following.after_blank and not crossing:
        return "\n\n", 0
    broken = _BROKEN.search(line.text[-80:]) if line.text[-1] in _HYPHENS else None
    word = _FIRST_WORD.match(following.text)
    if broken and word:
        return "", 0 if _hyphen_stays(broken, word.group(), compounds) else 1
    if _OPENS.match(following.text):
        return "\n\n" if crossing and _ENDS.search(line.text[-8:]) else "\n", 0
    if crossing:
        return (" " if _runs_on(line, following, width) else "\n\n"), 0
    return (" " if _wraps(line, following, width) else "\n"), 0


def _hyphen_stays(broken: re.Match[str], word: str, compounds: set[str]) -> bool:
    """If the hyphen at a line's end belongs to the word ("Franco-Alemán", "state-of-the-art", "self-employed")."""
    before, hyphen = broken.groups()
    if hyphen in _BREAK_MARKS:
        return False
    if not word[0].islower() or "-" in before or before.casefold() == "self":
        return True
    return f"{before}-{word}".casefold() in compounds


def _runs_on(line: _Line, following: _Line, width: int) -> bool:
    """If a sentence or paragraph continues on the next page."""
    if following.text[0].islower() and not re.search(r"[.!?…]$", line.text):
        return True
    full = width > 0 and len(line.text) >= width * _SHORT
    return full and (not _ENDS.search(line.text[-8:]) or len(line.text) >= width * 0.9) and not following.after_blank


def _wraps(line: _Line, following: _Line, width: int) -> bool:
    """If a line break is only where the page was full."""
    if not width:
        return False
    if following.text[0].islower() and not _ENDS.search(line.text[-8:]):
        return True
    return len(line.text) >= width * _SHORT


def _tidy(builder: ViewBuilder, original: str, start: int, end: int) -> None:
    """Copy a stretch within a line: blanks collapsed, invisible characters gone, ligatures and accents composed."""
    piece = original[start:end]
    if piece.isascii() and "  " not in piece and piece.isprintable():
        builder.copy(start, end)
        return
    edits = [(start + m.start(), start + m.end(), _replacement(m.group())) for m in _SPECIAL.finditer(piece)]
    edits = [edit for edit in edits if original[edit[0] : edit[1]] != edit[2]]
    if not unicodedata.is_normalized("NFC", piece):
        edits = _composed(piece, start, edits)
    builder.replace(start, end, edits)


def _replacement(found: str) -> str:
    if found in _LIGATURES:
        return _LIGATURES[found]
    return " " if any(map(str.isspace, found)) else ""


def _composed(piece: str, start: int, edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Edits that also bring letters with loose accents to NFC; where two edits meet, the first one stands."""
    for match in _CLUSTER.finditer(piece):
        composed = unicodedata.normalize("NFC", match.group())
        if composed != match.group():
            edits.append((start + match.start(), start + match.end(), composed))
    edits.sort()
    kept: list[tuple[int, int, str]] = []
    for edit in edits:
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept
