"""Quotes that may speak against others: near in subject, opposite in tone or denied. Few, and only when it is clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.codebook import applications
from shared.adapters.offline_analyst.labels import language_of
from shared.adapters.offline_analyst.lexicon import lexicon_for
from shared.domain.analysis import CodeInContext, Evidence

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Vectors

SAME_SUBJECT = 0.33  # cosine to the nearest supporting quote
OPPOSITE_TONE = 0.1  # between the tones of two quotes (each about -0.2 to 0.2)
CONTRAST = 0.03  # what a "but" in the quote counts
MOST = 4


async def tones(quotes: Sequence[str], vectors: Vectors) -> list[float]:
    """How good or bad what is said sounds; nought is neutral."""
    found = []
    for quote, row in zip(quotes, await vectors.of(quotes), strict=True):
        lexicon = lexicon_for(language_of(quote))
        good, bad = await vectors.of(lexicon.good), await vectors.of(lexicon.bad)
        found.append(float((good @ row).mean() - (bad @ row).mean()))
    return found


async def against(supporting: Sequence[str], codes: Sequence[CodeInContext], vectors: Vectors) -> tuple[str, ...]:
    """Applications of the same categories whose tone is opposite to that of the supporting ones."""
    pieces = {piece.application_id: piece for piece in applications(codes)}
    backing = [pieces[key] for key in supporting if key in pieces]
    said = {piece.quote for piece in backing}
    others = [piece for key, piece in pieces.items() if piece.quote not in said]
    if not backing or not others:
        return ()
    theirs, mine = await tones([p.quote for p in others], vectors), await tones([p.quote for p in backing], vectors)
    middle = sorted(mine)[len(mine) // 2]
    nearness = (await vectors.of([p.quote for p in others])) @ (await vectors.of([p.quote for p in backing])).T
    ranked: list[tuple[float, str, Evidence]] = []
    for number, piece in enumerate(others):
        gap = abs(theirs[number] - middle) + (CONTRAST if _contrasts(piece.quote) else 0.0)
        opposite = theirs[number] * middle < 0 and gap >= OPPOSITE_TONE
        if opposite and float(nearness[number].max()) >= SAME_SUBJECT:
            ranked.append((-round(gap, 4), piece.application_id, piece))
    chosen: dict[str, str] = {}
    for _, key, piece in sorted(ranked, key=lambda entry: entry[:2]):
        chosen.setdefault(piece.quote, key)
    return tuple(chosen.values())[:MOST]


def _contrasts(quote: str) -> bool:
    return bool(lexicon_for(language_of(quote)).contrast.search(quote))
