"""PP-OCR in this process: finds lines, rights the page, reads the lines and puts them into order."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.adapters.ocr import geometry, models
from shared.domain.document import Page
from shared.domain.layout import arrange
from shared.ports import PageImage

if TYPE_CHECKING:
    import numpy as np

    from shared.adapters.ocr.geometry import Picture, Quads

LEAST_CONFIDENCE = 0.5
SURE = 0.8
PROBES = 5
CELL_GAP = 0.5  # of a line's height: the detector only parts what stands well apart, and its boxes are generous

# The engine keeps state between its steps, and a page takes 0.5 GB: one at a time in a process. A thread of its own
# rather than a lock, so that pages that wait do not fill the threads that everyone shares.
_one_page_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="ocr")

_CAPITALS = re.compile(r"\b(?=\w*[A-ZÁÉÍÓÚÜÑ]{2})[A-ZÁÉÍÓÚÜÑ]+[áéíóúüñ]+[A-ZÁÉÍÓÚÜÑáéíóúüñ]*\b")


class PpOcr:
    """OcrEngine on PP-OCRv6. `threads` is how many cores one page may use; pages of a process are read one by one."""

    def __init__(self, threads: int = 1, mode: models.Mode = "accurate") -> None:
        """Raises InvalidRequest when the weights of `mode` are not installed; loads nothing yet."""
        models.check(mode)
        self.name = f"pp-ocrv6-{'tiny' if mode == 'fast' else 'small'}"
        self._threads = max(threads, 1)
        self._mode: models.Mode = mode

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as read. Boxes, width and height (pixels) are those of the page after it was turned upright."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_one_page_at_a_time, self._read, image, number)

    def _read(self, image: PageImage, number: int) -> Page:
        import numpy as np

        picture = np.frombuffer(image.data, np.uint8).reshape(image.height, image.width, 3)
        return _read_picture(models.load(self._mode, self._threads), picture, number)


@dataclass(slots=True)
class _Found:
    """The lines found in a picture: cut out, and where they were."""

    picture: Picture
    crops: list[Any]
    quads: Quads


def _read_picture(engine: Any, picture: Picture, number: int) -> Page:
    found, turn = _upright(engine, geometry.stretch_contrast(picture))
    height, width = found.picture.shape[:2]
    if not found.crops:
        return Page(number, "", "ocr", 0.0, width, height)
    result = engine.recognize_txt(found.crops)
    read = [i for i, (t, s) in enumerate(zip(result.txts, result.scores, strict=True)) if _worth(t, s)]
    if not read:
        return Page(number, "", "ocr", 0.0, width, height)
    texts = [_capitals(result.txts[i].strip()) for i in read]
    scores = [float(result.scores[i]) for i in read]
    text, lines = arrange(geometry.pieces(found.quads[read], texts, scores, width, height), cell_gap=CELL_GAP)
    weight = sum(len(t) for t in texts)
    confidence = sum(len(t) * s for t, s in zip(texts, scores, strict=True)) / weight
    return Page(number, text, "ocr", confidence, width, height, turn, lines)


def _upright(engine: Any, picture: Picture) -> tuple[_Found, int]:
    """The lines of the page the right way up, and the clockwise turn that took.

    Lines that run up or down tell a page on its side; only reading a few of them tells which way up it is.
    """
    found, turn = _find(engine, picture), 0
    if found.crops and geometry.stands_on_its_side(found.quads):
        found, turn = _find(engine, geometry.turned(picture, 90)), 90
    if not found.crops:
        return found, 0
    probes = sorted(found.crops, key=lambda crop: -crop.shape[1])[:PROBES]
    sure = _mean_score(engine, probes)
    if (turn or sure < SURE) and _mean_score(engine, [geometry.turned(p, 180) for p in probes]) > sure + 0.05:
        found, turn = _find(engine, geometry.turned(found.picture, 180)), turn + 180
    return found, turn


def _find(engine: Any, picture: Picture) -> _Found:
    import numpy as np
    from rapidocr.main import RapidOCRError
    from rapidocr.utils.process_img import map_boxes_to_original

    height, width = picture.shape[:2]
    small, steps = engine.preprocess_img(picture)
    try:
        crops, detected = engine.detect_and_crop(small, steps)
    except RapidOCRError:  # its way to say that there is no text
        return _Found(picture, [], np.zeros((0, 4, 2)))
    quads = map_boxes_to_original(np.array(detected.boxes, np.float64), steps, height, width)
    return _Found(picture, list(crops), np.asarray(quads, np.float64))


def _mean_score(engine: Any, crops: list[np.ndarray[Any, Any]]) -> float:
    scores = engine.recognize_txt(crops).scores
    return sum(float(s) for s in scores) / len(scores)


def _worth(text: str, score: float) -> bool:
    return bool(text.strip()) and score >= LEAST_CONFIDENCE


def _capitals(text: str) -> str:
    """PP-OCRv6 reads LEÓN as LEóN now and then: accented letters among capitals are capitals."""
    return _CAPITALS.sub(lambda match: match.group().upper(), text)
