"""Where the lines of a picture lie: as quadrilaterals, slightly turned, and then as upright pieces."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.adapters.ocr.lines import ReadLine
from shared.domain.pieces import Box, Piece, Token
from shared.ports import PageImage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Quads = NDArray[np.float64]
    Picture = NDArray[np.uint8]

STEEPEST = 5.0  # degrees


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a quadrilateral."""

    text: str
    confidence: float
    words: tuple[Token, ...]


def picture_of(image: PageImage) -> Picture:
    """The pixels of a page, height x width x 3, without a copy."""
    import numpy as np

    return np.frombuffer(image.data, np.uint8).reshape(image.height, image.width, 3)


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


def slant(picture: Picture) -> float:
    """By how many degrees (clockwise, at most STEEPEST) the lines of an upright page slope; 0 when hard to tell.

    At the right angle rows of ink and rows of paper differ most.
    """
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = 800 / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)

    def contrast(angle: float) -> float:
        height, width = ink.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.int64)
        return float(np.square(np.diff(rows)).sum())

    coarse = max(np.arange(-STEEPEST, STEEPEST + 0.5, 0.5), key=contrast)
    fine = max(np.arange(coarse - 0.4, coarse + 0.5, 0.1), key=contrast)
    return float(fine) if contrast(fine) > 1.1 * contrast(0) else 0.0


def level(picture: Picture, angle: float) -> Picture:
    """The picture turned back by `angle` degrees around its middle; what comes in at the corners is paper."""
    import cv2
    import numpy as np

    if not angle:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return np.asarray(
        cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


@dataclass(frozen=True, slots=True)
class Unlevelled:
    """Where things were in a picture of this size (pixels) before it was turned back by `angle` degrees."""

    width: int
    height: int
    angle: float

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Pixels of the levelled picture as fractions of the picture before."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        x, y = (left + right) / 2 - self.width / 2, (top + bottom) / 2 - self.height / 2
        x, y = cos * x - sin * y + self.width / 2, sin * x + cos * y + self.height / 2
        half_width, half_height = (right - left) / 2, (bottom - top) / 2
        return (
            _part(x - half_width, self.width),
            _part(y - half_height, self.height),
            _part(x + half_width, self.width),
            _part(y + half_height, self.height),
        )


def stands_on_its_side(quads: Quads) -> bool:
    """Whether most of the text runs up or down."""
    widths, heights = _sides(quads)
    upright = float(widths[widths > 1.5 * heights].sum())
    return float(heights[heights > 1.5 * widths].sum()) > upright


def pieces(quads: Quads, texts: Sequence[Text], width: int, height: int) -> list[Piece]:
    """Quadrilaterals in pixels with what stands there, as pieces with the page's skew taken out of their places."""
    import numpy as np

    angle = _skew(quads)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    level = quads @ turn.T
    heights = _sides(quads)[1]
    found = []
    for quad, flat, line_height, text in zip(quads, level, heights, texts, strict=True):
        middle = float(flat[:, 1].mean())
        place = (
            float(flat[:, 0].min()),
            middle - float(line_height) / 2,
            float(flat[:, 0].max()),
            middle + float(line_height) / 2,
        )
        found.append(Piece(text.text, place, fractions(quad, width, height), text.confidence, text.words))
    return found


def tokens(line: ReadLine, quad: Quads, width: int, height: int) -> tuple[Token, ...]:
    """The words' parts of their line; a line that stands upright was read from its top to its bottom."""
    import numpy as np

    top_left, top_right, bottom_right, bottom_left = quad
    if np.hypot(*(bottom_left - top_left)) < 1.5 * np.hypot(*(top_right - top_left)):
        sides = (top_left, top_right), (bottom_left, bottom_right)
    else:
        sides = (top_left, bottom_left), (top_right, bottom_right)
    found = []
    for span in line.spans():
        corners = [begin + share * (end - begin) for share in (span.left, span.right) for begin, end in sides]
        found.append(Token(span.text, fractions(np.array(corners), width, height), span.confidence))
    return tuple(found)


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


def fractions(quad: Quads, width: int, height: int) -> Box:
    """The box around points (n x 2, pixels) as fractions of the page."""
    left, top = quad.min(axis=0).tolist()
    right, bottom = quad.max(axis=0).tolist()
    return _part(left, width), _part(top, height), _part(right, width), _part(bottom, height)


def _part(value: float, whole: int) -> float:
    return round(min(max(value / whole, 0.0), 1.0), 5)
