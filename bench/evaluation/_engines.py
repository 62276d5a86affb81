"""Readers to compare: the product's own, and the engines alone, each giving pages that extraction takes."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import lru_cache
from typing import Any

from shared.domain.document import Page
from shared.domain.layout import arrange
from shared.domain.pieces import Piece

GENEROUS_BOXES_GAP = 0.5  # of a line's height: PP-OCR's boxes reach beyond their letters


async def product(data: bytes, media_type: str, pages: int = 1) -> list[Page]:
    """The pages as the app reads them, with the reader that `services` composes."""
    from shared.services import reader

    return await reader().read_pages(data, media_type, 1, pages)


async def document(data: bytes, name: str) -> list[Page]:
    """All pages of a file as the app reads them, whatever its type."""
    from shared.services import reader

    inspection = await reader().inspect(data, name)
    return await reader().read_pages(data, inspection.media_type, 1, inspection.page_count)


async def document_start(data: bytes, name: str, most: int = 8) -> tuple[str, list[Page]]:
    """Media type and the first pages of a file: a type shows itself early."""
    from shared.services import reader

    inspection = await reader().inspect(data, name)
    last = min(inspection.page_count, most)
    return inspection.media_type, await reader().read_pages(data, inspection.media_type, 1, last)


def tesseract(image: bytes) -> Page:
    """The picture as Tesseract alone reads it (English, one block of text), its words put into lines."""
    command = ["tesseract", "stdin", "stdout", "-l", "eng", "--psm", "6", "tsv"]
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # more threads only wait for each other on small pictures
    table = subprocess.run(command, input=image, capture_output=True, check=True, env=one_thread).stdout.decode()
    words = list(csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE))
    width, height = int(words[0]["width"]), int(words[0]["height"])
    pieces = []
    for word in words:
        left, top = int(word["left"]), int(word["top"])
        place = (left, top, left + int(word["width"]), top + int(word["height"]))
        if word["text"].strip():
            pieces.append(_piece(word["text"].strip(), place, float(word["conf"]) / 100, width, height))
    text, lines = arrange(pieces)
    return Page(1, text, "ocr", 1.0, width, height, lines=lines)


def tesseract_missing() -> str | None:
    """Why there is no Tesseract to compare with; None when there is."""
    return None if shutil.which("tesseract") else "Tesseract is not installed here"


def pp_ocr(image: bytes) -> Page:
    """The picture as rapidocr with its defaults reads it, its boxes put into lines."""
    import cv2
    import numpy as np

    picture: Any = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    height, width = picture.shape[:2]
    result = _rapidocr()(picture)
    found = [] if result.boxes is None else zip(result.boxes, result.txts, result.scores, strict=True)
    pieces = []
    for quad, text, score in found:
        xs, ys = [float(x) for x, _ in quad], [float(y) for _, y in quad]
        if text.strip():
            pieces.append(_piece(text.strip(), (min(xs), min(ys), max(xs), max(ys)), float(score), width, height))
    text, lines = arrange(pieces, cell_gap=GENEROUS_BOXES_GAP)
    return Page(1, text, "ocr", 1.0, width, height, lines=lines)


@lru_cache(maxsize=1)
def _rapidocr() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "error"})


def _piece(text: str, place: tuple[float, float, float, float], sure: float, width: int, height: int) -> Piece:
    box = (place[0] / width, place[1] / height, place[2] / width, place[3] / height)
    return Piece(text, place, box, sure)
