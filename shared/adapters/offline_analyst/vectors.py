"""Vectors of texts as arrays, remembered for a while: the same sentences and labels come back in every step."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

    Matrix = NDArray[floating[Any]]

REMEMBERED = 8_000  # vectors; 19 MB at 512 dimensions


class Vectors:
    """An `Embedder` with a bounded memory."""

    def __init__(self, embedder: Any, remembered: int = REMEMBERED) -> None:
        """`remembered`: how many vectors stay in memory."""
        self.embedder, self._remembered = embedder, remembered
        self._known: OrderedDict[str, Matrix] = OrderedDict()

    async def of(self, texts: Sequence[str]) -> Matrix:
        """One row a text."""
        import numpy as np

        if not texts:
            return np.zeros((0, int(self.embedder.dimensions)))
        missing = sorted({text for text in texts if text not in self._known})
        fresh = dict(zip(missing, await self.embedder.embed(missing), strict=True)) if missing else {}
        rows = [
            self._known[text] if text in self._known else np.asarray(fresh[text], dtype=np.float32) for text in texts
        ]
        for text, row in zip(texts, rows, strict=True):
            self._known[text] = row
            self._known.move_to_end(text)
        while len(self._known) > self._remembered:
            self._known.popitem(last=False)
        return np.asarray(rows, dtype=np.float64)


def unit(rows: Matrix) -> Matrix:
    """Each row at length one."""
    import numpy as np

    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12))


def nearest_mean(rows: Matrix, prototypes: Matrix, count: int = 2) -> Matrix:
    """How near each row is to the `count` prototypes that are nearest to it."""
    import numpy as np

    return np.asarray(np.sort(rows @ prototypes.T, axis=1)[:, -count:].mean(axis=1))
