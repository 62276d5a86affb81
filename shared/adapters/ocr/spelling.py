"""How a word is spelled whose letters the engine is not sure of: as the dictionary has it, among what it saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from math import log

from shared.adapters.ocr.lexicon import (
    COMMON,
    SHORTEST,
    is_known,
    is_letter,
    is_vowel,
    strangeness,
    without_accents,
)
from shared.adapters.ocr.lines import Char

LEAST_ACCENT = 0.002  # how likely another accent must be
LEAST_VOWEL = 0.1  # and another vowel, which soon makes another word
MOST = 64  # ways to read a word

Way = tuple[str, float]  # a letter, and how likely it is


def spelled(word: str, chars: Sequence[Char], language: str, other: float, new_accent: float) -> str:
    """The likeliest way to read the word. One that the language knows can only have other accents.

    `other`, `new_accent`: how likely another letter must be, and an accent where none was read.
    """
    other = 1.0 if is_known(word, language) else other
    ways = _likeliest(_ways(char, one, other, new_accent, language) for char, one in zip(word, chars, strict=True))
    likely = {
        text: sum(log(p) for _, p in way)
        for way in product(*(sorted(way, key=lambda one: -one[1]) for way in ways))
        if _may_be(text := "".join(char for char, _ in way), word, language)
    }
    return max(likely, key=lambda text: likely[text] - strangeness(text, language))


def _likeliest(ways: Iterable[Sequence[Way]]) -> list[list[Way]]:
    """What was read, and of all other letters the likeliest first, as many as make no more than MOST ways."""
    ways = list(ways)
    found, count = [[read] for read, *_ in ways], 1
    others = ((p, at, letter) for at, (_, *way) in enumerate(ways) for letter, p in way)
    for p, at, letter in sorted(others, reverse=True):
        count = count // len(found[at]) * (len(found[at]) + 1)
        if count > MOST:
            break
        found[at].append((letter, p))
    return found


def _may_be(text: str, read: str, language: str) -> bool:
    """Short words are soon others: they can only have other accents, or be among the commonest."""
    same = without_accents(text) == without_accents(read)
    return len(read) >= SHORTEST or same or text in COMMON[language]


def _ways(read: str, char: Char, other: float, new_accent: float, language: str) -> list[Way]:
    """What the letter may be, what was read first; another letter or accent only where it is likely enough."""
    found = [(read, dict(char.readings).get(read, 1.0))]
    for letter, p in char.readings:
        if without_accents(letter) == without_accents(read):
            least = new_accent if read.isascii() else LEAST_ACCENT
        else:
            least = max(other, LEAST_VOWEL) if is_vowel(letter) and is_vowel(read) else other
        if letter != read and is_letter(letter, language) and p >= least:
            found.append((letter, p))
    return found
