"""The Tesseract program, where it is installed."""

from __future__ import annotations

import pytest
from PIL import Image

from shared.adapters.ocr import tesseract
from shared.adapters.ocr.tesseract import Tesseract
from shared.domain.document import Page
from shared.domain.errors import InvalidRequest
from tests.adapters.ocr.test_pp_ocr import TEXT, as_page_image, distance
from tests.adapters.reading.files import picture

here = pytest.mark.skipif(not tesseract.installed(), reason="Tesseract is not installed")


async def read(image: Image.Image) -> Page:
    return await Tesseract().read(as_page_image(image), 3)


@here
@pytest.mark.parametrize("turn", [0, 180])
async def test_spanish_is_read_either_way_up(turn: int) -> None:
    page = await read(picture(*TEXT, size=(1240, 500)).rotate(turn, expand=True))
    assert distance(page.text, "\n".join(TEXT)) < 0.02 * len("\n".join(TEXT))
    assert (page.number, page.rotated, page.width, page.height) == (3, turn, 1240, 500)


@here
async def test_a_crooked_page_is_righted_and_words_are_where_they_were() -> None:
    straight = await read(picture(*TEXT))
    crooked = await read(picture(*TEXT).rotate(-3, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC))
    assert distance(crooked.text, "\n".join(TEXT)) < 0.02 * len("\n".join(TEXT))
    last = crooked.lines[0].words[-1].box
    assert last[1] > straight.lines[0].words[-1].box[1] + 0.02  # it slopes down to the right
    assert crooked.lines[0].words[0].box[1] < last[1]


@here
async def test_words_know_their_characters_and_how_sure_the_program_is() -> None:
    page = await read(picture(*TEXT))
    words = [word for line in page.lines for word in line.words]
    assert [page.text[word.start : word.end] for word in words] == page.text.split()
    assert all(0 <= word.confidence <= 1 for word in words)


@here
async def test_a_page_without_text_gives_none() -> None:
    page = await read(Image.new("RGB", (600, 400), "white"))
    assert (page.text, page.lines, page.confidence) == ("", (), 0.0)


async def test_where_it_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    tesseract._languages.cache_clear()
    try:
        with pytest.raises(InvalidRequest, match="Tesseract is not installed"):
            Tesseract()
    finally:
        tesseract._languages.cache_clear()
