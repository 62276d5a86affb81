from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.layout import arrange
from shared.domain.pieces import Piece, Token

WORDS = "some words that fill a line of prose"


def piece(text: str, left: float, top: float, width: float | None = None, height: float = 10) -> Piece:
    place = (left, top, left + (width or 5.0 * len(text)), top + height)
    box = (place[0] / 1000, place[1] / 1000, place[2] / 1000, place[3] / 1000)
    return Piece(text, place, box, 0.5, tuple(Token(word, box, 0.5) for word in text.split()))


def test_pieces_in_any_order_come_out_in_rows() -> None:
    text, lines = arrange([piece("d", 300, 30), piece("b", 300, 0), piece("c", 0, 31), piece("a", 0, 1)])
    assert text == "a  b\nc  d"
    assert [(line.start, line.end, line.confidence) for line in lines] == [(0, 4, 0.5), (5, 9, 0.5)]


def test_neighbours_are_words_and_touching_ones_are_parts_of_a_word() -> None:
    pieces = [piece("to", 0, 0), piece("gether", 10, 0), piece("apart", 46, 0)]
    assert arrange(pieces, touching=0.1)[0] == "together apart"
    assert arrange(pieces)[0] == "to gether apart"


def test_rows_that_climb_stay_rows() -> None:
    assert arrange([piece(text, 100.0 * at, 4.0 * at) for at, text in enumerate("abcdefg")])[0] == "a  b  c  d  e  f  g"


def test_columns_that_lean_are_read_one_after_the_other() -> None:
    left = [piece(f"{WORDS} {n}", 10 + n, 15.0 * n, 190) for n in range(12)]
    right = [piece(f"{WORDS} {n + 50}", 220 + n, 15.0 * n, 190) for n in range(12)]
    both = [p for pair in zip(left, right, strict=True) for p in pair]
    assert arrange(both)[0].split("\n") == [p.text for p in left + right]


def test_names_before_the_talk_stay_on_its_line() -> None:
    rows = [
        (piece(name, 0, 15.0 * n), piece(f"{WORDS} {n}", 100, 15.0 * n)) for n, name in enumerate(["Ana:", "Luis:"] * 6)
    ]
    assert arrange([p for row in rows for p in row])[0].split("\n")[1] == f"Luis:  {WORDS} 1"


@given(
    st.lists(
        st.tuples(st.text("ab ñ", min_size=1, max_size=40), st.floats(0, 900), st.floats(0, 900), st.floats(1, 60)),
        max_size=40,
    )
)
def test_every_character_is_kept_and_every_line_is_where_it_says(found: list[tuple[str, float, float, float]]) -> None:
    pieces = [piece(text, left, top, height=height) for text, left, top, height in found]
    text, lines = arrange(pieces, 0.1)
    assert sorted("".join(text.split())) == sorted("".join("".join(p.text for p in pieces).split()))
    assert "\n".join(text[line.start : line.end] for line in lines) == text
    words = text.split()
    assert [text[word.start : word.end] for line in lines for word in line.words] == words
    assert all(line.start <= word.start < word.end <= line.end for line in lines for word in line.words)


def test_parts_of_a_word_share_the_box_around_them() -> None:
    _, lines = arrange([piece("to", 0, 0), piece("gether", 10, 0)], touching=0.1)
    assert [(word.start, word.end, word.box) for word in lines[0].words] == [(0, 8, (0, 0, 0.04, 0.01))]


def test_pieces_whose_words_have_no_places_make_lines_without_words() -> None:
    one = piece("some words", 0, 0)
    assert arrange([Piece(one.text, one.place, one.box)])[1][0].words == ()
