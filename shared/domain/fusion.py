"""One ranking of several: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
