"""What a model reads in a paper is only taken where it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.document import DocumentType
from shared.domain.proposals import ProposedField, ProposedType, Standing, quoted, standing

PAPER = """Suministros Norte S.L.
Nº F-2026 / 014   Fecha: 03/04/2026
Para la Librería Ana,  SL (B-1234 5674)
Base 1.100,00 €   Cuota 231,00 €   A pagar 1.331,00 €
"""


def read(field: str, value: str, quote: str, text: str = PAPER, language: str = "es") -> Standing | None:
    found, refused = standing([ProposedField(field, value, quote)], text, DocumentType.INVOICE, language)
    assert len(found) + refused == 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("field", "value", "quote", "taken"),
    [
        ("total", "1331.00", "A pagar 1.331,00 €", (Decimal("1331.00"), "1.331,00")),
        ("issue_date", "2026-04-03", "Fecha: 03/04/2026", (date(2026, 4, 3), "03/04/2026")),
        ("buyer_name", "Librería Ana, SL", "Para la Librería Ana, SL", ("Librería Ana, SL", "Librería Ana,  SL")),
        ("buyer_tax_id", "B12345674", "SL (B-1234 5674)", ("B12345674", "B-1234 5674")),
        ("number", "F-2026/014", "Nº F-2026 / 014", ("F-2026 / 014", "F-2026 / 014")),
        ("currency", "EUR", "A pagar 1.331,00 €", ("EUR", "€")),
    ],
)
def test_a_value_in_its_quote_is_taken_with_its_own_characters(
    field: str, value: str, quote: str, taken: tuple[object, str]
) -> None:
    found = read(field, value, quote)
    assert found is not None
    assert (found.value, PAPER[found.start : found.end]) == taken


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("total", "999.00", "A pagar 999,00 €"),  # words that are not there
        ("total", "999.00", "A pagar 1.331,00 €"),  # words that are there, another value
        ("total", "31.00", "A pagar 1.331,00 €"),  # a part of an amount
        ("total", "1.331", "A pagar 1.331,00 €"),
        ("total", "NaN", "A pagar 1.331,00 €"),
        ("total", "much", "A pagar 1.331,00 €"),
        ("issue_date", "2026-03-04", "Fecha: 03/04/2026"),  # day and month the other way round
        ("buyer_name", "Mallory Ltd", "Para la Librería Ana, SL"),
        ("buyer_name", "Librería Ana, SL", ""),
        ("buyer_tax_id", "1234567", "SL (B-1234 5674)"),  # a part of it
        ("number", "F", "Nº F-2026 / 014"),
        ("currency", "USD", "A pagar 1.331,00 €"),
        ("currency", "XXQ", "A pagar 1.331,00 €"),
        ("total", "1331.00", "Suministros Norte … A pagar 1.331,00 €"),  # anything may stand in between
    ],
)
def test_a_value_that_does_not_stand_in_its_own_quote_is_refused(field: str, value: str, quote: str) -> None:
    assert read(field, value, quote) is None


def test_a_date_that_may_be_two_is_not_taken_from_a_model_either() -> None:
    assert read("issue_date", "2026-04-03", "Dated 03/04/2026", "Dated 03/04/2026\nTotal 5.00\n", "en") is None


def test_the_whole_paper_is_no_quote() -> None:
    long = "Total 5,00 € " + "palabra " * 60
    assert read("total", "5.00", long.strip(), long) is None


def test_fields_that_such_papers_do_not_have_and_empty_values_are_no_matter() -> None:
    proposals = [ProposedField("closing_balance", "5.00", "x"), ProposedField("total", " ", "x")]
    assert standing(proposals, PAPER, DocumentType.INVOICE, "es") == ([], 0)


def test_a_type_needs_words_of_the_document_but_for_other() -> None:
    assert quoted(ProposedType(DocumentType.INVOICE, "A pagar"), PAPER)
    assert not quoted(ProposedType(DocumentType.INVOICE, "Factura"), PAPER)
    assert quoted(ProposedType(DocumentType.OTHER, ""), PAPER)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["total", "number", "buyer_name", "issue_date"]))
def test_whatever_is_taken_stands_in_the_paper(value: str, quote: str, field: str) -> None:
    found, _ = standing([ProposedField(field, value, quote)], PAPER, DocumentType.INVOICE, "es")
    for one in found:
        assert 0 <= one.start < one.end <= len(PAPER)
        if isinstance(one.value, str):
            assert " ".join(PAPER[one.start : one.end].split()) == one.value


@given(st.integers(0, len(PAPER)), st.integers(1, 60))
def test_no_cut_of_the_paper_gives_a_total_that_it_does_not_write(start: int, length: int) -> None:
    cut = PAPER[start : start + length]
    for value in ("100.00", "31.00", "1.00", "1331", "2026", "14"):
        found, _ = standing([ProposedField("total", value, cut)], PAPER, DocumentType.INVOICE, "es")
        assert not found or value in {"1331", "2026", "14"}
