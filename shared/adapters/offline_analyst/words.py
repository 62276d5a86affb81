"""Words of a sentence with a part of speech: closed lists, simplemma's lemmas, endings and neighbours. No parser."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from shared.adapters.offline_analyst.lexicon import Lexicon

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


def tag(sentence: str, lexicon: Lexicon, names: Collection[str] = ()) -> list[Word]:
    """The words of a sentence, tagged from left to right. `names` are words known to be somebody's name."""
    from shared.adapters.offline_analyst import english_tags, spanish_tags

    open_class = spanish_tags.open_class if lexicon.language == "es" else english_tags.open_class
    raw, tagged = tokens(sentence), list[Word]()
    for at, piece in enumerate(raw):
        lower = piece.lower().replace("’", "'")
        if not piece[0].isalnum() and not piece.startswith("'"):
            tagged.append(Word(piece, piece, MARK))
        elif piece in names or (piece[0].isupper() and piece != "I" and at > 0 and raw[at - 1] not in ".?!¿¡\"«“':—-("):
            tagged.append(Word(piece, lower, PROPER))
        elif lower in lexicon.closed and not _is_noun_here(lower, tagged, lexicon):
            tagged.append(Word(lower, lower, lexicon.closed[lower]))
        elif lower.endswith("'s"):
            tagged.append(Word(lower, lower, "BE" if lower == "'s" else OTHER))
        elif lower.endswith("n't"):
            tagged.append(Word(lower, lower, "NEG"))
        elif not lower.isascii() and not lower.replace("-", "").isalpha():
            tagged.append(Word(lower, lower, OTHER))
        elif any(sign.isdigit() for sign in lower):
            tagged.append(Word(lower, lower, "NUM"))
        else:
            following = raw[at + 1].lower() if at + 1 < len(raw) else ""
            tagged.append(open_class(lower, tagged, following, lexicon))
    return tagged


def _is_noun_here(word: str, before: list[Word], lexicon: Lexicon) -> bool:
    """Closed words that are nouns after an article ("el poder", "the past")."""
    return word in lexicon.abstract_nouns and bool(before) and before[-1].tag in {"DET", "POSS", "NEGDET"}


def names_in(text: str) -> frozenset[str]:
    """Words that stand capitalised in the middle of a sentence: names, never part of a label."""
    return frozenset(re.findall(r"(?<=[a-záéíóúñü,;] )[A-ZÁÉÍÓÚÑ][\wáéíóúñü]{2,}", text))
