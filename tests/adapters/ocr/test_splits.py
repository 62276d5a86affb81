"""Words that were taken apart are whole again, and words that stand apart stay so."""

from __future__ import annotations

import pytest

from shared.adapters.ocr.lines import Char, ReadLine
from shared.adapters.ocr.splits import without_splits

PAGE = "uno dos tres cuatro cinco seis siete ocho nueve diez"


def line(text: str, space: float = 0.3) -> ReadLine:
    """A line whose spaces are so wide, in heights of the line."""
    chars = [
        Char(at / len(text), 0.99, 0.6, space if text[at - 1 : at] == " " else 0.05)
        for at, char in enumerate(text)
        if char != " "
    ]
    return ReadLine(text, 0.98, tuple(chars))


def read(text: str, space: float, language: str = "es") -> str:
    return without_splits([line(PAGE), line(text, space)], language)[1].text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ca ldera", "caldera"),
        ("EFECT IVO", "EFECTIVO"),
        ("limp ieza de la ca ldera", "limpieza de la caldera"),
        ("presión , fugas", "presión, fugas"),
        ("10/11/ 2022", "10/11/2022"),
    ],
)
def test_a_blank_that_is_narrower_than_a_space_is_none(text: str, printed: str) -> None:
    assert read(text, 0.09) == printed
    assert read(text, 0.3) == text  # as wide as the others


def test_a_single_letter_that_is_no_word_belongs_to_its_neighbour() -> None:
    assert read("w oman", 0.22, "en") == "woman"
    assert read("a side", 0.22, "en") == "a side"
    assert read("pres s", 0.22, "en") == "press"


@pytest.mark.parametrize("text", ["sub total", "si no", "por que", "Ana Belén", "IVA 21", "calle X", "Peñ iscola"])
def test_two_words_or_none_stay_apart(text: str) -> None:
    assert read(text, 0.3) == text
    assert read(text, 0.09) == text


def test_a_page_of_few_spaces_tells_nothing() -> None:
    [alone] = without_splits([line("ca ldera", 0.09)], "es")
    assert alone.text == "ca ldera"
