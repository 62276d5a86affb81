"""Grouping of vectors: average linkage to a distance, and a bounded agglomeration whose groups cannot swallow all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.vectors import unit

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix

DIGITS = 5


def centred(rows: Matrix, share: float = 0.5) -> Matrix:
    """Unit rows with a share of their mean taken out: what all texts of a study have in common says nothing."""
    import numpy as np

    return np.round(unit(rows - share * rows.mean(axis=0, keepdims=True)), DIGITS)


def average_linkage(rows: Matrix, distance: float) -> list[list[int]]:
    """Groups of row numbers, each in order, by the smallest member; `distance` is a cosine distance."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import pdist

    if len(rows) < 2:
        return [[number] for number in range(len(rows))]
    apart = pdist(rows, "cosine").clip(0.0, 2.0).round(DIGITS)
    groups: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(fcluster(linkage(apart, "average"), distance, "distance")):
        groups[int(group)].append(number)
    return sorted(groups.values(), key=lambda group: group[0])


def bounded(rows: Matrix, count: int, largest: int) -> list[list[int]]:
    """About `count` groups of at most `largest` members: the nearest two that still fit are joined, again and again."""
    import numpy as np

    groups = [[number] for number in range(len(rows))]
    likeness = np.round(rows @ rows.T, DIGITS)
    while len(groups) > count:
        best: tuple[float, int, int] | None = None
        for left in range(len(groups)):
            for right in range(left + 1, len(groups)):
                if len(groups[left]) + len(groups[right]) > largest:
                    continue
                near = float(likeness[np.ix_(groups[left], groups[right])].mean())
                if best is None or near > best[0]:
                    best = (near, left, right)
        if best is None:
            break
        _, left, right = best
        groups[left] = sorted(groups[left] + groups.pop(right))
    return sorted(groups, key=lambda group: group[0])
