"""Where the lines of a picture lie: as quadrilaterals, slightly turned, and then as upright pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.domain.pieces import Piece

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Quads = NDArray[np.float64]
    Picture = NDArray[np.uint8]


def stretch_contrast(picture: Picture) -> Picture:
    """Spread a narrow range of greys: faint scans lose small print. Blank pictures stay as they are."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[::4, ::4]
    low, high = (float(v) for v in np.percentile(grey, (1, 99)))
    if not 12 <= high - low < 110:
        return picture
    table = np.clip((np.arange(256) - low) * 255.0 / (high - low), 0, 255).astype(np.uint8)
    stretched: Any = cv2.LUT(picture, table)
    return np.asarray(stretched, np.uint8)


def turned(picture: Picture, degrees: int) -> Picture:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, -(degrees // 90))) if degrees % 360 else picture


def stands_on_its_side(quads: Quads) -> bool:
    """Whether most of the text runs up or down."""
    widths, heights = _sides(quads)
    upright = float(widths[widths > 1.5 * heights].sum())
    return float(heights[heights > 1.5 * widths].sum()) > upright


def pieces(quads: Quads, texts: Sequence[str], scores: Sequence[float], width: int, height: int) -> list[Piece]:
    """Quadrilaterals in pixels with their texts, as pieces with the page's skew taken out of their places."""
    import numpy as np

    angle = _skew(quads)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    level = quads @ turn.T
    heights = _sides(quads)[1]
    found = []
    for quad, flat, line_height, text, score in zip(quads, level, heights, texts, scores, strict=True):
        middle = float(flat[:, 1].mean())
        place = (
            float(flat[:, 0].min()),
            middle - float(line_height) / 2,
            float(flat[:, 0].max()),
            middle + float(line_height) / 2,
        )
        found.append(Piece(text, place, _fractions(quad, width, height), score))
    return found


def _skew(quads: Quads) -> float:
    """By how much (radians) the long lines slope: the median, weighted by their length."""
    import numpy as np

    widths, heights = _sides(quads)
    long = widths > 3 * heights
    if int(long.sum()) < 3:
        return 0.0
    along = (quads[:, 1] - quads[:, 0])[long]
    angles = np.arctan2(along[:, 1], along[:, 0])
    order = np.argsort(angles)
    weight = np.cumsum(widths[long][order])
    return float(angles[order][np.searchsorted(weight, weight[-1] / 2)])


def _sides(quads: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    return np.hypot(*(quads[:, 1] - quads[:, 0]).T), np.hypot(*(quads[:, 3] - quads[:, 0]).T)


def _fractions(quad: Quads, width: int, height: int) -> tuple[float, float, float, float]:
    def part(value: float, whole: int) -> float:
        return round(min(max(value / whole, 0.0), 1.0), 5)

    left, top = quad.min(axis=0).tolist()
    right, bottom = quad.max(axis=0).tolist()
    return part(left, width), part(top, height), part(right, width), part(bottom, height)
