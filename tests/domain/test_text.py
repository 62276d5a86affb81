import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text import View, ViewBuilder, page_of

edits = st.lists(st.tuples(st.sampled_from(["copy", "drop", "put"]), st.text(max_size=6), st.text(max_size=3)))


def built(steps: list[tuple[str, str, str]]) -> tuple[str, View]:
    original = "".join(text for _, text, _ in steps)
    builder, at = ViewBuilder(original), 0
    for what, text, replacement in steps:
        if what == "copy":
            builder.copy(at, at + len(text))
        elif what == "put":
            builder.put(replacement, at, at + len(text))
        at += len(text)
    return original, builder.view()


def test_a_copied_text_maps_to_itself() -> None:
    assert View.plain("hola", 10).original(1, 3) == (11, 13)


def test_a_ligature_is_mapped_whole() -> None:
    original = "la ﬁnal"
    builder = ViewBuilder(original)
    builder.replace(0, 7, [(3, 4, "fi")])
    view = builder.view()
    assert view.text == "la final"
    assert original[slice(*view.original(3, 8))] == "ﬁnal"
    assert original[slice(*view.original(4, 5))] == "ﬁ"


def test_what_was_dropped_lies_inside_a_slice_but_never_at_its_ends() -> None:
    builder = ViewBuilder("inter-\nview now")
    builder.copy(0, 5)
    builder.copy(7, 15)
    view = builder.view()
    assert view.original(0, 9) == (0, 11)
    assert view.original(0, 5) == (0, 5)
    assert view.original(5, 9) == (7, 11)


def test_a_slice_outside_the_view_is_refused() -> None:
    with pytest.raises(ValueError, match="not within"):
        View.plain("abc").original(2, 9)
    with pytest.raises(ValueError, match="not within"):
        View.plain("abc").slice(-1, 2)


def test_pages_count_from_one_and_a_page_begins_at_its_start() -> None:
    assert [page_of(at, [0, 10, 20]) for at in (0, 9, 10, 25)] == [1, 1, 2, 3]


@given(edits, st.data())
def test_every_slice_maps_into_the_original_and_grows_with_it(
    steps: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    original, view = built(steps)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    first, last = view.original(start, end)
    assert 0 <= first <= last <= len(original)
    if end < len(view.text):
        assert view.original(start, end + 1)[1] >= last


@given(st.text(min_size=1), st.sets(st.integers(0, 200)), st.data())
def test_with_characters_dropped_only_a_slice_of_the_original_cleans_to_the_slice(
    original: str, gone: set[int], data: st.DataObject
) -> None:
    builder = ViewBuilder(original)
    for i in range(len(original)):
        if i not in gone:
            builder.copy(i, i + 1)
    view = builder.view()
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    first, last = view.original(start, end)
    assert "".join(original[i] for i in range(first, last) if i not in gone) == view.text[start:end]


@given(edits, st.data())
def test_a_slice_view_maps_as_the_whole_view_does(steps: list[tuple[str, str, str]], data: st.DataObject) -> None:
    _, view = built(steps)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    part = view.slice(start, end)
    assert part.text == view.text[start:end]
    if start < end:
        assert part.original(0, end - start) == view.original(start, end)


@given(edits)
def test_a_view_survives_plain_json(steps: list[tuple[str, str, str]]) -> None:
    _, view = built(steps)
    assert View.from_plain(json.loads(json.dumps(view.to_plain()))) == view
