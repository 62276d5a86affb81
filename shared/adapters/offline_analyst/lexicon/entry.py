"""The shape of a language's entry: every language fills the same fields, so that both are treated alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.analysis import RelationKind


def words(text: str) -> frozenset[str]:
    """A word list written as one string, for reading's sake."""
    return frozenset(text.split())


def pairs(text: str) -> dict[str, str]:
    """A small dictionary written as `word:meaning` pairs in one string."""
    return {key: value for key, _, value in (pair.partition(":") for pair in words(text))}


@dataclass(frozen=True, slots=True)
class Cue:
    """A connective that says how its two sides relate. `forward`: the side before it is the source."""

    pattern: re.Pattern[str]
    kind: RelationKind
    forward: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. Word lists are lower-case; prototypes are sentences to be near to or far from."""

    language: str
    closed: dict[str, str]  # word -> tag, for the words of which there are few
    adjectives: frozenset[str]  # lemmas
    verbs: frozenset[str]  # lemmas of common verbs whose forms are often nouns, too
    abstract_nouns: frozenset[str]  # one of these alone can be a code
    vague: frozenset[str]  # nouns that say nothing as the head of a label
    empty_adjectives: frozenset[str]  # adjectives that say nothing in a label
    light_verbs: frozenset[str]  # verbs that carry no meaning of their own
    dull_verbs: frozenset[str]  # verbs of saying and thinking, idioms: never a label by themselves
    states: frozenset[str]  # be, feel, become …: with an adjective they make a label
    suffixes: tuple[str, ...]  # endings of abstract nouns
    adjective_suffixes: tuple[str, ...]
    first_person: re.Pattern[str]
    negation: re.Pattern[str]
    contrast: re.Pattern[str]
    talk: re.Pattern[str]  # greetings, thanks, fillers: talk about talking
    cues: tuple[Cue, ...]
    interviewers: frozenset[str]
    not_names: frozenset[str]  # words that stand before a colon without being a speaker
    telling: tuple[str, ...]  # prototypes of sentences worth coding
    reporting: tuple[str, ...]  # prototypes of sentences that only report
    code_like: tuple[str, ...]
    not_code_like: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
