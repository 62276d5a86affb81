"""Metadata of a document, all of it copied from the text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.coding import codeness
from shared.adapters.offline_analyst.lexicon import Lexicon, lexicon_for
from shared.adapters.offline_analyst.phrases import phrases
from shared.adapters.offline_analyst.salience import Prototypes, quotable, salience
from shared.adapters.offline_analyst.sentences import Sentence, is_interviewer, spoken_sentences, turns
from shared.adapters.offline_analyst.vectors import unit
from shared.adapters.offline_analyst.words import names_in
from shared.domain.document import Description

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors

LONGEST_TITLE = 80
HEAD = 1_500  # characters in which a date is the document's own
READ = 80  # sentences at most, evenly spread: enough for a summary, bounded for a book
IN_SUMMARY = 3
TOPICS = 6

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?([a-z]{3,10})\.?,?\s+(?:de(?:l)?\s+)?(\d{4})\b", re.I
)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.I)


def date_in(text: str) -> str | None:
    """The first whole date (day, month, year) near the beginning, as ISO 8601."""
    head, found = text[:HEAD], list[tuple[int, str, str, str]]()
    found += [(m.start(), m[1], m[2], m[3]) for m in _ISO.finditer(head)]
    found += [(m.start(), m[3], _month(m[2]), m[1]) for m in _DAY_FIRST.finditer(head)]
    found += [(m.start(), m[3], _month(m[1]), m[2]) for m in _MONTH_FIRST.finditer(head)]
    for _, year, month, day in sorted(found):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None


def _month(name: str) -> str:
    return str(_MONTHS.get(name.lower(), 0))


def title_of(text: str, lexicon: Lexicon) -> str:
    """The first line when it is short like a heading, else the first sentence that says something."""
    first = next((line.strip(" #*_\t") for line in text.splitlines() if line.strip(" #*_\t-=")), "")
    if first and len(first) <= LONGEST_TITLE and not turns(first, lexicon)[0].speaker:
        return first.rstrip(".")
    said = next((s.text for s in spoken_sentences(text[:5_000], lexicon) if quotable(s)), first)
    return shortened(" ".join(said.split()), LONGEST_TITLE)


def shortened(text: str, longest: int) -> str:
    """Cut at a word, with an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def people_in(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Names before the turns, without titles such as Interviewer and without initials."""
    names = [turn.speaker for turn in turns(text, lexicon) if turn.speaker]
    kept = [name for name in names if len(name) > 2 and not is_interviewer(name, lexicon)]
    return tuple(dict.fromkeys(kept))[:12]


async def describe(text: str, language: str, vectors: Vectors) -> Description:
    """Title, summary, people, topics and date; organisations are left out, for names alone are not certain."""
    import asyncio

    lexicon = lexicon_for(language)
    sentences = await asyncio.to_thread(_sample, text, lexicon)
    summary, topics = "", tuple[str, ...]()
    if sentences:
        rows = await vectors.of([s.text for s in sentences])
        prototypes = Prototypes(await vectors.of(lexicon.telling), await vectors.of(lexicon.reporting))
        summary = _summary(sentences, rows, [s.value for s in salience(sentences, rows, prototypes, lexicon)])
        topics = await _topics(text, sentences, rows, lexicon, vectors)
    return Description(title_of(text, lexicon), language, summary, date_in(text), people_in(text, lexicon), (), topics)


def _sample(text: str, lexicon: Lexicon) -> list[Sentence]:
    found = [s for s in spoken_sentences(text, lexicon) if quotable(s)]
    step = max(1, len(found) // READ)
    return found[::step][:READ]


def _summary(sentences: list[Sentence], rows: Matrix, values: list[float]) -> str:
    centre = unit(rows.mean(axis=0))
    ranked = sorted(
        range(len(sentences)),
        key=lambda n: (
            -round(float(rows[n] @ centre) + values[n] - (0.2 if len(sentences[n].text) > 250 else 0), 4),
            n,
        ),
    )
    chosen: list[int] = []
    for number in ranked:
        if len(chosen) < IN_SUMMARY and all(float(rows[number] @ rows[other]) < 0.7 for other in chosen):
            chosen.append(number)
    return " ".join(" ".join(sentences[number].text.split()) for number in sorted(chosen))


async def _topics(
    text: str, sentences: list[Sentence], rows: Matrix, lexicon: Lexicon, vectors: Vectors
) -> tuple[str, ...]:
    """Phrases that name what the document is about: near its centre, code-like, said more than once."""
    names = names_in(text)
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(
            p.label for p in phrases(sentence.text, lexicon, names) if len(p.label.split()) <= 3 and p.weight >= 0.85
        )
    labels = sorted(counts)
    if not labels:
        return ()
    found = await vectors.of(labels)
    likeness = codeness(found, await vectors.of(lexicon.code_like), await vectors.of(lexicon.not_code_like))
    centre = unit(rows.mean(axis=0))

    def score(number: int) -> tuple[float, str]:
        value = float(found[number] @ centre) + 0.5 * float(likeness[number]) + 0.15 * min(4, counts[labels[number]])
        return -round(value, 4), labels[number]

    chosen: list[int] = []
    for number in sorted(range(len(labels)), key=score):
        if len(chosen) < TOPICS and all(float(found[number] @ found[other]) < 0.6 for other in chosen):
            chosen.append(number)
    return tuple(labels[number] for number in chosen)
