"""Parts of speech of English open-class words, guessed from endings and the word before."""

from __future__ import annotations

from shared.adapters.offline_analyst.lexicon import Lexicon, words
from shared.adapters.offline_analyst.lexicon.english_words import IRREGULAR
from shared.adapters.offline_analyst.words import (
    ADJECTIVE,
    GERUND,
    INFINITIVE,
    MARK,
    NOUN,
    OTHER,
    PARTICIPLE,
    PROPER,
    VERB,
    Word,
    is_known,
    lemma_of,
)

NOMINAL = frozenset({"DET", "POSS", "NEGDET", "NUM", ADJECTIVE})
VERBAL = frozenset({"PRON", "MODAL", "TO", "DO"})
RARELY_NOUN = words("see say know think mean go come give take make get become bring tell let ask")
_NOUN_ED = frozenset({"need", "seed", "bed", "speed", "feed", "weed", "shed", "deed", "breed"})
_NOUN_ING = frozenset({"thing", "something", "nothing", "anything", "everything", "morning", "evening", "king", "ring"})


def open_class(word: str, before: list[Word], following: str, lexicon: Lexicon) -> Word:
    """Tag one word, given the words before it."""
    lemma = IRREGULAR.get(word) or lemma_of(word, "en")
    previous = _before(before)
    if word.endswith("ing") and len(word) > 4 and word not in _NOUN_ING:
        return _ing(word, lemma, previous, following, lexicon)
    if _is_past(word, lemma):
        return _past(word, lemma, previous, before, lexicon)
    if {word, lemma if word.endswith("er") else word} & (lexicon.adjectives | lexicon.empty_adjectives) or (
        word.endswith(lexicon.adjective_suffixes) and word not in lexicon.abstract_nouns
    ):
        return Word(word, word, ADJECTIVE)
    if word.endswith("ly") and len(word) > 4:
        return Word(word, word, "ADV")
    if lemma in lexicon.verbs or lemma in lexicon.light_verbs or lemma in lexicon.dull_verbs:
        return _verb_or_noun(word, lemma, previous, following, lexicon)
    if previous in {"TO", "MODAL", "DO", "NEG"} and word == lemma and not word.endswith(lexicon.suffixes):
        return Word(word, lemma, INFINITIVE if previous == "TO" else VERB)
    return Word(word, lemma, NOUN if is_known(word, "en") else OTHER)


def _before(words: list[Word]) -> str:
    """The tag before, adverbs skipped: "they also help" is "they help"."""
    for word in reversed(words):
        if word.tag != "ADV":
            return word.tag
    return MARK


def _is_past(word: str, lemma: str) -> bool:
    regular = word.endswith("ed") and len(word) > 4 and word not in _NOUN_ED
    return regular or (IRREGULAR.get(word) == lemma and word not in {"left", "felt", "meant"}) or word in IRREGULAR


def _ing(word: str, lemma: str, previous: str, following: str, lexicon: Lexicon) -> Word:
    base = word[:-3] if word[:-3] in lexicon.verbs else _base(word, lemma)
    if base is None:
        return Word(word, word, NOUN)
    if previous in NOMINAL and following not in {"the", "a", "my", "your", "them", "it"}:
        return Word(word, word, NOUN)
    return Word(word, base, GERUND)


def _base(word: str, lemma: str) -> str | None:
    """The verb of an -ing form, where simplemma does not say."""
    if lemma != word:
        return lemma
    stem = word[:-3]
    for guess in (stem, stem + "e", stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem):
        if is_known(guess, "en"):
            return guess
    return None


def _past(word: str, lemma: str, previous: str, before: list[Word], lexicon: Lexicon) -> Word:
    after_state = previous in {VERB, GERUND, INFINITIVE} and _verb_before(before) in lexicon.states
    if previous in {"BE", "HAVE"} or after_state:
        return Word(word, lemma, PARTICIPLE)
    if previous in NOMINAL:
        return Word(word, word, ADJECTIVE)
    if word in {"put", "let", "cut", "hurt", "shut", "hold"} and previous == "PREP":
        return Word(word, word, NOUN)
    return Word(word, lemma, VERB)


def _verb_before(before: list[Word]) -> str:
    return next((word.lemma for word in reversed(before) if word.tag != "ADV"), "")


def _verb_or_noun(word: str, lemma: str, previous: str, following: str, lexicon: Lexicon) -> Word:
    if previous == "TO":
        return Word(word, lemma, INFINITIVE)
    if previous in VERBAL or previous == "NEG":
        return Word(word, lemma, VERB)
    if following in {"them", "it", "him", "me", "us", "you"} and previous not in NOMINAL:
        return Word(word, lemma, VERB)
    if lemma in RARELY_NOUN and previous not in {"DET", "POSS"}:
        return Word(word, lemma, VERB)
    if previous in NOMINAL or previous in {"PREP", VERB, GERUND, INFINITIVE, PARTICIPLE}:
        return Word(word, lemma, NOUN)
    if previous in {NOUN, PROPER} and following in lexicon.closed and word == lemma + "s":
        return Word(word, lemma, VERB)
    if previous in {MARK, "CONJ"} and lexicon.closed.get(following) in {"DET", "POSS", "PRON", "NUM"}:
        return Word(word, lemma, VERB)
    return Word(word, lemma, NOUN)
