"""Open coding of one fragment: sentences that say something, and in them the phrase that reads most like a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import wording
from shared.adapters.offline_analyst.lexicon import Lexicon, lexicon_for
from shared.adapters.offline_analyst.nominals import Phrase
from shared.adapters.offline_analyst.phrases import phrases
from shared.adapters.offline_analyst.salience import Prototypes, Salience, quotable, salience
from shared.adapters.offline_analyst.sentences import Sentence, spoken_sentences
from shared.adapters.offline_analyst.vectors import nearest_mean
from shared.adapters.offline_analyst.words import names_in
from shared.domain.analysis import Fragment, ProposedCode

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors

MOST_CODES = 4  # a fragment
CHARACTERS_A_CODE = 110  # so that a short fragment gives fewer codes
LEAST_SALIENCE = 0.25
STRONG_SHAPE, LEAST_WITH_SHAPE = 1.35, 0.18  # "feeling watched" is a code by its shape: it needs less
LEAST_SCORE = 1.2
SECOND_SCORE = 1.5  # for a second code in the same sentence
CODENESS = 1.5
SALIENCE = 0.8
TOO_NEAR = 0.62  # labels nearer than this say the same within one fragment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase in its sentence, with what speaks for it."""

    phrase: Phrase
    sentence: Sentence
    salience: Salience
    codeness: float
    score: float
    row: int


def read(fragment: Fragment) -> tuple[Lexicon, list[Sentence], list[list[Phrase]]]:
    """The quotable sentences of a fragment and the candidate phrases of each."""
    lexicon = lexicon_for(fragment.language)
    sentences = spoken_sentences(fragment.text, lexicon, fragment.speaker)
    names = names_in(fragment.text) | {part for s in sentences if s.speaker for part in s.speaker.split()}
    return lexicon, sentences, [phrases(s.text, lexicon, names) if quotable(s) else [] for s in sentences]


async def code_fragment(fragment: Fragment, vectors: Vectors) -> list[ProposedCode]:
    """Nought to four codes, the strongest first in the order of the text."""
    import asyncio

    lexicon, sentences, options = await asyncio.to_thread(read, fragment)
    if not any(options):
        return []
    prototypes = Prototypes(await vectors.of(lexicon.telling), await vectors.of(lexicon.reporting))
    scores = salience(sentences, await vectors.of([s.text for s in sentences]), prototypes, lexicon)
    options = [
        [p for p in found if score.value >= (LEAST_SALIENCE if p.weight < STRONG_SHAPE else LEAST_WITH_SHAPE)]
        for found, score in zip(options, scores, strict=True)
    ]
    labels = sorted({phrase.label for found in options for phrase in found})
    rows = await vectors.of(labels)
    likeness = codeness(rows, await vectors.of(lexicon.code_like), await vectors.of(lexicon.not_code_like))
    place = {label: number for number, label in enumerate(labels)}
    candidates = [
        _candidate(phrase, sentences[n], scores[n], float(likeness[place[phrase.label]]), place[phrase.label])
        for n, found in enumerate(options)
        for phrase in found
    ]
    chosen = choose(candidates, rows, max(1, min(MOST_CODES, round(len(fragment.text) / CHARACTERS_A_CODE))))
    return [
        _proposal(candidate, lexicon) for candidate in sorted(chosen, key=lambda c: (c.sentence.start, c.phrase.label))
    ]


def codeness(rows: Matrix, code_like: Matrix, not_code_like: Matrix) -> Matrix:
    """How much labels read like codes rather than like things (about -0.1 to 0.4)."""
    return nearest_mean(rows, code_like) - 0.7 * nearest_mean(rows, not_code_like)


def _candidate(phrase: Phrase, sentence: Sentence, found: Salience, likeness: float, row: int) -> Candidate:
    score = phrase.weight + CODENESS * likeness + SALIENCE * found.value
    return Candidate(phrase, sentence, found, likeness, round(score, 4), row)


def choose(candidates: list[Candidate], rows: Matrix, most: int) -> list[Candidate]:
    """The best candidates: one a sentence first, then, where there is room, strong second ones; no two alike."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.sentence.start, c.phrase.label))
    chosen: list[Candidate] = []
    for in_one_sentence, least in ((1, LEAST_SCORE), (2, SECOND_SCORE)):
        for candidate in ranked:
            same = sum(other.sentence.start == candidate.sentence.start for other in chosen)
            fits = len(chosen) < most and candidate.score >= least and same < in_one_sentence
            if fits and not any(_alike(candidate, other, rows) for other in chosen):
                chosen.append(candidate)
    return chosen


def _alike(one: Candidate, other: Candidate, rows: Matrix) -> bool:
    near = float(rows[other.row] @ rows[one.row]) > TOO_NEAR
    return near or bool(set(one.phrase.content) & set(other.phrase.content))


def _proposal(candidate: Candidate, lexicon: Lexicon) -> ProposedCode:
    label = candidate.phrase.label
    return ProposedCode(
        label=label[0].upper() + label[1:],
        definition=wording.definition(label, lexicon.language),
        quote=candidate.sentence.text,
        rationale=wording.rationale(label, candidate.salience, candidate.codeness, lexicon.language),
    )
