"""Pictures of black and white alone, as a fax or a scan of one bit gives them: networks are trained on greys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.adapters.ocr.geometry import Picture

SPECK = 2  # pixels; the dot of an i in small print has more
SOFTNESS = 1.0  # pixels
GREYS = 0.02  # for each black pixel: text that was drawn or scanned in greys has edges of a third and more


def softened(picture: Picture) -> Picture:
    """A black and white picture without specks and with soft edges; any other one as it is.

    A speck beside a letter is read as an accent or a point, and steps along a stroke as another letter.
    """
    import cv2
    import numpy as np

    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    if not _is_bilevel(grey):
        return picture
    _, labels, figures, _ = cv2.connectedComponentsWithStats((grey < 128).astype(np.uint8), connectivity=8)
    specks = figures[:, cv2.CC_STAT_AREA] <= SPECK
    clean = picture.copy()
    clean[specks[labels]] = 255
    return np.asarray(cv2.GaussianBlur(clean, (0, 0), SOFTNESS), np.uint8)


def _is_bilevel(grey: Picture) -> bool:
    seen = grey[::3, ::3]
    black = int((seen < 64).sum())
    return black > 0 and int(((seen >= 64) & (seen < 192)).sum()) < GREYS * black
