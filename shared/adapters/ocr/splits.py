"""Words that PP-OCR took apart: widely set print opens blanks within words, but they are narrower than a space."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from shared.adapters.ocr.lexicon import SHORTEST, is_known
from shared.adapters.ocr.lines import ReadLine
from shared.adapters.ocr.spaces import gaps

FEWEST = 8  # spaces on a page that tell how wide one is there
NARROW, NARROWER = 0.8, 0.5  # shares of the page's usual space: before or after a single letter, and elsewhere
ALONE = {"es": "aeouy", "en": "ai"}  # letters that are words

_SPLIT = re.compile(
    r"(?<![^\W_])(?P<left>[^\W\d_]+) (?P<right>[^\W\d_]+)(?![^\W_])"  # two parts of a word
    r"|(?<=\w) (?=[.,;:!?](?!\S))"  # a word and its mark
    r"|(?<=\d/) (?=\d)"  # a date
)


def without_splits(lines: Sequence[ReadLine], language: str) -> list[ReadLine]:
    """The lines of a page in this language, words that the dictionary knows whole and with their marks beside them."""
    spaces = [line.chars[at].gap for line in lines for at, spaced in gaps(line) if spaced]
    usual = median(spaces) if len(spaces) >= FEWEST else 0.0
    return [_whole(line, usual, language) for line in lines] if usual else list(lines)


def _whole(line: ReadLine, usual: float, language: str) -> ReadLine:
    text, at = line.text, 0
    while match := _SPLIT.search(text, at):
        space = text.index(" ", match.start())
        width = line.chars[space - text[:space].count(" ")].gap / usual
        # The dictionary is only asked about what is narrow enough.
        if width <= NARROW and width <= _widest(match["left"], match["right"], language):
            text, at = text[:space] + text[space + 1 :], match.start()
        else:
            at = space + 1
    return replace(line, text=text)


def _widest(left: str | None, right: str | None, language: str) -> float:
    """Up to how many usual spaces the blank between two parts of a word may measure; less than 0 for two words.

    Without parts it stands before a mark, or in a date.
    """
    if left is None or right is None:
        return NARROWER
    if len(left + right) < SHORTEST or not is_known(left + right, language):
        return -1.0
    if single := [part for part in (left, right) if len(part) == 1]:
        return NARROW if single[0].lower() not in ALONE[language] else -1.0
    return NARROWER if not (is_known(left, language) and is_known(right, language)) else -1.0
