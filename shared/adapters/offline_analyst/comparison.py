"""Constant comparison: codes that are one idea are merged, and what rests on too little is set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import wording
from shared.adapters.offline_analyst.clustering import average_linkage, centred
from shared.adapters.offline_analyst.codebook import Codebook, codebook, weight
from shared.adapters.offline_analyst.labels import best_label, corpus_words, denies, label_codeness
from shared.domain.analysis import Brief, CodeInContext, Consolidation, Merge

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Vectors

DISTANCE = 0.48  # cosine distance within which codes are one idea
SMALL = 20  # codes; a smaller codebook keeps all it has
MOST = 60
PER_DOCUMENT = 5  # codes kept for every document, between the bounds
LEAST = 15


async def consolidate(brief: Brief, codes: Sequence[CodeInContext], vectors: Vectors) -> Consolidation:
    """Merges by meaning (never a statement with its denial), then the weakest codes set aside."""
    import asyncio

    book = await codebook(codes, vectors)
    if not book.codes:
        return Consolidation()
    quality = await label_codeness([code.label for code in book.codes], vectors)
    return await asyncio.to_thread(_compare, brief, book, quality)


def _compare(brief: Brief, book: Codebook, quality: list[float]) -> Consolidation:
    groups = _groups(book)
    corpus, merges, kept = corpus_words(book), [], []
    for group in groups:
        best = best_label(book, group, quality, brief.language, corpus)
        kept.append((best, group))
        if len(group) > 1:
            merges.append(_merge(brief, book, best, group))
    return Consolidation(tuple(merges), _weak(book, kept, quality))


def _groups(book: Codebook) -> list[list[int]]:
    """Groups of one idea; codes that deny are compared only with codes that deny."""
    rows = centred(book.mixed)
    groups: list[list[int]] = []
    for denying in (False, True):
        mine = [number for number, code in enumerate(book.codes) if denies(code.label) == denying]
        groups += [[mine[row] for row in group] for group in average_linkage(rows[mine], DISTANCE)]
    return sorted(groups, key=lambda group: group[0])


def _merge(brief: Brief, book: Codebook, best: int, group: list[int]) -> Merge:
    others = [row for row in group if row != best]
    near = float((book.mixed[others] @ book.mixed[best]).mean())
    return Merge(
        book.codes[best].code_id,
        tuple(book.codes[row].code_id for row in others),
        wording.merge_reason([book.codes[row].label for row in others], book.codes[best].label, near, brief.language),
    )


def _weak(book: Codebook, kept: list[tuple[int, list[int]]], quality: list[float]) -> tuple[str, ...]:
    """Beyond the number that a study of this size can carry: the least supported, then the least code-like."""
    documents = {piece.document_id for code in book.codes for piece in code.evidence}
    room = max(LEAST, min(MOST, PER_DOCUMENT * len(documents)))
    if len(kept) <= max(SMALL, room):
        return ()

    def support(entry: tuple[int, list[int]]) -> tuple[int, int, float, str]:
        best, group = entry
        weights = [weight(book.codes[row]) for row in group]
        places = {piece.document_id for row in group for piece in book.codes[row].evidence}
        return len(places), sum(count for _, count in weights), round(quality[best], 4), book.codes[best].code_id

    ranked = sorted(kept, key=support, reverse=True)
    supported = [entry for entry in ranked if support(entry)[1] > 1]
    staying = supported[:MOST] if len(supported) >= room else ranked[:room]
    stays = {best for best, _ in staying}
    return tuple(book.codes[best].code_id for best, _ in kept if best not in stays)
