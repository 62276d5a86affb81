"""Queries, fusion of rankings, and tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.csv_text import csv_text
from shared.domain.errors import QueryEmpty, QueryTooLong
from shared.domain.fusion import fuse, fused
from shared.domain.searching import Rankings, query_of

BOTH = {"vectors": 1.0, "text": 1.0}


def test_what_is_first_in_every_ranking_is_first_with_a_score_of_one() -> None:
    fused = fuse({"vectors": ["a", "b", "c"], "text": ["a", "c"]}, BOTH, 10)
    assert [one.id for one in fused] == ["a", "c", "b"]
    assert fused[0].score == pytest.approx(1)
    assert fused[1].ranks == {"vectors": 3, "text": 2}
    assert fused[2].ranks == {"vectors": 2}


def test_equally_good_ones_stand_in_the_order_of_their_ids() -> None:
    assert [one.id for one in fuse({"vectors": ["b"], "text": ["a"]}, BOTH, 10)] == ["a", "b"]
    assert fuse({"vectors": [], "text": []}, BOTH, 10) == []


def test_words_count_more_the_more_of_the_query_they_find() -> None:
    vectors, text = ("a", "b"), ("c", "d", "e")
    assert [one.id for one in fused(Rankings(vectors, text, share=1.0))] == ["c", "d", "e", "a", "b"]
    assert [one.id for one in fused(Rankings(vectors, text, share=0.0))] == ["a", "c", "b", "d", "e"]
    assert fused(Rankings(("a",), (), 0.0))[0].score == pytest.approx(0.5)


@given(st.lists(st.text("abcdef", min_size=1, max_size=1), unique=True), st.floats(0, 100))
def test_one_ranking_alone_keeps_its_order(ranking: list[str], k: float) -> None:
    assert [one.id for one in fuse({"text": ranking, "vectors": []}, BOTH, k)] == ranking


def test_quoted_words_are_phrases_and_stay_words() -> None:
    query = query_of('turnos "la  pulsera" “el mapa” «de noche» "!"')
    assert query.phrases == ("la pulsera", "el mapa", "de noche")
    assert query.text == "turnos la pulsera el mapa de noche !"
    assert query_of('un "sin cerrar').phrases == ()


@pytest.mark.parametrize("text", ["", "  \n", '""', '" "'])
def test_an_empty_query_is_refused(text: str) -> None:
    with pytest.raises(QueryEmpty):
        query_of(text)


def test_a_query_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(QueryTooLong, match="2001"):
        query_of("a" * 2001)
    assert query_of("a" * 2000).text == "a" * 2000


@pytest.mark.parametrize(
    "text", ["=1+1", "+34 600", "-5", "@cmd", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "＝1", "\n=1"]
)
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    [_, [cell]] = csv.reader(io.StringIO(csv_text(["a"], [{"a": text}]), newline=""))
    assert cell == f"'{text}"


def test_numbers_dates_and_plain_texts_stay_as_they_are() -> None:
    row = {
        "a": Decimal("-5.10"), "b": date(2026, 3, 1), "c": None, "d": True, "e": 'Peña, "S.L."\nArriba',
        "f": datetime(2026, 3, 1, 12, tzinfo=UTC), "g": Decimal("1E+3"), "h": 7,
    }  # fmt: skip
    text = csv_text(list(row), [row])
    assert text.startswith("\ufeff")
    [_, cells] = csv.reader(io.StringIO(text, newline=""))
    assert cells == ["-5.10", "2026-03-01", "", "true", 'Peña, "S.L."\nArriba', "2026-03-01T12:00:00Z", "1000", "7"]
