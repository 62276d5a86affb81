import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.cleaning import clean
from shared.domain.document import canonical_text

LONG = "Esta es una línea bastante larga que llena todo el ancho de la página escrita"


def cleaned(*pages: str) -> str:
    return clean(pages).text


def test_a_word_broken_at_a_line_end_is_joined_and_still_maps() -> None:
    pages = ["Hicimos una entre-\nvista larga."]
    view = clean(pages)
    assert view.text == "Hicimos una entrevista larga."
    at = view.text.index("entrevista")
    assert pages[0][slice(*view.original(at, at + 10))] == "entre-\nvista"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("el pacto Franco-\nAlemán de 1963", "el pacto Franco-Alemán de 1963"),
        ("a state-of-the-\nart method", "a state-of-the-art method"),
        ("she is self-\nemployed now", "she is self-employed now"),
        ("un caso teórico-práctico y otro teórico-\npráctico", "un caso teórico-práctico y otro teórico-práctico"),
        ("una pala\u00ad\nbra", "una palabra"),
        ("una pala\u00adbra y o\u200btra", "una palabra y otra"),
    ],
)
def test_real_hyphens_stay_and_soft_ones_go(page: str, expected: str) -> None:
    assert cleaned(page) == expected


def test_headers_footers_and_page_numbers_are_removed_also_when_they_count() -> None:
    pages = [f"Informe anual · hoja {n}\n{LONG} {c}.\nConfidencial\n{n}" for n, c in enumerate("abcd", start=1)]
    assert cleaned(*pages).split() == " ".join(f"{LONG} {c}." for c in "abcd").split()


@pytest.mark.parametrize("footer", ["Página 3 de 12", "Page 3 of 12", "- 3 -", "Seite 3 von 12", "p. 3"])
def test_page_numbers_in_words_are_removed(footer: str) -> None:
    assert "3" not in cleaned(f"Uno.\n{footer}", f"Dos.\n{footer}")


def test_a_number_that_is_content_stays() -> None:
    assert "1999" in cleaned("Empecé a trabajar allí en el año\n1999", "Y luego me fui.")


def test_the_same_answer_on_many_pages_is_not_a_header() -> None:
    pages = [f"Ana: ¿Y eso?\nLuis: Respuesta número {'abcdef'[n] * 3}.\nAna: Ya." for n in range(6)]
    assert cleaned(*pages).count("Ana: ¿Y eso?") == 6


def test_line_wraps_become_spaces_and_paragraphs_stay() -> None:
    page = f"{LONG}\ny sigue en la segunda línea hasta acabar.\n\nOtro párrafo."
    assert cleaned(page) == f"{LONG} y sigue en la segunda línea hasta acabar.\n\nOtro párrafo."


def test_speaker_turns_keep_their_lines() -> None:
    page = f"Entrevistadora: {LONG}\nMaría: Sí, claro.\n**Ana:** {LONG}\n[00:12:31] Luis: Bueno."
    assert [line.split(" ")[0] for line in cleaned(page).split("\n")] == [
        "Entrevistadora:",
        "María:",
        "**Ana:**",
        "[00:12:31]",
    ]


def test_a_sentence_that_runs_over_a_page_border_is_joined() -> None:
    first, second = f"Cabecera\n{LONG} y yo pensé que\n1", "Cabecera\nno me iban a creer.\n2"
    view = clean([first, second])
    assert view.text == f"{LONG} y yo pensé que no me iban a creer."
    at = view.text.index("pensé")
    original = canonical_text([first, second])[slice(*view.original(at, at + 15))]
    assert original.startswith("pensé que")
    assert original.endswith("no me")


def test_unicode_becomes_plain_and_curly_quotes_stay() -> None:
    assert cleaned("La ﬁnal  del\xa0cafe\u0301 fue “buena”") == "La final del café fue “buena”"


def test_an_unwrapped_text_keeps_every_line_break() -> None:
    page = "\n".join(["a" * 300, "b" * 300, "c d"])
    assert cleaned(page).count("\n") == 2


pieces = st.sampled_from(
    [
        "hola",
        "entre-\nvista",
        "ﬁn",
        "cafe\u0301",
        "\xa0",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "Ana: ",
        "Página 1 de 2\n",
        "\u00ad",
        "\u200b",
        ". ",
        "7",
        "\f",
    ]
)
pages = st.lists(st.one_of(st.lists(pieces, max_size=30).map("".join), st.text(max_size=60)), max_size=6)


@given(pages)
def test_the_view_is_tidy_whatever_comes_in(pages: list[str]) -> None:
    text = clean(pages).text
    assert text == text.strip()
    assert "  " not in text
    assert "\n\n\n" not in text


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


@given(pages, st.data())
def test_every_word_stands_for_its_own_letters_in_the_original(pages: list[str], data: st.DataObject) -> None:
    view, original = clean(pages), canonical_text(pages)
    words = [match.span() for match in re.finditer(r"\S+", view.text)]
    if words:
        start, end = data.draw(st.sampled_from(words))
        first, last = view.original(start, end)
        source = iter(letters(original[first:last]))
        # In order, and nothing but furniture between them.
        assert all(letter in source for letter in letters(view.text[start:end]))
        assert not original[first].isspace()
        assert not original[last - 1].isspace()
