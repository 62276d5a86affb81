"""A second engine for the pages that the first is not sure of."""

from __future__ import annotations

import logging
import re

from shared.adapters.ocr import geometry
from shared.domain.document import Page
from shared.domain.errors import TheoGenError
from shared.domain.two_readings import reconcile
from shared.ports import OcrEngine, PageImage

log = logging.getLogger(__name__)

SURE = 0.98  # of a page: below, most pages hold errors; above, hardly any does
DOUBTFUL_WORD = 0.8
FEW = 0.02  # of a page's words
SPANISH = re.compile("[áíóúñ¿]")


class SecondOpinion:
    """OcrEngine of two: pages on which the first is in doubt are read by the second too, and the two reconciled."""

    def __init__(self, first: OcrEngine, second: OcrEngine) -> None:
        self.name = f"{first.name}+{second.name}"
        self._first = first
        self._second = second

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as the first read it where it is sure, else what both agree on best.

        When the second cannot be had, the first's page stands: it was read, and its confidence tells the doubt.
        """
        page = await self._first.read(image, number)
        if not page.lines or not in_doubt(page):
            return page
        try:
            other = await self._second.read(_upright(image, page.rotated), number)
        except TheoGenError as error:
            log.warning("the second engine could not read page %d: %s", number, error)
            return page
        return reconcile(page, other)


def in_doubt(page: Page) -> bool:
    """Whether the page as a whole, or more than a few of its words, may be wrong, or a mark is missing that cannot be.

    PP-OCR does not know `¡`: where Spanish exclaims without one, it was left out, and nothing told where.
    """
    words = [word.confidence for line in page.lines for word in line.words]
    exclaims = "!" in page.text and "¡" not in page.text and SPANISH.search(page.text) is not None
    return exclaims or page.confidence < SURE or sum(sure < DOUBTFUL_WORD for sure in words) > FEW * len(words)


def _upright(image: PageImage, turn: int) -> PageImage:
    if not turn:
        return image
    picture = geometry.turned(geometry.picture_of(image), turn)
    return PageImage(picture.shape[1], picture.shape[0], picture.tobytes(), image.owner)
