import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.cleaning import clean
from shared.domain.document import canonical_text
from shared.domain.quotes import MatchKind, QuotableText, resolve
from shared.domain.text import View

SOURCE = (
    "Cuando llegué a Málaga, en el año 1999, no conocía a nadie — ni a mi prima. "
    "“Fue duro”, decía mi madre. I don't think it's well-being... But I \\[laughs\\] tried 1.200 times."
)


@pytest.mark.parametrize(
    ("quote", "kind", "stored"),
    [
        ("no conocía a nadie", MatchKind.EXACT, "no conocía a nadie"),
        ("NO  CONOCÍA\na nadie.", MatchKind.NORMALISED, "no conocía a nadie"),
        ("no conocia a nadie", MatchKind.NORMALISED, "no conocía a nadie"),
        ('"Fue duro", decía mi madre', MatchKind.NORMALISED, "Fue duro”, decía mi madre"),
        ("a nadie - ni a mi prima", MatchKind.NORMALISED, "a nadie — ni a mi prima"),
        ("a nadie--ni a mi prima", MatchKind.NORMALISED, "a nadie — ni a mi prima"),
        ("I don’t think", MatchKind.NORMALISED, "I don't think"),
        ("But I [laughs] tried", MatchKind.NORMALISED, "But I \\[laughs\\] tried"),
        ("well-being… But I", MatchKind.NORMALISED, "well-being... But I"),
        ("«no conocía a nadie»", MatchKind.NORMALISED, "no conocía a nadie"),
        ("...no conocía a nadie...", MatchKind.NORMALISED, "no conocía a nadie"),
        ("Cuando llegué a Málaga [...] no conocía a nadie", MatchKind.ELLIPSIS, SOURCE[:58]),
        ("Cuando llegué (...) mi prima", MatchKind.ELLIPSIS, SOURCE[:74]),
    ],
)
def test_what_was_said_is_found(quote: str, kind: MatchKind, stored: str) -> None:
    found = resolve(quote, View.plain(SOURCE))
    assert found is not None
    assert (found.kind, SOURCE[found.start : found.end]) == (kind, stored)


@pytest.mark.parametrize(
    "quote",
    [
        "no conocía a ninguno",  # one word changed
        "conocía nadie",
        "no conociá a nadie",  # an accent, but another one
        "en el ano 1999",  # ñ is a letter, not an n with an accent
        "onocía a nadie",  # begins inside a word
        "no conocía a nad",
        "I don",
        "tried 1",
        "mi prima ... Cuando llegué",  # in the wrong order
        "Cuando ... a ... ni a mi prima",  # a part that says nothing
        "no conocía a nadie ... y me fui de allí",
        "no",
        "1999",
        "...",
        "",
        "   ",
    ],
)
def test_what_was_not_said_is_not_found(quote: str) -> None:
    assert resolve(quote, View.plain(SOURCE)) is None


def test_parts_are_taken_as_near_to_each_other_as_they_stand() -> None:
    text = "yo creo que no. Luego vino él. yo creo que sí, pero tarde mal y nunca."
    found = resolve("yo creo que … tarde mal y nunca", View.plain(text))
    assert found is not None
    assert text[found.start : found.end] == "yo creo que sí, pero tarde mal y nunca"


def test_a_quote_over_a_page_border_is_found_in_the_original() -> None:
    pages = ["Cabecera\nY entonces pensé que\n1", "Cabecera\nno me iban a creer nun-\nca.\n2"]
    found = resolve("pensé que no me iban a creer nunca", clean(pages))
    assert found is not None
    original = canonical_text(pages)[found.start : found.end]
    assert original.startswith("pensé que\n1")
    assert original.endswith("nun-\nca")


WORDS = ["casa", "árbol", "niño", "ﬁn,", "“eso”", "don't", "—", "3.5", "…", "no.", "así\n"]


@given(
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=40),
    st.data(),
)
def test_every_stretch_of_whole_words_is_found_where_it_stands(words: list[str], data: st.DataObject) -> None:
    pages = [" ".join(words)]
    view = clean(pages)
    pieces = view.text.split()
    first = data.draw(st.integers(0, len(pieces) - 1))
    last = data.draw(st.integers(first, len(pieces) - 1))
    quote = " ".join(pieces[first : last + 1])
    found = QuotableText(view).resolve(quote.upper())
    if found is not None:
        again = clean([pages[0][found.start : found.end]]).text
        assert resolve(again, View.plain(quote)) is not None
    elif any(map(str.isalpha, quote)):
        assert len(quote.strip("\"'.,;:!?¡¿…-—()[]* “”")) < 3
