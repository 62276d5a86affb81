"""One page read by two engines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.document import Line, Page
from shared.domain.layout import compose
from shared.domain.pieces import Piece, Token, around
from shared.domain.two_readings import reconcile

WIDTH = 0.01  # of a character


def page(*rows: str, sure: float = 0.99, unsure: dict[str, float] | None = None, top: float = 0.1) -> Page:
    """A page whose words stand where a typewriter puts them; cells are two spaces apart."""
    made = []
    for at, row in enumerate(rows):
        cells, x = [], 0.05
        for cell in row.split("  "):
            tokens = []
            for word in cell.split(" "):
                box = (x, top + at * 0.03, x + WIDTH * len(word), top + 0.02 + at * 0.03)
                tokens.append(Token(word, box, (unsure or {}).get(word, sure)))
                x += WIDTH * (len(word) + 1)
            box = around([token.box for token in tokens])
            cells.append(Piece(cell, box, box, min(token.confidence for token in tokens), tuple(tokens)))
            x += WIDTH
        made.append(cells)
    text, lines = compose(made)
    return Page(1, text, "ocr", sure, 1000, 1400, 0, lines)


def glued(text: str, *rows: str) -> Page:
    """A page on which the words of `text` were read as one, in the place that they take."""
    whole = page(*rows)
    line = whole.lines[0]
    box = around([word.box for word in line.words])
    one = "".join(text.split())
    piece = Piece(one, box, box, 0.99, (Token(one, box, 0.99),))
    made, lines = compose([[piece]])
    return Page(1, made, "ocr", 0.99, 1000, 1400, 0, lines)


def test_a_space_that_only_the_second_saw_is_kept() -> None:
    first = glued("THANK YOU AGAIN", "THANK YOU AGAIN")
    both = reconcile(first, page("THANK YOU AGAIN", sure=0.6))
    assert both.text == "THANK YOU AGAIN"
    boxes = [word.box for word in both.lines[0].words]
    assert boxes[0][2] < boxes[1][0] < boxes[1][2] < boxes[2][0]


def test_a_space_for_which_there_is_no_room_is_not_believed() -> None:
    second = page("TO TAL")
    squeezed = second.lines[0].words
    tokens = [Token("TO", squeezed[0].box), Token("TAL", (squeezed[0].box[2] + 0.001, *squeezed[1].box[1:]))]
    box = around([token.box for token in tokens])
    text, lines = compose([[Piece("TO TAL", box, box, 0.9, tuple(tokens))]])
    assert reconcile(page("TOTAL"), Page(1, text, "ocr", 0.9, lines=lines)).text == "TOTAL"


def test_an_amount_is_never_parted() -> None:
    assert reconcile(page("12.50"), page("12 .50")).text == "12.50"
    assert reconcile(page("1234"), page("12 34")).text == "1234"


def test_where_the_first_is_unsure_and_the_second_sure_the_second_s_letters_count() -> None:
    first = page("La cosccha fue buena", unsure={"cosccha": 0.5})
    assert reconcile(first, page("La cosecha fue buena")).text == "La cosecha fue buena"
    assert reconcile(first, page("La cosecha fue buena", sure=0.7)).text == first.text
    assert reconcile(page("La cosccha fue buena"), page("La cosecha fue buena")).text == first.text


def test_digits_stay_as_the_first_read_them() -> None:
    first = page("Total 38,50", unsure={"38,50": 0.4})
    assert reconcile(first, page("Total 88,50")).text == "Total 38,50"


@pytest.mark.parametrize(("mine", "theirs"), [("gestión", "gestion"), ("gestion", "gestión"), ("ano", "año")])
def test_accents_stay_as_the_first_read_them(mine: str, theirs: str) -> None:
    assert reconcile(page(mine, unsure={mine: 0.5}), page(theirs)).text == mine


def test_the_inverted_exclamation_mark_is_the_second_s_to_tell() -> None:
    assert reconcile(page("iGracias! Adiós"), page("¡Gracias! Adiós")).text == "¡Gracias! Adiós"
    assert reconcile(page("Gracias! Adiós"), page("¡Gracias! Adiós")).text == "¡Gracias! Adiós"


def test_agreement_raises_confidence_and_dispute_lowers_it() -> None:
    first = page("uno dos", sure=0.7)
    agreed, disputed = reconcile(first, page("uno das", sure=0.85)).lines[0].words
    assert (agreed.confidence, round(disputed.confidence, 2)) == (0.85, 0.56)


def test_what_the_second_saw_elsewhere_is_no_part_of_a_line() -> None:
    first = page("uno dos")
    assert reconcile(first, page("ruido", top=0.5)) == first


def test_a_line_whose_words_have_no_places_stays_as_it_is() -> None:
    first = Page(1, "uno dos", "ocr", 0.5, lines=(Line(0, 7, confidence=0.5),))
    assert reconcile(first, page("uno tres")).text == "uno dos"


def test_cells_of_a_row_stay_apart() -> None:
    first = page("Luz  12,00  EUR", "Agua  7,50  EUR")
    assert reconcile(first, page("Luz  12,00  EUR", "Agua  7,50  EUR")).text == first.text


ROWS = st.lists(st.text("abñ1.,¡ ", min_size=1, max_size=20).filter(lambda t: t.strip()).map(
    lambda t: " ".join(t.split())), min_size=1, max_size=6)  # fmt: skip


@given(ROWS, ROWS, st.floats(0, 1), st.floats(0, 1))
def test_lines_and_words_are_where_they_say_and_rows_stay(
    mine: list[str], theirs: list[str], sure: float, other: float
) -> None:
    both = reconcile(page(*mine, sure=sure), page(*theirs, sure=other))
    assert len(both.lines) == len(mine)
    assert "\n".join(both.text[line.start : line.end] for line in both.lines) == both.text
    assert [both.text[w.start : w.end] for line in both.lines for w in line.words] == both.text.split()
    assert all(0 <= word.confidence <= 1 for line in both.lines for word in line.words)


@given(ROWS)
def test_two_that_agree_change_nothing(rows: list[str]) -> None:
    both = reconcile(page(*rows), page(*rows))
    words = [[line.words for line in one.lines] for one in (both, page(*rows))]
    assert (both.text, words[0]) == (page(*rows).text, words[1])
    assert both.confidence == pytest.approx(0.99)
