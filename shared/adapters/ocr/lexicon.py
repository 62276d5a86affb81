"""Words of Spanish and English: which of the two a page is in, and how strange a word would be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from math import log

LANGUAGES = ("es", "en")
FEWEST, SAMPLE = 5, 150  # words that tell the language of a page
SHARE = 0.4  # of the words on the page that the language must know
SHORTEST = 4  # letters: shorter words are words of many languages

# By how much (log) a word is less likely than an ordinary one of the language.
UNKNOWN = log(1000)
FOREIGN = log(20)  # for a letter that the language does not have
RARE = log(20)  # frio, linea, dias: forms of verbs and slips, beside common words that differ by an accent alone

_FOREIGN = {"es": re.compile(r"[^\x00-\x7fáéíóúñü]|ü(?![eéií])|(?<!g)ü")}
_VERB = re.compile(r".*([aei]r|ír)$")


def language_of(words: Iterable[str]) -> str | None:
    """The language that knows most of the words; None when there are few, or when neither knows enough of them."""
    sample = list(islice((word for word in words if len(word) >= SHORTEST), SAMPLE))
    if len(sample) < FEWEST:
        return None
    counts = {language: sum(is_known(word, language) for word in sample) for language in LANGUAGES}
    best = max(LANGUAGES, key=lambda language: counts[language])
    return best if counts[best] >= SHARE * len(sample) else None


@lru_cache(maxsize=20_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary has the word, as it is, in small letters or as a name.

    The dictionaries are loaded when first asked (1 s, 0.1 GB for both).
    """
    import simplemma

    forms = dict.fromkeys((word, word.lower(), word.capitalize()))
    return any(simplemma.is_known(form, lang=language) for form in forms)


def strangeness(word: str, language: str) -> float:
    """By how much (log, 0 or more) the word is less likely on a page of the language than an ordinary one."""
    letters = word.lower()
    foreign = FOREIGN * len(_FOREIGN[language].findall(letters)) if language in _FOREIGN else 0.0
    if not is_known(word, language):
        return UNKNOWN + foreign
    return foreign + (RARE if language == "es" and _is_bare(letters) else 0.0)


def without_accent(letter: str) -> str:
    """The letter that it is without what stands above or below it: i for í, n for ñ."""
    return unicodedata.normalize("NFD", letter)[0]


def _is_bare(word: str) -> bool:
    """Whether it has no accent and is the form of a verb, or of a word that has one."""
    import simplemma

    lemma = str(simplemma.lemmatize(word, lang="es"))
    changed = word.isascii() and len(word) >= SHORTEST and lemma != word
    return changed and (not lemma.isascii() or _VERB.fullmatch(lemma) is not None)
