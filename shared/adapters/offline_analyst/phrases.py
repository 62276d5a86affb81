"""Phrases of a sentence that read like codes. Patterns of tags, the same ones for both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from shared.adapters.offline_analyst.grammar import grammar_for
from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.nominals import NominalReader, Phrase
from shared.adapters.offline_analyst.tagging import tag
from shared.adapters.offline_analyst.words import ADJECTIVE, GERUND, INFINITIVE, NOUN, PARTICIPLE, VERB, Word

ACTION = frozenset({VERB, GERUND, INFINITIVE, PARTICIPLE})
LONGEST = 8  # words of a label


def phrases(sentence: str, lexicon: Lexicon, names: Collection[str] = ()) -> list[Phrase]:
    """All candidates of a sentence, best shape first for equal labels, in order of the text."""
    words = tag(sentence, lexicon, names)
    found: dict[str, Phrase] = {}
    for phrase in _Reader(words, lexicon, grammar_for(lexicon)).read():
        known = found.get(phrase.label)
        if (
            phrase.label[:2].isalpha()
            and len(phrase.label.split()) <= LONGEST
            and (not known or known.weight < phrase.weight)
        ):
            found[phrase.label] = phrase
    return list(found.values())


class _Reader(NominalReader):
    """Walks over a tagged sentence and tries each pattern at each word."""

    def read(self) -> Iterator[Phrase]:
        """Candidates, in order."""
        for at, word in enumerate(self.words):
            if word.tag in ACTION or word.tag in {"BE", "HAVE"} or self._is_modal(word):
                yield from self._around_verb(at)
            if word.tag in {NOUN, ADJECTIVE} and self.starts_nominal(at):
                yield from self.nominal_phrases(at)

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
