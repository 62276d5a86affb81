"""Parts of speech of Spanish open-class words, guessed from endings, simplemma's lemma and the word before."""

from __future__ import annotations

import re
import unicodedata

from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.lexicon.spanish_words import IRREGULAR, NOT_VERBS, PARTICIPLES, REFLEXIVE
from shared.adapters.offline_analyst.words import (
    ADJECTIVE,
    GERUND,
    INFINITIVE,
    NOUN,
    OTHER,
    PARTICIPLE,
    PROPER,
    VERB,
    Word,
    is_known,
    lemma_of,
)

NOMINAL = frozenset({"DET", "POSS", "NEGDET", "NUM"})
_VERBAL = re.compile(r"(?:ar|er|ir|ír)$")
_INFINITIVE = re.compile(r"^(\w+(?:[aeiáéí]r))(me|te|se|nos|os|lo|la|los|las|le|les|melo|telo|selo|sela|noslo)?$")
_GERUND = re.compile(r"^(\w+(?:ando|iendo|yendo|ándo|iéndo))(me|te|se|nos|lo|la|los|las|le|les)?$")
_PARTICIPLE = re.compile(r"(?:[ai]d[oa]s?|íd[oa]s?)$")


def open_class(word: str, before: list[Word], following: str, lexicon: Lexicon) -> Word:
    """Tag one word, given the words before it."""
    previous = _before(before)
    verb = _verb_form(word, previous)
    if verb:
        return verb
    lemma = lemma_of(word, "es")
    if word.endswith("mente") and len(word) > 7:
        return Word(word, word, "ADV")
    if word in lexicon.abstract_nouns or lemma in lexicon.abstract_nouns:
        clitic_before = previous in {"CLITIC", "NEG", "PRON"} and word in IRREGULAR
        return Word(word, IRREGULAR[word], VERB) if clitic_before else Word(word, lemma, NOUN)
    finite = _finite(word, lemma, previous, before, following)
    if finite:
        return finite
    if _is_adjective(word, lemma, previous, lexicon):
        return Word(word, lemma, ADJECTIVE)
    return Word(word, lemma, NOUN if is_known(word, "es") else OTHER)


def _before(words: list[Word]) -> str:
    """The tag before; adverbs are skipped."""
    for word in reversed(words):
        if word.tag != "ADV":
            return word.tag
    return "MARK"


def plain(word: str) -> str:
    """Without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _verb_form(word: str, previous: str) -> Word | None:
    """Infinitives and gerunds, with their pronouns taken off, and participles."""
    if word in NOT_VERBS:
        return None
    found = _INFINITIVE.match(word)
    if found:
        base = plain(found[1]) if found[2] else found[1]
        if len(base) > 2 and base not in NOT_VERBS and lemma_of(base, "es") == base and is_known(base, "es"):
            own = found[2] in {"me", "te", "nos"} and base in REFLEXIVE
            reflexive = "se" if found[2] == "se" or own else ""
            return Word(base + reflexive, base, INFINITIVE)
    found = _GERUND.match(word)
    if found:
        lemma = lemma_of(plain(found[1]), "es")
        if _VERBAL.search(lemma):
            return Word(word, lemma, GERUND)
    lemma = PARTICIPLES.get(word) or lemma_of(word, "es")
    if previous == "HAVE" and lemma == word and word.endswith(("ado", "ido")):
        lemma = word[:-3] + ("ar" if word.endswith("ado") else "er" if is_known(word[:-3] + "er", "es") else "ir")
    if word in PARTICIPLES or (_PARTICIPLE.search(word) and _VERBAL.search(lemma)):
        if previous in NOMINAL:
            return Word(word, word, NOUN)
        return Word(word, lemma, PARTICIPLE)
    return None


def _finite(word: str, lemma: str, previous: str, before: list[Word], following: str) -> Word | None:
    """A verb with a person: known by its lemma, or by what stands before a form that could be a noun."""
    if word in NOT_VERBS or previous in NOMINAL or lemma in NOT_VERBS:
        return None
    after_clitic = previous in {"CLITIC", "NEG", "PRON"}
    if before and before[-1].text in {"que", "quien"} and word[-1] in "ae" and is_known(word[:-1] + "ar", "es"):
        after_clitic = following in {"a", "la", "el", "los", "las", "mi", "tu", "su", "un", "una"}
        if after_clitic:
            return Word(word, word[:-1] + "ar", VERB)
    if word in IRREGULAR and (after_clitic or previous in {PROPER, "MARK", "CONJ"} or _VERBAL.search(lemma)):
        return Word(word, IRREGULAR[word], VERB)
    if _VERBAL.search(lemma) and lemma != word:
        article = bool(before) and before[-1].text in {"de", "en", "con", "sin", "al", "del"}
        return None if article else Word(word, lemma, VERB)
    if after_clitic and before and before[-1].tag == "CLITIC" and word[-1] in "aeo":
        for ending in ("ar", "er", "ir"):
            if is_known(word[:-1] + ending, "es"):
                return Word(word, word[:-1] + ending, VERB)
    return None


def _is_adjective(word: str, lemma: str, previous: str, lexicon: Lexicon) -> bool:
    if {word, lemma} & (lexicon.adjectives | lexicon.empty_adjectives):
        return True
    after_noun = previous in {NOUN, "BE"}
    return after_noun and word.rstrip("s").endswith(lexicon.adjective_suffixes) and is_known(word, "es")
