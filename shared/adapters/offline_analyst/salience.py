"""Which sentences are worth coding: near to sentences that tell of oneself, far from those that only report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.lexicon import Lexicon
from shared.adapters.offline_analyst.sentences import Sentence
from shared.adapters.offline_analyst.vectors import nearest_mean

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix

SMOOTHING = 0.4  # share of the neighbours in a sentence's salience: people speak of one thing over several sentences
REPORTING = 0.8
FIRST_PERSON = 0.15
LENGTH = 0.15
LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Prototypes:
    """The vectors of a language's prototype sentences."""

    telling: Matrix
    reporting: Matrix


@dataclass(frozen=True, slots=True)
class Salience:
    """How much a sentence says, and by which signs."""

    value: float
    telling: float
    first_person: int


def salience(sentences: list[Sentence], rows: Matrix, prototypes: Prototypes, lexicon: Lexicon) -> list[Salience]:
    """One value a sentence, about -0.2 to 0.6."""
    telling = nearest_mean(rows, prototypes.telling)
    reporting = nearest_mean(rows, prototypes.reporting)
    found = []
    for number, sentence in enumerate(sentences):
        persons = len(lexicon.first_person.findall(sentence.text))
        length = min(1.0, len(sentence.text.split()) / 12)
        value = telling[number] - REPORTING * reporting[number] + FIRST_PERSON * min(1.0, persons / 2) + LENGTH * length
        value -= 0.5 if lexicon.talk.search(sentence.text) else 0.0
        found.append(Salience(float(value), float(telling[number]), persons))
    return _smoothed(sentences, found)


def _smoothed(sentences: list[Sentence], raw: list[Salience]) -> list[Salience]:
    smooth = []
    for number, own in enumerate(raw):
        near = [
            raw[other].value
            for other in (number - 1, number + 1)
            if 0 <= other < len(raw) and sentences[other].turn == sentences[number].turn
        ]
        value = own.value if not near else (1 - SMOOTHING) * own.value + SMOOTHING * sum(near) / len(near)
        smooth.append(Salience(round(value, 4), own.telling, own.first_person))
    return smooth


def quotable(sentence: Sentence) -> bool:
    """Long enough to say something, and no question: a question is the interviewer's until shown otherwise."""
    words = [word for word in sentence.text.split() if any(sign.isalpha() for sign in word)]
    asks = sentence.text.rstrip("\"'»”’)*_ ").endswith("?")
    return len(words) >= LEAST_WORDS and not asks
