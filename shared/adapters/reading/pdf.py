"""PDF: the text layer of a page where it is of use, else the page as pixels."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.adapters.reading.limits import Limits
from shared.adapters.reading.pdf_frame import Frame
from shared.adapters.reading.pdf_text import Layer, makes_sense, quarter_turns, read_layer
from shared.adapters.reading.source import Raster
from shared.domain.document import Page
from shared.domain.errors import Damaged, Encrypted, NoPages, TheoGenError, TooLarge
from shared.domain.layout import arrange, compose
from shared.domain.pieces import Row
from shared.domain.remarks import Remark
from shared.ports import PageImage

PDFIUM = threading.Lock()  # PDFium is not thread-safe, not even over different documents

DPI = 200
LONGEST_SIDE = 3000  # pixels of a raster
MOST_CHARACTERS = 300_000  # of one page
MOST_OBJECTS = 2000  # of a page, looked at for pictures
FEW = 15  # characters: a page number, a stamp
STAMP = 120
TOUCHING = 0.1
PASSWORD_ERRORS = frozenset({4, 5})  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

CUT_OFF = Remark("cut_off_pdf")


class Pdf:
    """Source over a PDF. Every call of PDFium is made under one lock."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Raises Encrypted, NoPages and Damaged."""
        import pypdfium2

        self._limits = limits
        with PDFIUM:
            try:
                self._document = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise _opening_error(data, getattr(error, "err_code", None)) from error
            self.count = len(self._document)
            if self.count == 0:
                self._document.close()
                raise NoPages
        self.warnings: tuple[str, ...] = () if b"%%EOF" in data[-2048:] else (CUT_OFF,)

    def verify(self) -> None:
        """One of the first pages must load; a single broken page is that page's problem."""
        for number in range(1, min(self.count, 10) + 1):
            try:
                with PDFIUM, self._loaded(number):
                    return
            except Damaged:
                continue
        raise Damaged

    def page(self, number: int) -> Page | Raster:
        """The page's text layer, or its pixels when that is missing or useless. Raises Damaged or TooLarge."""
        with PDFIUM, self._loaded(number) as page:
            layer, frame = _layer(page)
            share = 0.0
            if not layer.runs or any(r.hidden for r in layer.runs) or len(layer.text()) < 2 * STAMP:
                share = self._picture_share(page, frame)
            layer = _visible(layer, share)
            if _is_useful(layer, share) or _is_blank(layer, page):
                return _text_page(layer, frame, number, page.get_rotation())
            return _raster(page)

    def close(self) -> None:
        """Let go of the document."""
        with PDFIUM:
            self._document.close()

    @contextmanager
    def _loaded(self, number: int) -> Iterator[Any]:
        import pypdfium2

        try:
            page = self._document[number - 1]
            if _has_form_fields(page):
                page = self._with_form_filled_in(page, number)
        except pypdfium2.PdfiumError as error:
            raise Damaged(f"Page {number} is damaged and cannot be opened.") from error
        try:
            yield page
        except TheoGenError:
            raise
        except (pypdfium2.PdfiumError, ValueError, AssertionError, OSError) as error:
            raise Damaged(f"Page {number} is damaged and cannot be read.") from error
        finally:
            page.close()

    def _with_form_filled_in(self, page: Any, number: int) -> Any:
        """The page with its form fields as part of it: what people typed in is no text of the page otherwise."""
        import pypdfium2.raw as pdfium

        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        return self._document[number - 1]

    def _picture_share(self, page: Any, frame: Frame) -> float:
        """The part of the page that its largest picture covers. Raises TooLarge for one that would burst the memory."""
        import pypdfium2.raw as pdfium

        area = (frame.right - frame.left) * (frame.top - frame.bottom)
        share = 0.0
        for seen, picture in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
            if seen >= MOST_OBJECTS:
                break
            width, height = picture.get_px_size()
            if width * height > 4 * self._limits.max_pixels:
                raise TooLarge("A picture on this page has too many pixels.")
            left, bottom, right, top = picture.get_bounds()
            share = max(share, abs((right - left) * (top - bottom)) / max(area, 1.0))
        return share


def _opening_error(data: bytes, code: int | None) -> TheoGenError:
    # PDFium's code may be that of an earlier file: a password is only believed where encryption is mentioned.
    if code in PASSWORD_ERRORS and b"/Encrypt" in data:
        return Encrypted()
    if re.search(rb"/Type\s*/Pages\b", data) and re.search(rb"/Kids\s*\[\s*\]", data) and b"/Page " not in data:
        return NoPages()
    return Damaged()


def _has_form_fields(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_OBJECTS)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if note:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            pdfium.FPDFPage_CloseAnnot(note)
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                return True
    return False


def _layer(page: Any) -> tuple[Layer, Frame]:
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        if count > MOST_CHARACTERS:
            raise TooLarge("This page holds more text than any page a person wrote.")
        left, bottom, right, top = page.get_bbox()
        frame = Frame(left, bottom, right, top, quarter_turns(textpage, count, page.get_rotation()))
        return read_layer(textpage, count, frame), frame
    finally:
        textpage.close()


def _visible(layer: Layer, share: float) -> Layer:
    """What a person sees: invisible text belongs to the scan that it lies behind, and is a trick without one."""
    runs = [r for r in layer.runs if (not r.hidden or share > 0.5) and _on_page(r.boxes[0])]
    aside = [r for r in layer.aside if (not r.hidden or share > 0.5) and _on_page(r.boxes[0])]
    return Layer(runs, aside, layer.unmapped)


def _on_page(box: tuple[float, float, float, float]) -> bool:
    return box[0] < 1 and box[1] < 1 and box[2] > 0 and box[3] > 0


def _is_useful(layer: Layer, share: float) -> bool:
    """Not useless, and not just the stamp or page number on a scan."""
    solid = len("".join(layer.text().split()))
    if solid < FEW:
        return solid > 0 and share < 0.3 and not layer.unmapped
    return makes_sense(layer.text(), layer.unmapped) and not (share > 0.8 and solid < STAMP)


def _is_blank(layer: Layer, page: Any) -> bool:
    """Whether the page draws nothing at all; then OCR would be a waste."""
    return not layer.runs and not layer.aside and next(iter(page.get_objects(max_depth=1)), None) is None


def _text_page(layer: Layer, frame: Frame, number: int, rotation: int) -> Page:
    pieces = [piece for run in layer.runs if (piece := run.piece(frame.size)).text]
    text, lines = arrange(pieces, TOUCHING) if pieces else ("", ())
    rest: list[Row] = [[piece] for run in layer.aside if (piece := run.piece(frame.size)).text]
    text, more = compose(rest, before=text)
    width, height = frame.size
    turn = (frame.quarters * 90 - rotation) % 360
    return Page(number, text, "text_layer", 1.0, width, height, turn, lines + more)


def _raster(page: Any) -> Raster:
    """The page as pixels at DPI, or less when its longest side would be over the limit."""
    import numpy as np

    width, height = page.get_size()
    scale = min(DPI / 72, LONGEST_SIDE / max(width, height, 1.0))
    bitmap = page.render(scale=scale)
    try:
        pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()
    return Raster(PageImage(pixels.shape[1], pixels.shape[0], pixels.tobytes()), width, height)
