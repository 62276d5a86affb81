"""Words of a sentence: how it falls into them, their lemmas, and the tags that they can have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_CONTRACTED = re.compile(r"(?i)^(i|you|he|she|it|we|they|there|that|who|what)(['’](?:m|re|ve|ll|d|s))$")
NOUN, ADJECTIVE, VERB, INFINITIVE, GERUND, PARTICIPLE = "N", "A", "V", "INF", "GER", "PART"
PROPER, OTHER, MARK = "PROPER", "X", "MARK"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its lemma (lower case) and its tag: `N A V INF GER PART PROPER MARK` or one of the closed classes."""

    text: str
    lemma: str
    tag: str


@lru_cache(maxsize=50_000)
def lemma_of(word: str, language: str) -> str:
    """The dictionary form, lower case; the word itself when it is unknown."""
    import simplemma

    return str(simplemma.lemmatize(word, lang=language, greedy=False)).lower() if word else word


@lru_cache(maxsize=50_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary has the word."""
    import simplemma

    return bool(simplemma.is_known(word, lang=language))


def tokens(sentence: str) -> list[str]:
    """Words and marks; English contractions of pronouns fall in two."""
    found: list[str] = []
    for piece in _TOKEN.findall(sentence):
        parts = _CONTRACTED.match(piece)
        found += [parts[1], parts[2].replace("’", "'").lower()] if parts else [piece]
    return found


def names_in(text: str) -> frozenset[str]:
    """Words that stand capitalised in the middle of a sentence: names, never part of a label."""
    return frozenset(re.findall(r"(?<=[a-záéíóúñü,;] )[A-ZÁÉÍÓÚÑ][\wáéíóúñü]{2,}", text))
