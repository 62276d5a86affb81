"""Spaces that the engine left out are seen on the paper."""

from __future__ import annotations

from shared.adapters.ocr.lines import Char, ReadLine
from shared.adapters.ocr.spaces import with_spaces


def line(text: str, wide: str = "", far: float = 0.8, gap: float = 0.4) -> ReadLine:
    """A line whose characters stand half a height apart; `|` marks a blank as wide as a space that was not read."""
    chars: list[Char] = []
    blank = False
    for char in text:
        if char in " |":
            blank = True
            continue
        advance, before = (far, gap) if blank else (0.5, 0.05)
        chars.append(Char(0.01 * (len(chars) + 1), 0.99, advance if chars else 0.0, before if chars else 0.0))
        blank = False
    return ReadLine(text.replace("|", ""), 0.99, tuple(chars))


KNOWN = line("a line with five spaces read")


def test_a_blank_as_wide_as_a_space_is_one() -> None:
    assert with_spaces([KNOWN, line("THANK|YOU")])[1].text == "THANK YOU"


def test_a_blank_in_a_number_is_thin_print() -> None:
    assert with_spaces([KNOWN, line("12|.|50|7")])[1].text == "12.507"


def test_a_narrow_letter_among_letters_of_one_width_is_no_space() -> None:
    assert with_spaces([KNOWN, line("Tota|l", far=0.55)])[1].text == "Total"


def test_faint_print_is_no_space() -> None:
    assert with_spaces([KNOWN, line("THANK|YOU", far=0.7, gap=0.7)])[1].text == "THANKYOU"


def test_a_page_without_spaces_tells_nothing() -> None:
    assert with_spaces([line("THANK|YOU")])[0].text == "THANKYOU"


def test_words_follow_the_text() -> None:
    spans = list(with_spaces([KNOWN, line("THANK|YOU")])[1].spans())
    assert [span.text for span in spans] == ["THANK", "YOU"]
    assert spans[0].left < spans[0].right <= spans[1].left < spans[1].right
