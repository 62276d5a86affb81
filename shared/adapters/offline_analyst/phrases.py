"""Phrases of a sentence that read like codes. Patterns of tags, the same ones for both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shared.adapters.offline_analyst.grammar import Grammar, grammar_for
from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.words import (
    ADJECTIVE,
    GERUND,
    INFINITIVE,
    MARK,
    NOUN,
    PARTICIPLE,
    VERB,
    Word,
    tag,
)

ACTION = frozenset({VERB, GERUND, INFINITIVE, PARTICIPLE})
LONGEST = 8  # words of a label


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate for a label: its words, how good its shape is (about 1), and the content words (lemmas) in it."""

    label: str
    weight: float
    content: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class _Nominal:
    """A noun phrase `[start, end)` with the words to show."""

    end: int
    shown: tuple[str, ...]
    content: tuple[str, ...]
    head: str
    adjectives: int
    article: str
    proper: bool = False


def phrases(sentence: str, lexicon: Lexicon, names: Collection[str] = ()) -> list[Phrase]:
    """All candidates of a sentence, best shape first for equal labels, in order of the text."""
    words = tag(sentence, lexicon, names)
    found: dict[str, Phrase] = {}
    for phrase in _Reader(words, lexicon, grammar_for(lexicon)).read():
        known = found.get(phrase.label)
        if (
            len(phrase.label) > 1
            and len(phrase.label.split()) <= LONGEST
            and (not known or known.weight < phrase.weight)
        ):
            found[phrase.label] = phrase
    return list(found.values())


