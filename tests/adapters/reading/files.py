"""Files made on the spot, good and bad, for the tests of reading."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import reportlab
from docx import Document
from docx.enum.text import WD_BREAK
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from shared.domain.document import Page
from shared.domain.errors import Unavailable
from shared.ports import PageImage

FONT = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")  # the same on every machine

SPANISH = (
    "La señora Muñoz contó que el año pasado pidió un crédito.",
    "Después, según decía, ningún banco quiso atenderla.",
    "«Aquí nadie escucha», repetía; el camión llegó a las ocho.",
    "El corazón de la región está en la educación pública.",
)


class RememberingOcr:
    """An OcrEngine that reads the same text on every picture, and keeps the pictures' sizes."""

    name = "fake"

    def __init__(self, text: str = "as read", rotated: int = 0, fails: bool = False) -> None:
        self.text, self.rotated, self.fails = text, rotated, fails
        self.seen: list[tuple[int, int]] = []
        self.first_pixels: list[tuple[int, ...]] = []

    async def read(self, image: PageImage, number: int) -> Page:
        if self.fails:
            raise Unavailable
        assert len(image.data) == image.width * image.height * 3
        self.seen.append((image.width, image.height))
        self.first_pixels.append(tuple(image.data[:3]))
        return Page(number, self.text, "ocr", 0.9, image.width, image.height, self.rotated)


def pdf(
    *draw: Callable[[Canvas], object], size: tuple[float, float] = (595, 842), password: str | None = None
) -> bytes:
    """A PDF with a page for each function that draws one."""
    out = io.BytesIO()
    encryption = StandardEncryption(password, strength=128) if password else None
    canvas = Canvas(out, pagesize=size, encrypt=encryption)
    for draw_page in draw:
        draw_page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 72, y: float = 770, step: float = 16) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for at, text in enumerate(texts):
            canvas.drawString(x, y - at * step, text)

    return draw


def both(*draw: Callable[[Canvas], object]) -> Callable[[Canvas], None]:
    def draw_all(canvas: Canvas) -> None:
        for one in draw:
            one(canvas)

    return draw_all


def picture(*texts: str, size: tuple[int, int] = (1240, 700), points: int = 30, mode: str = "RGB") -> Image.Image:
    """A page as a scanner would give it."""
    image = Image.new("L", size, 255)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, points)
    for at, text in enumerate(texts):
        pen.text((80, 80 + at * 2 * points), text, fill=0, font=font)
    return image.convert(mode)


def image_bytes(image: Image.Image, kind: str, more: Sequence[Image.Image] = (), **options: object) -> bytes:
    out = io.BytesIO()
    if more:
        image.save(out, kind, save_all=True, append_images=list(more), **options)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def word(*paragraphs: str, rows: Sequence[Sequence[str]] = (), break_after: int | None = None) -> bytes:
    """A Word document: paragraphs (with a page break after one of them), then a table."""
    document = Document()
    for at, text in enumerate(paragraphs):
        paragraph = document.add_paragraph(text)
        if at == break_after:
            paragraph.add_run().add_break(WD_BREAK.PAGE)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def rezipped(data: bytes, replace: dict[str, bytes]) -> bytes:
    """A zip-based file with some entries replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return zipped(entries | replace)
