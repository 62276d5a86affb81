"""What happens to a page before it is read: scanned askew, photographed, faxed, saved too small."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Wear = Callable[[Picture, np.random.Generator], Picture]


def raster(pdf: bytes, dpi: int = 200) -> Picture:
    """The first page of a PDF as a scanner would give it, height x width x 3."""
    import numpy as np
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.ascontiguousarray(document[0].render(scale=dpi / 72).to_numpy()[:, :, :3])
    finally:
        document.close()


def as_png(picture: Picture) -> bytes:
    """The picture as a file."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture[:, :, ::-1]).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _noisy(picture: Any, sigma: float, chance: np.random.Generator) -> Picture:
    import numpy as np

    return np.asarray(np.clip(picture + chance.normal(0, sigma, picture.shape), 0, 255), np.uint8)


def _scaled(picture: Picture, factor: float) -> Picture:
    import cv2
    import numpy as np

    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _jpeg(picture: Picture, quality: int) -> Picture:
    import cv2
    import numpy as np

    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _blurred(picture: Picture, sigma: float) -> Picture:
    import cv2
    import numpy as np

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def askew(picture: Picture, chance: np.random.Generator) -> Picture:
    """A scan that went in crooked by one to two degrees, with a little noise."""
    import cv2

    height, width = picture.shape[:2]
    angle = chance.choice([-1, 1]) * chance.uniform(1, 2)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return _noisy(
        cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)), 4, chance
    )


def noisy(picture: Picture, chance: np.random.Generator) -> Picture:
    """Strong grain."""
    return _noisy(picture, 36, chance)


def soft(picture: Picture, chance: np.random.Generator) -> Picture:
    """Out of focus."""
    return _blurred(picture, 1.6)


def small(picture: Picture, chance: np.random.Generator) -> Picture:
    """150 dpi, saved as a poor JPEG."""
    return _jpeg(_scaled(picture, 0.75), 40)


def faint(picture: Picture, chance: np.random.Generator) -> Picture:
    """Pale ink on grey paper."""
    return _noisy(picture * 0.2 + 148, 4, chance)


def photographed(picture: Picture, chance: np.random.Generator, tilt: float = 0.025, jpeg: int = 60) -> Picture:
    """On a dark desk, from an angle, under a lamp at one side."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    margin = int(0.05 * max(height, width))
    size = (width + 2 * margin, height + 2 * margin)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + margin + chance.uniform(-tilt, tilt, (4, 2)).astype(np.float32) * min(height, width)
    view = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    paper = cv2.warpPerspective(picture, view, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), view, size)
    desk = np.full((size[1], size[0], 3), (52, 66, 80), np.uint8)
    seen = np.where(mask[..., None] > 127, paper, desk).astype(np.float32)
    light = np.linspace(0.62, 1.0, size[0], dtype=np.float32)[None, :, None]
    return _jpeg(_noisy(_blurred(np.asarray(seen * light, np.uint8), 0.9), 5, chance), jpeg)


def tiny(picture: Picture, chance: np.random.Generator) -> Picture:
    """100 dpi, saved as a poor JPEG."""
    return _jpeg(_scaled(picture, 0.5), 40)


def faxed(picture: Picture, chance: np.random.Generator) -> Picture:
    """Black or white, at the resolution of a common fax (204 by 98 dpi), with specks."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    rows = cv2.resize(picture, (width, height // 2), interpolation=cv2.INTER_AREA)
    grey = _noisy(rows, 14, chance).mean(axis=2)
    black = np.where(grey > 160, 255, 0).astype(np.uint8)
    black[chance.random(black.shape) < 0.001] = 0
    page = cv2.resize(black, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(np.repeat(page[..., None], 3, axis=2))


def snapped(picture: Picture, chance: np.random.Generator) -> Picture:
    """A bad photo: tilted, small, soft and dark."""
    return photographed(_scaled(picture, 0.55), chance, tilt=0.05, jpeg=40)


DEGRADED: tuple[Wear, ...] = (askew, noisy, soft, small, faint, photographed)
HARD: tuple[Wear, ...] = (tiny, faxed, snapped)
