"""One ranking of several: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.searching import Rankings

# The constant of reciprocal ranks. Cormack et al. took 60 for rankings of a thousand that were much alike; two short
# ones ask for less, so that a first place counts. And words are trusted as far as they go: where a passage holds all
# words of the query, rare ones included, people most likely look for those very words (they weigh ten times as much as
# meaning); where hardly any are found, both weigh the same. bench/evaluation/search.py compares this with plain fusion.
RANK_CONSTANT = 10.0
TRUST_IN_WORDS = 9.0


@dataclass(frozen=True, slots=True)
class Fused:
    """A found thing: `score` is 1 when it stands first in every ranking; `ranks` (from 1) in those that found it."""

    id: str
    score: float
    ranks: dict[str, int]


def fuse(rankings: Mapping[str, Sequence[str]], weights: Mapping[str, float], k: float) -> list[Fused]:
    """Each ranking gives `weight / (k + rank)` to what it found; best first, equally good ones by id.

    Only ranks count, since scores of different searches cannot be compared. A small `k` lets a first place decide, a
    large one rewards what stands in several rankings.
    """
    ranks: dict[str, dict[str, int]] = {}
    for name, ranking in rankings.items():
        for rank, found in enumerate(ranking, start=1):
            ranks.setdefault(found, {})[name] = rank
    best = sum(weights[name] for name in rankings) / (k + 1)
    scored = [
        Fused(found, sum(weights[name] / (k + rank) for name, rank in places.items()) / best, places)
        for found, places in ranks.items()
    ]
    return sorted(scored, key=lambda one: (-one.score, one.id))


def fused(rankings: Rankings) -> list[Fused]:
    """Passages by meaning (`vectors`) and by words (`text`) in one ranking."""
    weights = {"vectors": 1.0, "text": 1 + TRUST_IN_WORDS * rankings.share**2}
    return fuse({"vectors": rankings.vectors, "text": rankings.text}, weights, RANK_CONSTANT)
