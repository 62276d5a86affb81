"""Quotes: from words a model says it copied to the characters they were copied from, or nothing (Z1).

A quote is resolved when it stands in the passage word for word; or but for case, blanks, accents left out
altogether, kinds of quotation marks and dashes, markup and punctuation at its ends; or in parts joined by an
ellipsis, in order. One changed word resolves to nothing: whether to ask again is the caller's affair.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.domain.text import View


class MatchKind(StrEnum):
    """How a quote was found."""

    EXACT = "exact"
    NORMALISED = "normalised"
    ELLIPSIS = "ellipsis"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a quote stands in the original: `[start, end)`; what is stored is `original[start:end]`."""

    kind: MatchKind
    start: int
    end: int


_ELLIPSIS = re.compile(r"\\?[\[(]\s*(?:\.{3,}|…)\s*\\?[\])]|\.{3,}|…")
_ENDS = " \t\n\"'.,;:!?¡¿…-()[]*"
_WORD = re.compile(r"\w+(?:['.,]\w+)*")
_QUOTES = dict.fromkeys("“”„‟«»‹›″", '"') | dict.fromkeys("‘’‚‛`´′", "'")
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_MARKUP = "\\*"


@lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """One character as it is compared: NFKC, no case, plain quotes and dashes, a blank for any blank, no markup."""
    if char in _MARKUP:
        return ""
    if char.isspace():
        return " "
    plain = _QUOTES.get(char) or _DASHES.get(char) or unicodedata.normalize("NFKC", char)
    return unicodedata.normalize("NFC", plain.casefold())


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    """A letter without its accent. ñ and ç stay: they are letters of their own (año, ano)."""
    if char in "ñç":
        return char
    base = "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
    return base if len(base) == 1 else char


def _folds(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the index in `text` it comes from. Blanks are collapsed.

    Blanks beside a dash go too, and dashes in a row are one: "—", " -- " and "-" all compare equal.
    """
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        for folded in _folded(char):
            last = out[-1] if out else ""
            if folded == " " and last in ("", " ", "-"):
                continue
            if folded == "-" and last == " ":
                out.pop()
                origin.pop()
                last = out[-1] if out else ""
            if folded == "-" and last == "-":
                continue
            out.append(folded)
            origin.append(index)
    return "".join(out), origin


class QuotableText:
    """A passage, prepared once so that many quotes can be looked up in it."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._folded, self._origin = _folds(view.text)
        self._plain = "".join(map(_bare, self._folded))

    def resolve(self, quote: str, after: int = 0) -> Resolution | None:
        """Where the quote stands, or None when it does not. Word borders are respected: never a part of a word.

        With `after` only what stands from that character of the view on is looked at.
        """
        quote = unicodedata.normalize("NFC", quote).strip()
        if len(quote.strip(_ENDS)) < 3 or not any(map(str.isalpha, quote)):
            return None
        folded = bisect_left(self._origin, after)
        return self._exact(quote, after) or self._normalised(quote, folded) or self._in_parts(quote, folded)

    def _exact(self, quote: str, after: int) -> Resolution | None:
        found = _find_words(self._view.text, quote, after)
        return self._resolution(MatchKind.EXACT, found, found + len(quote)) if found >= 0 else None

    def _normalised(self, quote: str, after: int) -> Resolution | None:
        wanted = _folds(quote)[0].strip(_ENDS)
        if len(wanted) < 3:
            return None
        found = _find_words(self._text_for(wanted), wanted, after)
        return self._from_folded(MatchKind.NORMALISED, found, found + len(wanted)) if found >= 0 else None

    def _in_parts(self, quote: str, after: int) -> Resolution | None:
        folded = [_folds(part)[0].strip(_ENDS) for part in _ELLIPSIS.split(quote)]
        parts = [part for part in folded if part]
        if not parts or not all(_is_telling(part) for part in parts):
            return None
        text = self._text_for("".join(parts))
        ends: list[int] = []
        at = after
        for part in parts:
            found = _find_words(text, part, at)
            if found < 0:
                return None
            at = found + len(part)
            ends.append(at)
        start = _tightest_start(text, parts, ends[-1])
        kind = MatchKind.ELLIPSIS if len(parts) > 1 else MatchKind.NORMALISED
        return self._from_folded(kind, start, ends[-1])

    def _text_for(self, wanted: str) -> str:
        """Accents must match, unless the quote has none at all."""
        return self._plain if "".join(map(_bare, wanted)) == wanted else self._folded

    def _from_folded(self, kind: MatchKind, start: int, end: int) -> Resolution:
        return self._resolution(kind, self._origin[start], self._origin[end - 1] + 1)

    def _resolution(self, kind: MatchKind, start: int, end: int) -> Resolution:
        return Resolution(kind, *self._view.original(start, end))


def resolve(quote: str, view: View) -> Resolution | None:
    """Where one quote stands in one view. For many quotes of a passage make a `QuotableText` and ask that."""
    return QuotableText(view).resolve(quote)


def _is_telling(part: str) -> bool:
    """Long enough that finding it means something: two words or eight characters."""
    return any(map(str.isalpha, part)) and (len(part) >= 8 or len(_WORD.findall(part)) >= 2)


def _tightest_start(text: str, parts: list[str], end: int) -> int:
    """The latest start from which all parts still follow in order up to `end`."""
    for part in reversed(parts):
        end = text.rfind(part, 0, end)
        while not _at_word_borders(text, end, end + len(part)):
            end = text.rfind(part, 0, end + len(part) - 1)
    return end


def _find_words(text: str, wanted: str, start: int) -> int:
    """Like `str.find`, but only where words begin and end with the match."""
    found = text.find(wanted, start)
    while found >= 0 and not _at_word_borders(text, found, found + len(wanted)):
        found = text.find(wanted, found + 1)
    return found


def _at_word_borders(text: str, start: int, end: int) -> bool:
    return not _inside_word(text, start) and not _inside_word(text, end)


def _inside_word(text: str, at: int) -> bool:
    """If a cut before `text[at]` would part a word ("don|'t") or a number ("1|.200")."""
    if at <= 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if _in_word(before) and _in_word(after):
        return True
    if before in "'’" and _in_word(after):
        return at >= 2 and _in_word(text[at - 2])
    if after in "'’.," and at + 1 < len(text):
        joins = str.isalpha if after in "'’" else str.isdigit
        return joins(before) and joins(text[at + 1])
    return before in ".," and after.isdigit() and at >= 2 and text[at - 2].isdigit()


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or bool(unicodedata.combining(char))
