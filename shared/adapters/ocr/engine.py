"""PP-OCR in this process: finds lines, rights the page, reads the lines and puts them into order."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.adapters.ocr import geometry, models
from shared.adapters.ocr.bilevel import softened
from shared.adapters.ocr.likelier import likelier
from shared.adapters.ocr.lines import ReadLine
from shared.adapters.ocr.spaces import with_spaces
from shared.domain.document import Page
from shared.domain.layout import arrange
from shared.ports import PageImage

if TYPE_CHECKING:
    from shared.adapters.ocr.geometry import Picture, Quads

LEAST_CONFIDENCE = 0.5
SURE = 0.8
PROBES = 5
CELL_GAP = 0.5  # of a line's height: the detector only parts what stands well apart, and its boxes are generous
PAGES_AT_ONCE = 2  # while the lines of one page are found those of another are read; a page takes 0.1 GB meanwhile

# Threads of their own, so that pages that wait do not fill those that everyone shares.
_pages = ThreadPoolExecutor(PAGES_AT_ONCE, thread_name_prefix="ocr")

_CAPITALS = re.compile(r"\b(?=\w*[A-ZÁÉÍÓÚÜÑ]{2})[A-ZÁÉÍÓÚÜÑ]+[áéíóúüñ]+[A-ZÁÉÍÓÚÜÑáéíóúüñ]*\b")


class PpOcr:
    """OcrEngine on PP-OCRv6. `threads` is how many cores it may use; at most PAGES_AT_ONCE pages are read at once."""

    def __init__(self, threads: int = 1, mode: models.Mode = "accurate") -> None:
        """Raises InvalidRequest when the weights of `mode` are not installed; loads nothing yet."""
        models.check(mode)
        self.name = f"pp-ocrv6-{'tiny' if mode == 'fast' else 'small'}"
        self._threads = max(threads, 1)
        self._mode: models.Mode = mode

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as read. Boxes, width and height (pixels) are those of the page after it was turned upright."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_pages, self._read, image, number)

    def _read(self, image: PageImage, number: int) -> Page:
        return _read_picture(models.load(self._mode, self._threads), geometry.picture_of(image), number)


@dataclass(slots=True)
class _Found:
    """The lines found in a picture: cut out, where they were, and the text of those that were read already."""

    picture: Picture
    crops: list[Picture]
    quads: Quads
    read: dict[int, ReadLine]


def _read_picture(networks: models.Networks, picture: Picture, number: int) -> Page:
    found, turn = _upright(networks, geometry.stretch_contrast(softened(picture)))
    height, width = found.picture.shape[:2]
    unread = [at for at in range(len(found.crops)) if at not in found.read]
    found.read.update(zip(unread, networks.read([found.crops[at] for at in unread]), strict=True))
    worth = [at for at in range(len(found.crops)) if _worth(found.read[at])]
    if not worth:
        return Page(number, "", "ocr", 0.0, width, height)
    lines = [_with_capitals(line) for line in likelier(with_spaces([found.read[at] for at in worth]))]
    quads = found.quads[worth]
    texts = [
        geometry.Text(line.text, line.score, geometry.tokens(line, quad, width, height))
        for line, quad in zip(lines, quads, strict=True)
    ]
    text, arranged = arrange(geometry.pieces(quads, texts, width, height), cell_gap=CELL_GAP)
    weight = sum(len(line.text) for line in lines)
    confidence = sum(len(line.text) * line.score for line in lines) / weight
    return Page(number, text, "ocr", confidence, width, height, turn, arranged)


def _upright(networks: models.Networks, picture: Picture) -> tuple[_Found, int]:
    """The lines of the page the right way up, and the clockwise turn that took.

    Lines that run up or down tell a page on its side; only reading a few of them tells which way up it is.
    """
    found, turn = _find(networks, picture), 0
    if found.crops and geometry.stands_on_its_side(found.quads):
        found, turn = _find(networks, geometry.turned(picture, 90)), 90
    if not found.crops:
        return found, 0
    longest = sorted(range(len(found.crops)), key=lambda at: -found.crops[at].shape[1])[:PROBES]
    probes = networks.read([found.crops[at] for at in longest])
    found.read.update(zip(longest, probes, strict=True))
    sure = _mean_score(probes)
    if turn or sure < SURE:
        over = networks.read([geometry.turned(found.crops[at], 180) for at in longest])
        if _mean_score(over) > sure + 0.05:
            found, turn = _find(networks, geometry.turned(found.picture, 180)), turn + 180
    return found, turn


def _find(networks: models.Networks, picture: Picture) -> _Found:
    crops, quads = networks.find(picture)
    return _Found(picture, crops, quads, {})


def _mean_score(lines: list[ReadLine]) -> float:
    return sum(line.score for line in lines) / len(lines)


def _worth(line: ReadLine) -> bool:
    return bool(line.text.strip()) and line.score >= LEAST_CONFIDENCE


def _with_capitals(line: ReadLine) -> ReadLine:
    """PP-OCRv6 reads LEÓN as LEóN now and then: accented letters among capitals are capitals."""
    return replace(line, text=_CAPITALS.sub(lambda match: match.group().upper(), line.text.strip()))