class _Reader:
    """Walks over a tagged sentence and tries each pattern at each word."""

    def __init__(self, words: list[Word], lexicon: Lexicon, grammar: Grammar) -> None:
        self.words, self.lexicon, self.grammar = words, lexicon, grammar

    def read(self) -> Iterator[Phrase]:
        """Candidates, in order."""
        for at, word in enumerate(self.words):
            if word.tag in ACTION or word.tag in {"BE", "HAVE"} or self._is_modal(word):
                yield from self._around_verb(at)
            if word.tag in {NOUN, ADJECTIVE} and self._starts_nominal(at):
                yield from self._nominal_phrases(at)

    def _tag(self, at: int) -> str:
        return self.words[at].tag if 0 <= at < len(self.words) else MARK

    def _text(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) else ""

    def _starts_nominal(self, at: int) -> bool:
        before = self._tag(at - 1)
        return before != ADJECTIVE and (before != NOUN or self.lexicon.language == "es")

    # Verbs ------------------------------------------------------------------------------------------------------

    def _around_verb(self, at: int) -> Iterator[Phrase]:
        word, negated = self.words[at], self._negated(at)
        if self._is_modal(word):
            yield from self._modal(at, negated)
            return
        if word.lemma in self.lexicon.states or word.tag == "BE":
            yield from self._state(at, negated)
        if word.tag in {"BE", "HAVE"}:
            yield from self._having(at, negated)
            return
        yield from self._verb_verb(at, negated)
        yield from self._oneself(at, negated)
        yield from self._verb_object(at, negated)

    def _is_modal(self, word: Word) -> bool:
        return word.text in self.grammar.modals or (word.tag == "MODAL" and self.lexicon.language == "es")

    def _negated(self, at: int) -> str:
        """The word that denies the verb, as a label shows it ("" when nothing does): no, not, never, without."""
        back = at - 1
        while back >= 0 and self._tag(back) in {"ADV", "CLITIC", "HAVE", "MODAL", "DO", "BE"}:
            back -= 1
        before = self._text(back) if back >= 0 else ""
        if self._tag(back) == "NEG":
            return self.grammar.negation(before)
        if before in self.grammar.nobody:
            return self.grammar.nobody[before]
        return before if before in self.grammar.without and self._tag(at) in ACTION else ""

    def _verb(self, at: int) -> str:
        reflexive = self._tag(at - 1) == "CLITIC" and self._text(at - 1) in {"me", "te", "se", "nos"}
        word = self.words[at]
        return (
            word.text
            if word.tag == INFINITIVE and word.text.endswith("se")
            else self.grammar.name(word.lemma, reflexive)
        )

    def _modal(self, at: int, negated: str) -> Iterator[Phrase]:
        """ "can't rest" is "not being able to rest": only what is denied is worth a code."""
        after = self._skip(at + 1, {"ADV", "CLITIC"})
        denied = negated or self._text(at).endswith(("n't", "cannot")) or self._tag(after) == "NEG"
        after = self._skip(after, {"NEG", "ADV", "CLITIC"}) if denied else after
        if denied and self._tag(after) in {VERB, INFINITIVE}:
            yield from self._compose(self.grammar.unable, after, 1.25)

    def _compose(self, head: str, at: int, weight: float) -> Iterator[Phrase]:
        """A head ("having to", "no poder") with the bare verb at `at` and its object."""
        verb, word = self.grammar.bare(self.words[at], head), self.words[at]
        dull = word.lemma in self.lexicon.dull_verbs | self.lexicon.states | self.lexicon.light_verbs
        target = self._object(at + 1) if word.lemma not in self.grammar.inverted else None
        negated = self.grammar.denies(head)
        if target and target.head not in self.lexicon.vague and not target.proper:
            shown = " ".join((head, verb, *((target.article,) if target.article else ()), *target.shown))
            yield Phrase(shown, weight + 0.05, (word.lemma, *target.content), negated)
            return
        preposition = self._text(at + 1)
        beyond = self._object(at + 2) if preposition in self.grammar.verb_prepositions else None
        if beyond and beyond.head not in self.lexicon.vague and not beyond.proper:
            shown = " ".join((head, verb, preposition, *((beyond.article,) if beyond.article else ()), *beyond.shown))
            yield Phrase(shown, weight, (word.lemma, *beyond.content), negated)
        elif not dull:
            yield Phrase(f"{head} {verb}", weight, (word.lemma,), negated)

    def _verb_verb(self, at: int, negated: str) -> Iterator[Phrase]:
        """ "had to wait", "learned to listen", "dejar de contar": a verb that leads another."""
        lead = self.grammar.leading(self.words, at)
        if lead is None or negated in self.grammar.nobody.values():
            return
        head, target = lead
        head = f"{negated} {head}".strip()
        if self._tag(target) in {INFINITIVE, GERUND, VERB}:
            yield from self._compose(head, target, 1.15)

    def _having(self, at: int, negated: str) -> Iterator[Phrase]:
        """ "I had to explain", "it can't be proved", "no hay respeto"."""
        yield from self._verb_verb(at, negated)
        target = self._object(at + 1)
        if negated and target and target.head not in self.lexicon.vague and self._tag(at) == "HAVE":
            yield Phrase(" ".join((self.grammar.lack, *target.shown)), 1.15, target.content, True)

    def _state(self, at: int, negated: str) -> Iterator[Phrase]:
        """ "feeling watched", "not being alone": a state and what it is."""
        after = self._skip(at + 1, {"ADV", "NEG"})
        negated = negated or next(
            (self.grammar.negation(w.text) for w in self.words[at + 1 : after] if w.tag == "NEG"), ""
        )
        yield from self._denied_noun(at, after, negated)
        word = self.words[after] if after < len(self.words) else None
        plain = word is not None and word.tag in {ADJECTIVE, PARTICIPLE}
        if (
            not plain
            or word is None
            or {word.text, word.lemma} & (self.lexicon.empty_adjectives | self.grammar.dull_states)
        ):
            return
        if self.lexicon.language == "en" and (self._tag(after + 1) == NOUN or self._text(after + 1) == "of"):
            return
        if word.tag == ADJECTIVE and self._text(at - 1) in self.grammar.dummies:
            return
        passive = word.tag == PARTICIPLE and word.lemma in self.lexicon.dull_verbs | self.lexicon.light_verbs
        if passive:
            return
        feels = self.words[at].lemma in self.grammar.feeling
        label = f"{negated} {self._verb_of_state(at)} {word.text}".strip()
        yield Phrase(label, 1.35 if feels else 1.05, (word.lemma,), bool(negated))

    def _denied_noun(self, at: int, after: int, negated: str) -> Iterator[Phrase]:
        """ "I am not a parcel": not being a parcel."""
        target = self._object(after) if negated and self._tag(at) == "BE" else None
        if target and target.article and target.head not in self.lexicon.vague and not target.proper:
            shown = " ".join((negated, self._verb_of_state(at), target.article, *target.shown))
            yield Phrase(shown, 1.0, target.content, True)

    def _oneself(self, at: int, negated: str) -> Iterator[Phrase]:
        """ "you make yourself small"."""
        if self._text(at + 1).endswith(("self", "selves")) and self._tag(at + 2) in {ADJECTIVE, PARTICIPLE}:
            shown = f"{negated} {self._verb(at)} oneself {self._text(at + 2)}".strip()
            yield Phrase(shown, 1.25, (self.words[at].lemma, self.words[at + 2].lemma), bool(negated))

    def _verb_of_state(self, at: int) -> str:
        return self.grammar.state(self.words[at].lemma, self._text(at))

    def _verb_object(self, at: int, negated: str) -> Iterator[Phrase]:
        word = self.words[at]
        light = word.lemma in self.lexicon.light_verbs or word.lemma in self.lexicon.dull_verbs
        target = self._object(at + 1) if word.lemma not in self.grammar.inverted else None
        head = f"{negated} {self._verb(at) if negated != 'nadie' else word.text}".strip()
        if target and target.head not in self.lexicon.vague and not target.proper:
            abstract = target.head in self.lexicon.abstract_nouns or target.head.endswith(self.lexicon.suffixes)
            if light and not abstract:
                return
            article = (target.article,) if target.article else ()
            weight = (1.15 if abstract else 0.8) if light else (1.3 if abstract else 1.2)
            yield Phrase(
                " ".join((head, *article, *target.shown)), weight, (word.lemma, *target.content), bool(negated)
            )
            return
        if light or word.lemma in self.lexicon.states:
            return
        yield from self._verb_preposition(at, head, bool(negated))

    def _verb_preposition(self, at: int, head: str, negated: bool) -> Iterator[Phrase]:
        word, preposition = self.words[at], self._text(at + 1)
        if preposition in self.grammar.verb_prepositions:
            target = self._object(at + 2)
            if target and target.head not in self.lexicon.vague and not target.proper:
                article = (target.article,) if target.article else ()
                shown = " ".join((head, preposition, *article, *target.shown))
                yield Phrase(shown, 1.1, (word.lemma, *target.content), negated)
                return
        if negated or word.tag == GERUND or word.lemma in self.grammar.telling_verbs:
            yield Phrase(
                head, 0.95 if negated or word.lemma in self.grammar.telling_verbs else 0.75, (word.lemma,), negated
            )

    # Nouns ------------------------------------------------------------------------------------------------------

    def _skip(self, at: int, tags: set[str]) -> int:
        while self._tag(at) in tags:
            at += 1
        return at

    def _object(self, at: int) -> _Nominal | None:
        """The noun phrase that begins at `at`, article and possessive allowed before it."""
        if (
            self.lexicon.language == "es"
            and self._text(at) in {"a", "al"}
            and self._tag(at + 1) in {"DET", "POSS", NOUN}
        ):
            return None  # "a la gente": a person, not a thing done
        article, negative = "", ""
        while self._tag(at) in {"DET", "POSS", "NUM", "NEGDET", "ADV"}:
            if self._text(at) in self.grammar.articles:
                article = self._text(at)
            if self._tag(at) == "NEGDET":
                negative = self._text(at)
            at += 1
        found = self._nominal(at)
        if found is None:
            return None
        shown = (negative, *found.shown) if negative else found.shown
        return _Nominal(found.end, shown, found.content, found.head, found.adjectives, article, found.proper)

    def _nominal(self, at: int) -> _Nominal | None:
        """Adjectives and nouns from `at` on, and one complement: `fear of the cameras`, `falta de tiempo`."""
        end = at
        while self._tag(end) in {ADJECTIVE, NOUN} and end - at < 4:
            end += 1
        run = self.words[at:end]
        if self.lexicon.language == "en":
            while run and run[-1].tag != NOUN:
                run.pop()
        if not any(word.tag == NOUN for word in run):
            return None
        head = self.grammar.head([word for word in run if word.tag == NOUN])
        keep = [w for w in run if w.tag == NOUN or not {w.text, w.lemma} & self.lexicon.empty_adjectives]
        adjectives = sum(word.tag == ADJECTIVE for word in keep)
        proper = self._tag(at + len(run)) == "PROPER"
        shown = tuple(word.text for word in keep)
        return _Nominal(at + len(run), shown, tuple(w.lemma for w in keep), head.lemma, adjectives, "", proper)

    def _nominal_phrases(self, at: int) -> Iterator[Phrase]:
        found = self._nominal(at)
        lexicon = self.lexicon
        if (self._text(at - 1), self._text(at)) in self.grammar.idioms:
            return
        if found is None or found.proper or any(word in lexicon.vague for word in found.content[:-1]):
            return
        abstract = found.head in lexicon.abstract_nouns or (
            found.head.endswith(lexicon.suffixes) and found.head not in lexicon.vague
        )
        denied = (
            self._text(at - 1) if self._text(at - 1) in self.grammar.without or self._tag(at - 1) == "NEGDET" else ""
        )
        yield from self._complement(found, abstract, denied)
        if found.head in lexicon.vague:
            return
        shown = f"{denied} {' '.join(found.shown)}".strip()
        if found.adjectives or (len(found.shown) > 1 and lexicon.language == "en"):
            shape = 1.1 if abstract else (0.85 if found.adjectives else 0.7)
            yield Phrase(shown, shape, found.content, bool(denied))
        elif abstract:
            yield Phrase(shown, 1.15 if found.head in lexicon.abstract_nouns else 0.75, found.content, bool(denied))
        elif denied:
            yield Phrase(shown, 0.85, found.content, True)

    def _complement(self, found: _Nominal, abstract: bool, denied: str) -> Iterator[Phrase]:
        """`fear of falling`, `ganas de llorar`, `lack of time`."""
        preposition = self._text(found.end)
        if preposition not in self.grammar.noun_prepositions or len(found.shown) > 2:
            return
        head_vague = found.head in self.lexicon.vague and found.head not in self.grammar.relational
        at = found.end + 1
        shown = (*((denied,) if denied else ()), *found.shown, preposition)
        if self._tag(at) in {INFINITIVE, GERUND} and abstract:
            verb = self.words[at]
            if verb.lemma not in self.lexicon.dull_verbs:
                yield Phrase(" ".join((*shown, verb.text)), 1.3, (*found.content, verb.lemma), bool(denied))
            return
        target = self._object(at)
        if target is None or head_vague or target.proper or len(target.shown) > 2:
            return
        vague = target.head in self.lexicon.vague and found.head not in self.grammar.relational
        if vague:
            return
        article = (target.article,) if target.article in self.grammar.kept_articles else ()
        label = " ".join((*shown, *article, *target.shown))
        relational = found.head in self.lexicon.abstract_nouns | self.grammar.relational
        yield Phrase(
            label, 1.3 if relational else (1.0 if abstract else 0.9), (*found.content, *target.content), bool(denied)
        )
