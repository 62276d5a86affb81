"""Tesseract, where it is installed: the program is given the pixels and answers with a table of words."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

from shared.adapters.ocr import geometry
from shared.domain.document import Page
from shared.domain.errors import Damaged, InvalidRequest, TimedOut
from shared.domain.layout import arrange
from shared.domain.pieces import Piece, Token
from shared.ports import PageImage

if TYPE_CHECKING:
    from shared.adapters.ocr.geometry import Picture

LANGUAGES = ("spa", "eng")
BLOCK = "6"  # page segmentation: one block of text; the order of what it finds is ours
CELL_GAP = 1.0  # of a line's height, from ink to ink
LONGEST = 60.0  # seconds for a page; a usual one takes one
WORD, LINE = "5", "4"  # levels in its table


def installed() -> bool:
    """Whether the program and at least one of the languages are here."""
    return bool(_languages())


class Tesseract:
    """OcrEngine on the Tesseract program. A page may lie on any side, and is turned first, unless `upright` is sure."""

    name = "tesseract"

    def __init__(self, threads: int = 1, *, upright: bool = False) -> None:
        """Raises InvalidRequest when the program or its languages are missing."""
        if not installed():
            raise InvalidRequest("Tesseract is not installed with Spanish or English: install it, or choose pp.")
        self._threads = max(threads, 1)
        self._upright = upright

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as read. Raises TimedOut, and Damaged for a picture that the program refuses."""
        return await asyncio.to_thread(self._read, image, number)

    def _read(self, image: PageImage, number: int) -> Page:
        picture = geometry.stretch_contrast(geometry.picture_of(image))
        turn = 0 if self._upright else self._turn(picture)
        picture = geometry.turned(picture, turn)
        height, width = picture.shape[:2]
        angle = geometry.slant(picture)
        table = self._run(geometry.level(picture, angle), "--psm", BLOCK, "-l", "+".join(_languages()), "tsv")
        pieces = _pieces(table, geometry.Unlevelled(width, height, angle))
        if not pieces:
            return Page(number, "", "ocr", 0.0, width, height)
        text, lines = arrange(pieces, cell_gap=CELL_GAP)
        weight = sum(len(piece.text) for piece in pieces)
        confidence = sum(len(piece.text) * piece.confidence for piece in pieces) / weight
        return Page(number, text, "ocr", confidence, width, height, turn, lines)

    def _turn(self, picture: Picture) -> int:
        """The clockwise turn that rights the page, as far as the program can tell."""
        try:
            found = self._run(picture, "--psm", "0", "-l", "osd")
        except Damaged:  # its way to say that there is too little text, or that the model for this is not installed
            return 0
        told = dict(line.split(": ", 1) for line in found.splitlines() if ": " in line)
        return int(told.get("Rotate", "0")) if float(told.get("Orientation confidence", "0")) > 1 else 0

    def _run(self, picture: Picture, *options: str) -> str:
        """What the program prints. The pixels go through a pipe: no file is written."""
        import cv2

        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        header = f"P5 {grey.shape[1]} {grey.shape[0]} 255\n".encode()
        try:
            done = subprocess.run(
                ["tesseract", "stdin", "stdout", *options],
                input=header + grey.tobytes(),
                capture_output=True,
                timeout=LONGEST,
                check=False,
                env=os.environ | {"OMP_THREAD_LIMIT": str(self._threads)},
            )
        except subprocess.TimeoutExpired as error:
            raise TimedOut(f"Tesseract took longer than {LONGEST:.0f} seconds for a page.") from error
        if done.returncode:
            raise Damaged("Tesseract could not read this picture.")
        return done.stdout.decode("utf-8", "replace")


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    """Those of ours that are installed."""
    if not shutil.which("tesseract"):
        return ()
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=LONGEST, check=False)
    return tuple(language for language in LANGUAGES if language in listed.stdout.split())


def _pieces(table: str, place: geometry.Unlevelled) -> list[Piece]:
    """A piece a word. Its line says how tall it stands: a dash alone is low and flat."""
    pieces: list[Piece] = []
    top = bottom = 0.0
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        left, upper, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
        if row["level"] == LINE:
            top, bottom = upper, upper + height
        text = (row["text"] or "").strip()
        if row["level"] != WORD or not text:
            continue
        sure = max(float(row["conf"]), 0.0) / 100
        box = place.box(left, upper, left + width, upper + height)
        words = tuple(Token(word, box, sure) for word in text.split())
        pieces.append(Piece(text, (left, top, left + width, bottom), box, sure, words))
    return pieces
