"""Where the engine wavers between characters, the language and the page say which of them it is.

Only what the engine took for possible itself can be chosen: a letter for a letter, or a mark within a number for
another. Digits stay as they were read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from math import log, prod

from shared.adapters.ocr.amounts import decimal_mark, plausible
from shared.adapters.ocr.lexicon import SHORTEST, is_known, language_of, strangeness, without_accent
from shared.adapters.ocr.lines import Char, ReadLine

SURE = 0.9  # of each character of a word that tells the language
# How likely another letter must be, and the same one with another accent: a page that writes accents writes them all.
LEAST_LETTER, LEAST_ACCENT, LEAST_ACCENT_ELSEWHERE = 0.05, 0.002, 0.25
ACCENTS = 3  # from so many on a page writes them, among small letters or capitals
MOST = 64  # ways to read a word

_WORD = re.compile(r"(?<![@.\w])[^\W\d_]{2,}(?![@\w]|\.\w)")  # no parts of addresses
_NUMBER = re.compile(r"\d[\d.,]*\d")

# Gives the likelier text of a stretch of characters, or the same.
Choice = Callable[[str, Sequence[Char]], str]


def likelier(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """The lines of a page with the likelier of what the engine saw. A character that gives way is less sure."""
    if not any(char.readings for line in lines for char in line.chars):
        return list(lines)
    sure, mark = list(_sure_words(lines)), decimal_mark(_numbers(lines))
    if language := language_of(sure):
        least = {capitals: _least_accent(sure, capitals) for capitals in (True, False)}
        lines = [_chosen(line, _WORD, partial(_word, language=language, least=least)) for line in lines]
    return [_chosen(line, _NUMBER, partial(plausible, mark=mark)) for line in lines]


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


def _least_accent(words: Sequence[str], capitals: bool) -> float:
    """How likely another accent must be, in capitals or not: some leave them out there, and some everywhere."""
    written = sum(not word.isascii() for word in words if word.isupper() == capitals)
    return LEAST_ACCENT if written >= ACCENTS else LEAST_ACCENT_ELSEWHERE


def _word(word: str, chars: Sequence[Char], language: str, least: Mapping[bool, float]) -> str:
    """The likeliest way to read the word. One that the language knows, or a short one, can only have other accents."""
    other = 1.0 if len(word) < SHORTEST or is_known(word, language) else LEAST_LETTER
    ways = [_ways(char, one, other, least[word.isupper()]) for char, one in zip(word, chars, strict=True)]
    if not 1 < prod(map(len, ways)) <= MOST:
        return word
    likely = {
        "".join(char for char, _ in way): sum(log(p) for _, p in way)
        for way in product(*(sorted(way, key=lambda one: -one[1]) for way in ways))
    }
    return max(likely, key=lambda text: likely[text] - strangeness(text, language))


def _ways(read: str, char: Char, letter_from: float, accent_from: float) -> list[tuple[str, float]]:
    """What the letter may be, each with how likely that is; another letter or accent only where it is likely enough."""
    found = [(read, dict(char.readings).get(read, 1.0))]
    for letter, p in char.readings:
        same = without_accent(letter.lower()) == without_accent(read.lower())
        if letter != read and letter.isalpha() and p >= (accent_from if same else letter_from):
            found.append((letter, p))
    return found


def _sure_words(lines: Sequence[ReadLine]) -> Iterator[str]:
    for line in lines:
        for _, at, word in _stretches(line, _WORD):
            if all(char.confidence >= SURE for char in line.chars[at : at + len(word)]):
                yield word


def _numbers(lines: Sequence[ReadLine]) -> Iterator[tuple[str, Sequence[Char]]]:
    for line in lines:
        for _, at, number in _stretches(line, _NUMBER):
            yield number, line.chars[at : at + len(number)]
