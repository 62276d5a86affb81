"""Noun phrases of a sentence, and which of them read like codes: `fear of falling`, `falta de tiempo`, `shame`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.adapters.offline_analyst.grammar import Grammar
from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.words import ADJECTIVE, GERUND, INFINITIVE, MARK, NOUN, Word


@dataclass(frozen=True, slots=True)
class Phrase:
    """A candidate for a label: its words, how good its shape is (about 1), and the content words (lemmas) in it."""

    label: str
    weight: float
    content: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Nominal:
    """A noun phrase `[start, end)` with the words to show."""

    end: int
    shown: tuple[str, ...]
    content: tuple[str, ...]
    head: str
    adjectives: int
    article: str
    proper: bool = False


class NominalReader:
    """A tagged sentence and the patterns of nouns in it."""

    def __init__(self, words: list[Word], lexicon: Lexicon, grammar: Grammar) -> None:
        self.words, self.lexicon, self.grammar = words, lexicon, grammar

    def _tag(self, at: int) -> str:
        return self.words[at].tag if 0 <= at < len(self.words) else MARK

    def _text(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) else ""

    def starts_nominal(self, at: int) -> bool:
        """Whether a noun phrase may begin here: not in the middle of one."""
        before = self._tag(at - 1)
        return before != ADJECTIVE and (before != NOUN or self.lexicon.language == "es")

    def _skip(self, at: int, tags: set[str]) -> int:
        while self._tag(at) in tags:
            at += 1
        return at

    def _object(self, at: int) -> Nominal | None:
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
        return Nominal(found.end, shown, found.content, found.head, found.adjectives, article, found.proper)

    def _nominal(self, at: int) -> Nominal | None:
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
        return Nominal(at + len(run), shown, tuple(w.lemma for w in keep), head.lemma, adjectives, "", proper)

    def nominal_phrases(self, at: int) -> Iterator[Phrase]:
        """Candidates that are noun phrases, beginning at `at`."""
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

    def _complement(self, found: Nominal, abstract: bool, denied: str) -> Iterator[Phrase]:
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
