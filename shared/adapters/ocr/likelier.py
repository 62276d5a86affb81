"""Where the engine wavers between characters, the language and the page say which of them it is.

Only what the engine took for possible itself can be chosen: a letter for a letter, a mark for a mark (`spelling.py`,
`amounts.py`). Digits stay as they were read. What it cannot see are blanks and `¡` (`splits.py`, `exclamations.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from shared.adapters.ocr.amounts import decimal_mark, plausible, sign
from shared.adapters.ocr.exclamations import with_exclamations
from shared.adapters.ocr.lexicon import language_of
from shared.adapters.ocr.lines import Char, ReadLine
from shared.adapters.ocr.spelling import LEAST_ACCENT, spelled
from shared.adapters.ocr.splits import without_splits

SURE = 0.9  # of each character of a word that tells the language
ACCENTS = 3  # from so many on a page writes them, among small letters or capitals: then it writes them all
LEAST_ACCENT_ELSEWHERE = 0.25  # how likely one must be on a page that does not
FLUENT = 0.9  # the share of its words that a page's language knows where there are few names and foreign words
LEAST_LETTER, LEAST_LETTER_ELSEWHERE = 0.01, 0.05  # how likely another letter must be there, and on other pages
LEAST_COMMA = 0.02  # of one that was read as a point

_WORD = re.compile(r"(?<![@.\w])[^\W\d_]{2,}(?![@\w]|\.\w)")  # no parts of addresses
_NUMBER = re.compile(r"\d[\d.,]*\d")
_POINT = re.compile(r"(?<=[^\W\d_]{4})\.(?= [a-záéíóúñ])")  # no sentence begins behind it
_SIGN = re.compile(r"(?<!\S)[.,](?=\d[\d.,]*[.,]\d\d(?!\S))")

# Gives the likelier text of a stretch of characters, or the same.
Choice = Callable[[str, Sequence[Char]], str]


def likelier(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of a page with the likelier of what the engine saw. A character that gives way is less sure."""
    if not any(char.readings for line in lines for char in line.chars):
        return list(lines)
    mark, found = decimal_mark(_numbers(lines)), language_of(_sure_words(lines))
    if found:
        lines = _in_language(lines, *found)
    lines = [_chosen(line, _NUMBER, partial(plausible, mark=mark)) for line in lines]
    return [_chosen(line, _SIGN, sign) for line in lines]


def _in_language(lines: Sequence[ReadLine], language: str, known: float) -> list[ReadLine]:
    """The lines of a page in this language, as its words and marks are written; it knows this share of the words."""
    accented, lines = list(_accented_words(lines)), without_splits(lines, language)
    new_accent = {capitals: _least_accent(accented, capitals) for capitals in (True, False)}
    other = LEAST_LETTER if known >= FLUENT else LEAST_LETTER_ELSEWHERE

    def spell(word: str, seen: Sequence[Char]) -> str:
        return spelled(word, seen, language, other, new_accent[word.isupper()])

    lines = [_chosen(_chosen(line, _WORD, spell), _POINT, _comma) for line in lines]
    return [with_exclamations(line) for line in lines] if language == "es" else lines


def _chosen(line: ReadLine, stretch: re.Pattern[str], choice: Choice) -> ReadLine:
    """The line with what `choice` makes of each stretch in which something is in doubt."""
    text, chars = list(line.text), list(line.chars)
    for start, at, found in _stretches(line, stretch):
        seen = line.chars[at : at + len(found)]
        for offset, char in enumerate(choice(found, seen) if any(one.readings for one in seen) else found):
            if char != found[offset]:
                text[start + offset] = char
                chars[at + offset] = replace(seen[offset], confidence=dict(seen[offset].readings)[char])
    return replace(line, text="".join(text), chars=tuple(chars))


def _stretches(line: ReadLine, stretch: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Where each begins in the text and among the characters that are no spaces, and how it was read."""
    for match in stretch.finditer(line.text):
        start = match.start()
        yield start, start - sum(char.isspace() for char in line.text[:start]), match.group()


def _least_accent(accented: Sequence[str], capitals: bool) -> float:
    """How likely a new accent must be, in capitals or not: some leave them out there, and some everywhere."""
    written = sum(word.isupper() == capitals for word in accented)
    return LEAST_ACCENT if written >= ACCENTS else LEAST_ACCENT_ELSEWHERE


def _comma(point: str, chars: Sequence[Char]) -> str:
    """A point within a sentence, which may be a comma."""
    return "," if dict(chars[0].readings).get(",", 0.0) >= LEAST_COMMA else point


def _sure_words(lines: Sequence[ReadLine]) -> Iterator[str]:
    for line in lines:
        for _, at, word in _stretches(line, _WORD):
            if all(char.confidence >= SURE for char in line.chars[at : at + len(word)]):
                yield word


def _accented_words(lines: Sequence[ReadLine]) -> Iterator[str]:
    """Words with a letter that surely has an accent."""
    for line in lines:
        for _, at, word in _stretches(line, _WORD):
            seen = zip(word, line.chars[at : at + len(word)], strict=True)
            if any(not letter.isascii() and char.confidence >= SURE for letter, char in seen):
                yield word


def _numbers(lines: Sequence[ReadLine]) -> Iterator[tuple[str, Sequence[Char]]]:
    for line in lines:
        for _, at, number in _stretches(line, _NUMBER):
            yield number, line.chars[at : at + len(number)]
