"""The Spanish ¡, which the network cannot say: put where a thin mark was read for it, or ink that was not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.adapters.ocr.exclamations import GUESSED, with_exclamations
from shared.adapters.ocr.lines import Char, ReadLine


def line(text: str) -> ReadLine:
    return ReadLine(text, 0.98, tuple(Char(at / len(text), 0.99, 0.5, 0.2) for at in range(len("".join(text.split())))))


def doubtful(text: str, at: int, *readings: tuple[str, float]) -> ReadLine:
    """`at` counts characters that are no spaces."""
    found = line(text)
    return replace(
        found, chars=tuple(replace(c, readings=readings) if i == at else c for i, c in enumerate(found.chars))
    )


def farther(text: str, word: str, advance: float) -> ReadLine:
    """The way to the word's first letter is this long, of which a fifth is blank."""
    found, at = line(text), len("".join(text[: text.index(word)].split()))
    return replace(found, chars=tuple(replace(c, advance=advance) if i == at else c for i, c in enumerate(found.chars)))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("IGRACIAS POR SU VISITA!", "¡GRACIAS POR SU VISITA!"),
        (";GRACIAS POR SU VISITA!", "¡GRACIAS POR SU VISITA!"),
        ("Y entonces: iQué silencio había", "Y entonces: ¡Qué silencio había"),
        ("lMira! Y otra vez: |Mira!", "¡Mira! Y otra vez: ¡Mira!"),
    ],
)
def test_a_thin_mark_before_a_word_is_the_opening_one(read: str, printed: str) -> None:
    assert with_exclamations(line(read)).text == printed


@pytest.mark.parametrize(
    "read",
    [
        "El iPhone y la iPad",  # no word behind the letter
        "¿Y quién viene!",  # the engine is sure
        "ICASA Y MEJOR",  # no exclamation
        "¿Quién viene? ¡Nadie!",  # nothing is missing
        "Ilesos salieron todos!",  # a word as it is
        "INVENTARIO COMPLETO!",
        "Vino tarde. Nadie dijo nada!",  # no ink that was not read
    ],
)
def test_what_may_be_meant_stays(read: str) -> None:
    assert with_exclamations(line(read)) == line(read)


def test_ink_that_was_not_read_before_an_exclamation_is_its_opening_mark() -> None:
    read = with_exclamations(farther("a Logroño. Qué silencio! Y nada", "Qué", 0.8))
    assert read.text == "a Logroño. ¡Qué silencio! Y nada"
    assert len(read.chars) == len("aLogroño.¡Quésilencio!Ynada")
    assert read.chars[len("aLogroño.")].confidence == GUESSED
    assert [span.text for span in read.spans()] == read.text.split()
    assert (
        with_exclamations(farther("a Logroño. Qué silencio. Y nada", "Qué", 0.8)).text
        == "a Logroño. Qué silencio. Y nada"
    )


def test_a_doubtful_question_that_ends_as_an_exclamation_is_one() -> None:
    read = doubtful("¿Mira quién viene!", 0, ("¿", 0.6), ("&", 0.01))
    unsure = replace(read, chars=(replace(read.chars[0], confidence=0.6), *read.chars[1:]))
    assert with_exclamations(unsure).text == "¡Mira quién viene!"


def test_a_letter_that_may_be_the_closing_mark_is_one_where_the_rest_is_a_word() -> None:
    read = with_exclamations(doubtful("IGRACIAS POR SU VISITAI", 19, ("I", 0.6), ("!", 0.38)))
    assert read.text == "¡GRACIAS POR SU VISITA!"
    sure = "GRACIAS POR SU VISITAI"
    assert with_exclamations(line(sure)).text == sure
