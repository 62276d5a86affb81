"""Words of Spanish and English: which of the two a page is in, and how strange a word would be there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from math import log
from string import ascii_lowercase

from shared.adapters.ocr.names import NAMES

LANGUAGES = ("es", "en")
FEWEST, SAMPLE = 5, 150  # words that tell the language of a page
SHARE = 0.4  # of the words on the page that the language must know
SHORTEST = 4  # letters: shorter words are words of many languages

# Words so common that a short one that is no word is rather one of them.
_COMMON_ES = "al de del el en es la las le les lo los me mi ni no por que se si sin son su sus un una ya"
_COMMON_EN = (
    "an and are as at be but by for had has he her him his in is it its my not of on or our so the to us was we who you"
)
COMMON = {"es": frozenset(_COMMON_ES.split()), "en": frozenset(_COMMON_EN.split())}

# By how much (log) a word is less likely than an ordinary one of the language.
UNKNOWN = log(1000)
FOREIGN = log(20)  # for a letter that the language does not have
RARE = log(50)  # frio, linea, dias: forms of verbs and slips, beside common words that differ by an accent alone

_LETTERS = {"es": frozenset(ascii_lowercase + "áéíóúüñ"), "en": frozenset(ascii_lowercase)}
_FOREIGN = {"es": re.compile(r"[^\x00-\x7fáéíóúñü]|ü(?![eéií])|(?<!g)ü")}
_VERB = re.compile(r".*([aei]r|ír)$")
_SURNAME = re.compile(r"[a-zñ]{3,}ez")  # Pérez, Íñiguez: stressed before the end, so with an accent


def language_of(words: Iterable[str]) -> tuple[str, float] | None:
    """The language that knows most of the words, and the share that it knows of them.

    None when there are few, or when neither knows enough of them.
    """
    sample = list(islice((word for word in words if len(word) >= SHORTEST), SAMPLE))
    if len(sample) < FEWEST:
        return None
    shares = {language: sum(is_known(word, language) for word in sample) / len(sample) for language in LANGUAGES}
    best = max(LANGUAGES, key=lambda language: shares[language])
    return (best, shares[best]) if shares[best] >= SHARE else None


@lru_cache(maxsize=20_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary or the table of names has the word, as it is, in small letters or as a name.

    The dictionaries are loaded when first asked (1 s, 0.1 GB for both).
    """
    import simplemma

    forms = dict.fromkeys((word, word.lower(), word.capitalize()))
    named = language == "es" and word.capitalize() in NAMES
    return named or any(simplemma.is_known(form, lang=language) for form in forms)


def strangeness(word: str, language: str) -> float:
    """By how much (log, 0 or more) the word is less likely on a page of the language than an ordinary one."""
    rare = RARE if language == "es" and _is_rare(word) else 0.0
    foreign = FOREIGN * len(_FOREIGN[language].findall(word.lower())) if language in _FOREIGN else 0.0
    return rare + foreign + (0.0 if is_known(word, language) else UNKNOWN)


def is_letter(letter: str, language: str) -> bool:
    """Whether the language writes this letter."""
    return letter.lower() in _LETTERS[language]


def is_vowel(letter: str) -> bool:
    """Whether it is one, with an accent or without."""
    return without_accents(letter) in "aeiou"


def without_accents(word: str) -> str:
    """The word in small letters without what stands above or below them: i for Í, n for ñ."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in word.lower())


def _is_rare(word: str) -> bool:
    """Whether it lacks a capital or an accent: a name, a surname in -ez, a word whose like is common."""
    if word.capitalize() in NAMES:
        return word.islower()
    letters = word.lower()
    return _is_bare(letters) if is_known(word, "es") else _SURNAME.fullmatch(letters) is not None


def _is_bare(word: str) -> bool:
    """Whether it has no accent and is the form of a verb, or of a word that has one."""
    import simplemma

    lemma = str(simplemma.lemmatize(word, lang="es"))
    changed = word.isascii() and len(word) >= SHORTEST and lemma != word
    return changed and (not lemma.isascii() or _VERB.fullmatch(lemma) is not None)
