"""Which codes look alike enough to be compared, found by their vectors."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.analysis import CodeInContext

THRESHOLD = 0.75
MOST_PAIRS = 4000
_ROWS = 1024  # similarities are computed in strips, so that memory stays bounded

Pair = tuple[int, int]


def alike(codes: Sequence[CodeInContext]) -> tuple[list[Pair], int]:
    """Pairs of positions whose cosine reaches the threshold, and how many more there were than can be compared.

    Of too many the most similar stay. Pairs that hang together stand together, so that one question sees a whole
    cluster of candidates wherever it fits.
    """
    import numpy as np

    width = max((len(code.vector) for code in codes), default=0)
    places = [at for at, code in enumerate(codes) if width and len(code.vector) == width]
    matrix = np.array([codes[at].vector for at in places], dtype=np.float32).reshape(len(places), width)
    found: list[tuple[float, Pair]] = []
    for top in range(0, len(places), _ROWS):
        strip = matrix[top : top + _ROWS] @ matrix.T
        for row, column in zip(*np.nonzero(strip >= THRESHOLD - 1e-6), strict=True):
            if top + row < column:
                found.append((round(float(strip[row, column]), 5), (places[top + int(row)], places[int(column)])))
    found.sort(key=lambda one: (-one[0], one[1]))
    kept = [pair for _, pair in found[:MOST_PAIRS]]
    return _clustered(kept), len(found) - len(kept)


def _clustered(pairs: list[Pair]) -> list[Pair]:
    """The pairs in order of the first code of the cluster that they belong to."""
    first: dict[int, int] = {}

    def root(at: int) -> int:
        while first.get(at, at) != at:
            at = first[at]
        return at

    for left, right in pairs:
        low, high = sorted((root(left), root(right)))
        first[high] = low
    return sorted(pairs, key=lambda pair: (root(pair[0]), pair))
