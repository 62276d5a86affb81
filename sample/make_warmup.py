"""Builds `shared/warmup/lectura.pdf`, which warm-up reads, the same each time: `python -m sample.make_warmup`."""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A6
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sample.paper import render

FILE = Path(__file__).parents[1] / "shared" / "warmup" / "lectura.pdf"

TEXT = [
    "Prueba de lectura.",
    "Esta página tiene su propio texto y se lee",
    "sin mirar la imagen: mañana, niño, pingüino.",
]
SCANNED = ["Página escaneada", "La lectura funciona"]
DPI = 110


def build() -> bytes:
    """Two pages: one with its own text, and one that is a picture of text."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A6, invariant=1, pageCompression=1)
    canvas.setTitle("Prueba de lectura")
    _write(canvas, TEXT, 11)
    canvas.drawImage(ImageReader(_picture()), 0, 0, *A6)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _picture() -> Image.Image:
    page = BytesIO()
    canvas = Canvas(page, pagesize=A6, invariant=1)
    _write(canvas, SCANNED, 18)
    canvas.save()
    [pixels] = render(page.getvalue(), DPI)
    return Image.fromarray(pixels).convert("L").point(lambda value: 0 if value < 140 else 255).convert("1")


def _write(canvas: Canvas, lines: list[str], size: int) -> None:
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(28, A6[1] - 70 - number * size * 2, line)
    canvas.showPage()


def main() -> int:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(build())
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
