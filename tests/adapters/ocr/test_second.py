"""When the second engine is asked, and what becomes of its answer."""

from __future__ import annotations

import pytest
from PIL import Image

from shared.adapters.ocr import PpOcr, tesseract
from shared.adapters.ocr.second import SecondOpinion
from shared.adapters.ocr.tesseract import Tesseract
from shared.domain.document import Line, Page, Word
from shared.domain.errors import Unavailable
from shared.ports import PageImage
from tests.adapters.ocr.test_pp_ocr import TEXT, as_page_image, distance
from tests.adapters.reading.files import picture

BOX = (0.1, 0.1, 0.3, 0.2)
IMAGE = PageImage(4, 2, bytes(range(24)))


class Engine:
    """An OcrEngine that reads one word, as sure as it is told to be."""

    def __init__(self, text: str, sure: float, rotated: int = 0, fails: bool = False) -> None:
        self.name = text
        self.text, self.sure, self.rotated, self.fails = text, sure, rotated, fails
        self.seen: list[PageImage] = []

    async def read(self, image: PageImage, number: int) -> Page:
        self.seen.append(image)
        if self.fails:
            raise Unavailable
        word = Word(0, len(self.text), BOX, self.sure)
        lines = (Line(0, len(self.text), BOX, self.sure, (word,)),) if self.text else ()
        return Page(number, self.text, "ocr", self.sure, image.width, image.height, self.rotated, lines)


async def test_a_page_that_the_first_is_sure_of_is_read_once() -> None:
    first, second = Engine("cosecha", 0.99), Engine("cosacha", 0.99)
    assert (await SecondOpinion(first, second).read(IMAGE, 1)).text == "cosecha"
    assert second.seen == []


async def test_a_page_in_doubt_is_read_by_the_second_too() -> None:
    page = await SecondOpinion(Engine("cosccha", 0.6), Engine("cosecha", 0.95)).read(IMAGE, 5)
    assert (page.text, page.number) == ("cosecha", 5)


async def test_spanish_that_exclaims_without_its_first_mark_is_in_doubt() -> None:
    page = await SecondOpinion(Engine("Qué año!", 0.99), Engine("¡Qué año!", 0.9)).read(IMAGE, 1)
    assert page.text == "¡Qué año!"


async def test_the_second_sees_the_page_the_right_way_up() -> None:
    second = Engine("b", 0.9)
    await SecondOpinion(Engine("a", 0.5, rotated=90), second).read(IMAGE, 1)
    assert (second.seen[0].width, second.seen[0].height) == (2, 4)
    assert second.seen[0].data[3:6] == IMAGE.data[:3]  # the top left corner came to the top right


async def test_without_the_second_the_page_of_the_first_stands() -> None:
    page = await SecondOpinion(Engine("cosccha", 0.6), Engine("", 0, fails=True)).read(IMAGE, 1)
    assert (page.text, page.confidence) == ("cosccha", 0.6)


async def test_an_empty_page_is_not_asked_about_twice() -> None:
    second = Engine("ruido", 0.9)
    assert (await SecondOpinion(Engine("", 0.0), second).read(IMAGE, 1)).text == ""
    assert second.seen == []


@pytest.mark.skipif(not tesseract.installed(), reason="Tesseract is not installed")
async def test_both_engines_on_a_faint_page_read_it_no_worse_than_the_better_one() -> None:
    faint = picture(*TEXT).resize((434, 245)).point(lambda v: 120 + v // 3)
    image = as_page_image(faint.resize((868, 490), Image.Resampling.BICUBIC))
    pp, other = PpOcr(threads=2), Tesseract(upright=True)
    pages = [await engine.read(image, 1) for engine in (pp, other, SecondOpinion(pp, other))]
    errors = [distance(page.text, "\n".join(TEXT)) for page in pages]
    assert errors[2] <= min(errors[:2])
