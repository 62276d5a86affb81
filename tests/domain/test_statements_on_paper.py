"""Statements of account on paper: every movement with its sign, proven by the balances, in many layouts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType, Page
from shared.domain.extraction import extract
from shared.domain.validation import validate
from tests.domain.accounts import LAYOUTS, Row, booked, pages
from tests.domain.papers import paper


def read(made: list[Page], language: str) -> BusinessRecord:
    return extract(made, DocumentType.BANK_STATEMENT, language)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_movement_of_every_page_is_read_and_proven(layout: str, language: str) -> None:
    true = booked(language, 60, seed=7)
    if layout == "newest first":
        true = true[::-1]
    record = read(pages(language, true, layout), language)
    assert [(one.date, one.amount) for one in record.transactions] == [(one.day, one.amount) for one in true]
    assert all(one.description.startswith(other.text) for one, other in zip(record.transactions, true, strict=True))
    first, last = (true[-1], true[0]) if layout == "newest first" else (true[0], true[-1])
    assert (record.opening_balance, record.closing_balance) == (first.balance - first.amount, last.balance)
    assert all(record.sources[f"transactions.{index}.amount"].confidence >= 0.9 for index in range(60))
    assert validate(record) == []


def test_period_account_and_places_are_read() -> None:
    record = read(pages("en", booked("en", 30, seed=3), "debit, credit, balance"), "en")
    assert (record.opening_date, record.closing_date) == (date(2024, 3, 1), date(2024, 3, 31))
    assert (record.account, record.currency, record.issue_date) == ("4500200051", "EUR", date(2024, 3, 31))
    source = record.sources["transactions.29.amount"]
    assert source.page == 2
    assert source.box is not None
    assert {f"transactions.29.{name}" for name in ("date", "amount", "description")} < set(record.sources)


def test_a_second_line_of_a_movement_belongs_to_its_description() -> None:
    record = read(pages("es", booked("es", 3, seed=3), "days without year, two lines each"), "es")
    assert record.transactions[0].description.endswith("ref. interna del banco")


def test_what_the_balances_contradict_is_not_sure_and_validation_says_so() -> None:
    true = booked("en", 5, seed=5)
    true[2] = replace(true[2], amount=true[2].amount + Decimal("0.40"))
    record = read(pages("en", true, "signed amounts and value dates"), "en")
    sure = [record.sources[f"transactions.{index}.amount"].confidence for index in range(5)]
    assert [value < 0.5 for value in sure] == [False, False, True, False, False]
    assert [finding.rule for finding in validate(record)] == ["balances_meet"]


def test_a_misread_sign_is_put_right_by_the_balances() -> None:
    true = booked("en", 8, seed=5)
    at = next(index for index, one in enumerate(true) if one.amount > 0 and index)
    misread = [replace(one, amount=-one.amount) if index == at else one for index, one in enumerate(true)]
    record = read(pages("en", misread, "signed amounts and value dates"), "en")
    assert [one.amount for one in record.transactions] == [one.amount for one in true]


def test_a_balance_printed_once_a_day_proves_the_whole_day() -> None:
    record = read(
        [
            paper(
                [(50, "Date"), (200, "Description"), (600, "Amount"), (850, "Balance")],
                [(200, "Opening balance"), (850, "100.00")],
                [(50, "01/03/2024"), (200, "Bread"), (600, "3.00")],
                [(200, "Salary"), (600, "50.00")],
                [(200, "Book"), (600, "12.00"), (850, "135.00")],
            )
        ],
        "en",
    )
    assert [one.amount for one in record.transactions] == [Decimal("-3.00"), Decimal("50.00"), Decimal("-12.00")]
    assert {one.date for one in record.transactions} == {date(2024, 3, 1)}


def test_brackets_are_what_leaves_and_amounts_without_decimals_stand_in_their_column() -> None:
    rows: list[Row] = [
        [(50, "Fecha"), (200, "Detalle"), (600, "Monto"), (850, "Saldo")],
        [(200, "Saldo inicial"), (850, "1.500.000")],
        [(50, "01/03/2024"), (200, "Arriendo 2024"), (600, "(400.000)"), (850, "1.100.000")],
        [(50, "04/03/2024"), (200, "Depósito"), (600, "25.000"), (850, "1.125.000")],
    ]
    record = read([paper(*rows)], "es")
    assert [one.amount for one in record.transactions] == [Decimal(-400000), Decimal(25000)]
    assert (record.opening_balance, record.closing_balance) == (Decimal(1500000), Decimal(1125000))


def test_sums_at_the_end_are_no_movements() -> None:
    true = booked("es", 4, seed=9)
    made = pages("es", true, "debit, credit, balance")
    record = read([*made, paper("Total cargos del periodo 31/03/2024  1.234,56", number=2)], "es")
    assert len(record.transactions) == 4


def test_a_statement_on_which_nothing_moved_has_its_balances() -> None:
    record = read([paper("Statement of account", "Opening balance 10.00", "Closing balance 10.00")], "en")
    assert (record.opening_balance, record.closing_balance, record.transactions) == (Decimal(10), Decimal(10), ())


def test_without_places_the_balances_give_the_signs() -> None:
    text = (
        "Saldo anterior 500,00\n01/03/2024 Luz 45,20 454,80\n05/03/2024 Nómina 1.200,00 1.654,80\nSaldo final 1.654,80"
    )
    record = extract(text, DocumentType.BANK_STATEMENT, "es")
    assert [one.amount for one in record.transactions] == [Decimal("-45.20"), Decimal("1200.00")]


def test_days_and_months_that_nothing_tells_apart_are_those_of_the_shorter_time() -> None:
    rows: list[Row] = [[(50, "Date"), (200, "Description"), (600, "Amount")]]
    american: list[Row] = [[(50, f"03/0{day}/2024"), (200, "Bread"), (600, "-3.00")] for day in (1, 4, 9)]
    record = read([paper(*rows, *american)], "en")
    assert [one.date for one in record.transactions] == [date(2024, 3, day) for day in (1, 4, 9)]
