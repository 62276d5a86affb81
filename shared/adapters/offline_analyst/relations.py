"""Axial coding, second half: relations of categories, from connectives inside quotes and from shared passages."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import reporting
from shared.adapters.offline_analyst.codebook import Codebook
from shared.adapters.offline_analyst.labels import language_of
from shared.adapters.offline_analyst.lexicon import Cue, lexicon_for
from shared.domain.analysis import Evidence, ProposedCategory, ProposedRelation, RelationKind

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Vectors

LEAST_WORDS = 3  # on each side of a connective
SURE = 0.24  # likeness of a side to its category, when several quotes agree
VERY_SURE = 0.32  # when one quote stands alone
MARGIN = 0.02  # to the next category
OWN = 0.12  # what being coded there counts
TOGETHER = 3  # shared passages, in at least two documents
MOST_CITED = 8


@dataclass(frozen=True, slots=True)
class Split:
    """A quote parted at a connective: what is said to be the source, and what the target."""

    piece: Evidence
    cue: Cue
    word: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class _Link:
    source: int
    target: int
    kind: RelationKind
    piece: Evidence
    word: str
    sure: float


def splits(piece: Evidence) -> list[Split]:
    """Every way in which a connective parts a quote in two."""
    quote, found = piece.quote, []
    for cue in lexicon_for(language_of(quote)).cues:
        for match in cue.pattern.finditer(quote):
            before, after = quote[: match.start()].strip(), quote[match.end() :].strip()
            if len(before.split()) < LEAST_WORDS and not cue.forward:
                after, _, before = after.partition(",")  # "Because A, B": the clause in front is the one of the cue
            if min(len(before.split()), len(after.split())) < LEAST_WORDS:
                continue
            source, target = (before, after) if cue.forward else (after, before)
            found.append(Split(piece, cue, match[0].lower(), source, target))
    return found


async def relations(
    book: Codebook, categories: Sequence[ProposedCategory], language: str, vectors: Vectors
) -> list[ProposedRelation]:
    """The relations that quotes speak for, strongest first; then categories that keep each other company."""
    member = {code_id: number for number, category in enumerate(categories) for code_id in category.code_ids}
    own: dict[str, set[int]] = defaultdict(set)
    pieces: dict[str, Evidence] = {}
    for code in book.codes:
        for piece in code.evidence:
            pieces[piece.application_id] = piece
            if code.code_id in member:
                own[piece.quote].add(member[code.code_id])
    parted = [split for key in sorted(pieces) for split in splits(pieces[key])]
    links = await _links(book, categories, parted, own, vectors)
    said = _from_cues(links, categories, language)
    known = {frozenset((relation.source, relation.target)) for relation in said}
    return said + [
        r for r in _together(book, categories, member, language) if frozenset((r.source, r.target)) not in known
    ]


async def _links(
    book: Codebook,
    categories: Sequence[ProposedCategory],
    parted: Sequence[Split],
    own: dict[str, set[int]],
    vectors: Vectors,
) -> list[_Link]:
    """Each side of a connective goes to the category that it is nearest to, when that is clear."""
    import numpy as np

    if not parted or len(categories) < 2:
        return []
    place = {code.code_id: row for row, code in enumerate(book.codes)}
    rows = [[place[code_id] for code_id in category.code_ids] for category in categories]
    sides = await vectors.of([side for split in parted for side in (split.source, split.target)])
    likeness = sides @ book.labels.T
    near = np.stack([np.sort(likeness[:, group], axis=1)[:, -2:].mean(axis=1) for group in rows], axis=1)
    links = []
    for number, split in enumerate(parted):
        mine = own[split.piece.quote]
        source, target = (_nearest(near[2 * number + side], mine) for side in (0, 1))
        if source and target and source[0] != target[0] and mine & {source[0], target[0]}:
            sure = round(min(source[1], target[1]), 4)
            links.append(_Link(source[0], target[0], split.cue.kind, split.piece, split.word, sure))
    return links


def _nearest(near: Sequence[float], mine: set[int]) -> tuple[int, float] | None:
    values = [(round(float(value) + (OWN if number in mine else 0.0), 4), -number) for number, value in enumerate(near)]
    (best, place), (next_best, _) = sorted(values, reverse=True)[:2]
    return (-place, best) if best >= SURE and best - next_best >= MARGIN else None


def _from_cues(links: list[_Link], categories: Sequence[ProposedCategory], language: str) -> list[ProposedRelation]:
    by_pair: dict[tuple[int, int, RelationKind], list[_Link]] = defaultdict(list)
    for link in links:
        by_pair[(link.source, link.target, link.kind)].append(link)
    ranked = []
    for (source, target, kind), said in by_pair.items():
        quotes = {link.piece.quote for link in said}
        if len(quotes) < 2 and max(link.sure for link in said) < VERY_SURE:
            continue
        strongest = sorted(said, key=lambda link: (-link.sure, link.piece.application_id))
        ids = tuple(dict.fromkeys(link.piece.application_id for link in strongest))[:MOST_CITED]
        names = categories[source].label, categories[target].label
        words = sorted({link.word for link in said})
        statement = reporting.relation(names[0], names[1], kind, words, len(quotes), language)
        places = len({link.piece.document_id for link in said})
        ranked.append(
            (-places, -len(quotes), -strongest[0].sure, source, target, ProposedRelation(*names, kind, statement, ids))
        )
    kept: dict[tuple[frozenset[str], RelationKind], ProposedRelation] = {}
    for *_, relation in sorted(ranked, key=lambda entry: entry[:-1]):
        kept.setdefault((frozenset((relation.source, relation.target)), relation.kind), relation)  # one direction only
    return list(kept.values())


def _together(
    book: Codebook, categories: Sequence[ProposedCategory], member: dict[str, int], language: str
) -> list[ProposedRelation]:
    """Categories that stand in the same passages more often than chance: no direction is claimed."""
    passages: dict[int, dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
    for code in book.codes:
        for piece in code.evidence:
            if code.code_id in member:
                passages[member[code.code_id]][piece.passage_id].append(piece)
    total = len({passage for found in passages.values() for passage in found})
    ranked = []
    for left, right in combinations(range(len(categories)), 2):
        shared = sorted(set(passages[left]) & set(passages[right]))
        pieces = [piece for passage in shared for piece in (*passages[left][passage], *passages[right][passage])]
        if len(shared) < TOGETHER or len({piece.document_id for piece in pieces}) < 2:
            continue
        expected = len(passages[left]) * len(passages[right]) / total
        if len(shared) <= expected:
            continue
        ids = tuple({piece.quote: piece.application_id for piece in reversed(pieces)}.values())[::-1][:MOST_CITED]
        names = categories[left].label, categories[right].label
        statement = reporting.company(names[0], names[1], len(shared), language)
        relation = ProposedRelation(*names, RelationKind.CONTEXT, statement, ids)
        ranked.append((-round(math.log(len(shared) / expected) * len(shared), 4), left, right, relation))
    return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])][:4]
