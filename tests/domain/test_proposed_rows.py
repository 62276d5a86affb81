"""Rows that a model reads are only taken where their words and numbers stand."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.business import LineItem, Transaction
from shared.domain.document import DocumentType
from shared.domain.proposed_rows import ProposedRow, StandingRow, standing_rows

BILL = """Factura
2 x Mesa a 50,00 € con IVA 21 % 100,00 €
1 x Silla a 100,00 € con IVA 21 % 100,00 €
Portes 12,50
Portes 12,50
Total 225,00 €
"""
STATEMENT = """Fecha Concepto Cargo Abono Saldo
02/01/2026 Recibo luz 30,00 70,00
02/01/2026 Nómina 1.000,00 1.070,00
"""
TABLE = {"quote": "2 x Mesa a 50,00 € con IVA 21 % 100,00 €", "description": "Mesa", "amount": "100.00"}


def rows(*proposed: dict[str, str], text: str = BILL, kind: DocumentType = DocumentType.INVOICE) -> list[StandingRow]:
    return read(*proposed, text=text, kind=kind)[0]


def read(
    *proposed: dict[str, str], text: str = BILL, kind: DocumentType = DocumentType.INVOICE
) -> tuple[list[StandingRow], int]:
    made = [ProposedRow(one["quote"], {name: v for name, v in one.items() if name != "quote"}) for one in proposed]
    return standing_rows(made, text, kind, "es")


def test_each_value_of_a_line_is_taken_with_its_own_characters() -> None:
    [row] = rows({**TABLE, "quantity": "2", "unit_price": "50.00", "tax_rate": "21"})
    assert row.value == LineItem(
        description="Mesa",
        quantity=Decimal(2),
        unit_price=Decimal("50.00"),
        tax_rate=Decimal(21),
        amount=Decimal("100.00"),
    )
    written = {name: BILL[start:end] for name, (start, end) in row.cells.items()}
    assert written == {
        "description": "Mesa", "quantity": "2", "unit_price": "50,00", "tax_rate": "21", "amount": "100,00",
    }  # fmt: skip
    assert BILL[row.start : row.end] == TABLE["quote"]


def test_one_number_of_a_row_cannot_be_two_of_its_values() -> None:
    [row], refused = read({"quote": "Portes 12,50", "description": "Portes", "unit_price": "12.50", "amount": "12.50"})
    assert isinstance(row.value, LineItem)
    assert (row.value.amount, row.value.unit_price, refused) == (Decimal("12.50"), None, 1)


def test_the_same_words_are_two_rows_where_the_paper_has_them_twice_and_no_more() -> None:
    portes = {"quote": "Portes 12,50", "description": "Portes", "amount": "12.50"}
    found, refused = read(portes, portes, portes)
    assert (len(found), refused) == (2, 1)
    assert found[0].end <= found[1].start


def test_no_character_belongs_to_two_rows() -> None:
    part = {"quote": "x Mesa a 50,00 €", "description": "Mesa", "amount": "50.00"}
    found, refused = read(TABLE, part)
    assert (len(found), refused) == (1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "2 x Mesa a 50,00 € con IVA 21 % 999,00 €", "amount": "999.00"},  # words that are not there
        {"amount": "999.00"},  # words that are there, another value
        {"amount": "00.00"},
        {"amount": "100.0.0"},
        {"amount": "NaN"},
        {"amount": "Infinity"},
        {"amount": ""},
        {"description": "Silla"},  # of another row
        {"description": "Mallory Ltd"},
        {"description": ""},
        {"quote": ""},
        {"quote": "2 x Mesa … Total 225,00 €", "amount": "225.00"},  # anything may stand in between
    ],
)
def test_a_line_whose_words_or_amount_do_not_stand_in_its_own_quote_is_refused_whole(change: dict[str, str]) -> None:
    assert read({**TABLE, **change}) == ([], 1)


def test_a_value_beside_that_does_not_stand_there_is_left_out_and_counted() -> None:
    [row], refused = read({**TABLE, "quantity": "3", "unit_price": "49.00", "tax_rate": "10"})
    assert row.value == LineItem(description="Mesa", amount=Decimal("100.00"))
    assert refused == 3


def test_a_movement_has_its_day_words_amount_and_balance_and_the_sign_of_its_column() -> None:
    light = {"quote": "02/01/2026 Recibo luz 30,00 70,00", "date": "2026-01-02", "description": "Recibo luz"}
    [row] = rows({**light, "amount": "-30.00", "balance": "70.00"}, text=STATEMENT, kind=DocumentType.BANK_STATEMENT)
    assert row.value == Transaction(
        date=date(2026, 1, 2), amount=Decimal("-30.00"), description="Recibo luz", balance=Decimal("70.00")
    )


@pytest.mark.parametrize("change", [{"date": "2026-02-01"}, {"date": ""}, {"amount": "-31.00"}, {"amount": "2026"}])
def test_a_movement_without_a_day_or_amount_of_its_own_row_is_refused(change: dict[str, str]) -> None:
    light = {"quote": "02/01/2026 Recibo luz 30,00 70,00", "date": "2026-01-02", "amount": "-30.00"}
    assert read({**light, **change}, text=STATEMENT, kind=DocumentType.BANK_STATEMENT) == ([], 1)


def test_a_minus_of_the_paper_stays_a_minus() -> None:
    text = "Cuenta corriente\n02/01/2026 Recibo luz -30,00\n"
    light = {"quote": "02/01/2026 Recibo luz -30,00", "date": "2026-01-02", "amount": "30.00"}
    assert read(light, text=text, kind=DocumentType.BANK_STATEMENT) == ([], 1)


def test_papers_that_have_no_rows_have_none() -> None:
    assert read(TABLE, kind=DocumentType.INTERVIEW) == ([], 0)


@given(st.text(max_size=50), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_taken_stands_in_the_paper(quote: str, description: str, amount: str) -> None:
    for row in rows({"quote": quote, "description": description, "amount": amount}):
        assert isinstance(row.value, LineItem)
        start, end = row.cells["description"]
        assert " ".join(BILL[start:end].split()) == row.value.description


@given(
    st.lists(st.sampled_from(BILL.splitlines()), max_size=8), st.sampled_from(["100.00", "12.50", "50.00", "225.00"])
)
def test_rows_never_share_a_character(quotes: list[str], amount: str) -> None:
    found = rows(*({"quote": quote, "description": quote.split()[0], "amount": amount} for quote in quotes))
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start
