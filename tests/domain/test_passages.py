from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.cleaning import clean
from shared.domain.document import canonical_text, page_starts
from shared.domain.passages import MAXIMUM, MINIMUM, PassageSpan, passages

SENTENCE = "Cuando llegué a la ciudad no conocía a nadie y tuve que empezar de nuevo desde abajo. "


def cut(*pages: str) -> list[PassageSpan]:
    return passages(clean(pages), page_starts(list(pages)))


def test_a_short_text_is_one_passage() -> None:
    (only,) = cut("Hola. Adiós.")
    assert (only.text, only.start, only.end, only.page, only.speaker) == ("Hola. Adiós.", 0, 12, 1, None)
    assert only.search_text == only.text


def test_passages_end_at_sentences_and_stay_within_their_lengths() -> None:
    found = cut(SENTENCE * 40)
    assert all(MINIMUM <= len(passage.text) <= MAXIMUM for passage in found)
    assert all(passage.text.endswith("abajo.") for passage in found)


def test_a_monster_sentence_is_cut_at_blanks() -> None:
    found = cut("palabra " * 600)
    assert max(len(passage.text) for passage in found) <= MAXIMUM
    assert all(set(passage.text.split()) == {"palabra"} for passage in found)


def test_a_question_stays_with_its_answer() -> None:
    turn = f"Entrevistadora: ¿Cómo fue aquello?\nMaría: {SENTENCE * 4}\n"
    found = cut(turn * 8)
    assert len(found) > 3
    assert all(passage.text.startswith("Entrevistadora:") for passage in found)
    assert {passage.speaker for passage in found} == {"María"}


def test_a_passage_knows_its_page_and_its_place_in_the_original() -> None:
    pages = [SENTENCE * 12 + "Fin de la primera.", SENTENCE * 12 + "Fin de la segunda."]
    found = cut(*pages)
    original = canonical_text(pages)
    assert {passage.page for passage in found} == {1, 2}
    for passage in found:
        assert original[passage.start : passage.end].split() == passage.text.split()


def test_the_overlap_for_search_begins_at_a_sentence_and_is_short() -> None:
    found = cut(SENTENCE * 40)
    for passage in found[1:]:
        assert passage.search_text.endswith(passage.text)
        assert 0 < len(passage.search_text) - len(passage.text) <= 100
        assert passage.search_text.startswith("Cuando")
        assert passage.context_start < passage.start


words = st.sampled_from(
    ["hola", "¿sí?", "Ana:", "Luis:", "No.", "x" * 300, "\n", "\n\n", "y", "Fin.", "\f", "pala-\nbra"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=400), st.integers(1, 4))
def test_passages_hold_every_visible_character_exactly_once(found: list[str], page_count: int) -> None:
    pages = [" ".join(found)] * page_count
    view = clean(pages)
    spans = passages(view, page_starts(pages))
    assert "".join("".join(span.text.split()) for span in spans) == "".join(view.text.split())
    assert all(len(span.text) <= MAXIMUM for span in spans)
    assert all(left.clean_end <= right.clean_start for left, right in pairwise(spans))
    assert all(span.view.original(0, len(span.text)) == (span.start, span.end) for span in spans)
