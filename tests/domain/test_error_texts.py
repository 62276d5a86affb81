"""Errors are told in English and Spanish."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import shared.steps.runs  # noqa: F401  its errors belong to the family
from shared.domain.error_texts import SPANISH, TITLES, preferred, said, title
from shared.domain.errors import TheoGenError


def family(kind: type[TheoGenError]) -> Iterator[type[TheoGenError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("shared."):
            yield from family(child)


def test_every_error_has_a_sentence_in_both_languages() -> None:
    for kind in family(TheoGenError):
        assert (kind.__doc__ or "").strip().endswith("."), kind
        assert SPANISH[kind.code].endswith("."), kind


def test_no_two_errors_share_a_code_or_a_spanish_sentence() -> None:
    codes = [kind.code for kind in family(TheoGenError)]
    # what knows its fields is an invalid request like any other
    assert sorted(set(codes)) == sorted(codes)
    assert len(set(SPANISH.values())) == len(SPANISH)


def test_english_keeps_its_own_words_and_spanish_has_the_general_ones() -> None:
    assert said("too_large", "The file is larger than 50 MB.", "en") == "The file is larger than 50 MB."
    assert said("too_large", "The file is larger than 50 MB.", "es") == SPANISH["too_large"]
    assert said("some_new_code", "Odd.", "es") == "Odd."
    assert said(None, None, "es") is None
    assert title("Not found", "es") == TITLES["Not found"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("es", "es"), ("es-PE,es;q=0.9,en;q=0.8", "es"), ("en-GB, es;q=0.5", "en"),
        ("de, fr;q=0.9", "en"), ("de, es;q=0.1", "es"), ("es;q=0, en;q=0.1", "en"), ("*", "en"), ("es;q=x", "en"),
    ],
)  # fmt: skip
def test_a_reader_s_wish_is_understood(header: str | None, language: str) -> None:
    assert preferred(header) == language
    assert preferred("fr", otherwise="es") == "es"
