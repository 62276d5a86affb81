# mypy: disable-error-code="comparison-overlap"
# Decimals are compared with whole numbers here.
"""Bank statements as data: MT940, CAMT and CSV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from shared.adapters.structured import StructuredReader
from shared.domain.business import BusinessRecord
from shared.domain.document import CSV, MT940, XML
from shared.domain.validation import validate
from shared.ports import StructuredRecord
from tests.adapters.structured import statements


async def read(text: str | bytes, media_type: str) -> StructuredRecord:
    data = text if isinstance(text, bytes) else text.encode()
    found = await StructuredReader().read(data, media_type)
    assert found is not None
    return found


def amounts(record: BusinessRecord) -> list[D]:
    return [one.amount for one in record.transactions]


async def test_mt940_has_movements_with_sign_days_and_the_other_side() -> None:
    record = (await read(statements.MT940, MT940)).record
    assert (record.iban, record.number, record.currency) == ("ES9121000418450200051332", "1/1", "EUR")
    assert (record.opening_balance, record.closing_balance) == (100, D("74.50"))
    assert amounts(record) == [D("-30.50"), 10, -5]
    first, second, _ = record.transactions
    assert (first.date, first.value_date) == (date(2024, 1, 2), date(2024, 1, 2))
    assert (first.counterparty, first.description) == ("Comunidad Sol", "RECIBO Alquiler enero")
    assert (second.reference, second.description) == ("REF77", "Transferencia de Núria")
    assert validate(record) == []
    assert record.sources["transactions.1.amount"].path == ":61:[2]"


async def test_a_credit_that_is_taken_back_leaves_the_account() -> None:
    record = (await read(statements.MT940, MT940)).record
    assert record.transactions[2].amount == -5


async def test_thirtieth_of_february_is_the_last_day_of_it_and_said_to_be() -> None:
    found = await read(statements.MT940.replace(":61:2401020102", ":61:2402300301"), MT940)
    first = found.record.transactions[0]
    assert (first.date, first.value_date) == (date(2024, 3, 1), date(2024, 2, 29))
    assert found.record.sources["transactions.0.value_date"].confidence < 1
    assert "30.02.24" in found.warnings[0]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "cp850"])
async def test_mt940_is_read_in_the_encodings_of_the_banks(encoding: str) -> None:
    record = (await read((statements.MT940 * 3).encode(encoding), MT940)).record
    assert amounts(record)[:3] == [D("-30.50"), 10, -5]
    if encoding != "cp850":
        assert record.transactions[1].description == "Transferencia de Núria"


async def test_a_movement_that_cannot_be_read_is_not_lost_in_silence() -> None:
    broken = statements.MT940.replace("RC5,00NTRFNONREF", "RX5,00NTRFNONREF")
    record = (await read(broken, MT940)).record
    finding = validate(record)[0]
    assert (finding.rule, finding.value) == ("readable_field", ":61:2401040104RX5,00NTRFNONREF")
    assert record.sources == {}


async def test_half_a_statement_is_held_because_its_closing_balance_is_missing() -> None:
    half = statements.MT940[: statements.MT940.index(":62F:")]
    findings = validate((await read(half, MT940)).record)
    assert [finding.field for finding in findings] == ["closing_balance"]


async def test_statements_of_two_accounts_are_held() -> None:
    other = statements.MT940.replace("ES9121000418450200051332", "DE89370400440532013000")
    rules = {finding.rule for finding in validate((await read(statements.MT940 + other, MT940)).record)}
    assert "one_account" in rules


async def test_statements_that_follow_each_other_are_one() -> None:
    after = statements.MT940.replace("EUR74,50", "EUR49,00").replace("EUR100,00", "EUR74,50")
    record = (await read(statements.MT940 + after, MT940)).record
    assert (record.opening_balance, record.closing_balance, len(record.transactions)) == (100, 49, 6)
    assert validate(record) == []


async def test_a_missing_statement_between_two_is_named() -> None:
    record = (await read(statements.MT940 + statements.MT940, MT940)).record
    assert {finding.rule for finding in validate(record)} == {"statements_follow", "balances_meet"}


async def test_a_text_is_never_taken_for_a_path(tmp_path: Path) -> None:
    file = tmp_path / "statement.sta"
    file.write_text(statements.MT940)
    record = (await read(str(file), MT940)).record
    assert record.transactions == ()


@pytest.mark.parametrize("version", ["02", "08"])
async def test_camt_has_signs_by_its_indicators_and_leaves_out_what_is_pending(version: str) -> None:
    found = await read(statements.camt(version), XML)
    record = found.record
    assert (record.iban, record.currency, record.number) == ("DE89370400440532013000", "EUR", "4")
    assert (record.opening_balance, record.closing_balance) == (50, -20)
    assert amounts(record) == [-100, 30]
    rent, cash = record.transactions
    assert (rent.date, rent.value_date, rent.reference) == (date(2024, 3, 2), date(2024, 3, 3), "E2E-5")
    assert (rent.description, rent.counterparty) == ("Miete März", "Hausverwaltung")
    assert (cash.date, cash.description, cash.counterparty) == (date(2024, 3, 4), "Cash", None)
    assert found.warnings == ("1 movements that are not booked yet were left out.",)
    assert validate(record) == []


async def test_a_wrong_movement_in_camt_breaks_the_balances() -> None:
    xml = statements.camt().replace(">30.00<", ">31.00<")
    assert {finding.rule for finding in validate((await read(xml, XML)).record)} == {"balances_meet"}


async def test_a_spanish_csv_newest_first_is_put_in_order() -> None:
    record = (await read(statements.CSV_ES, CSV)).record
    assert [one.date for one in record.transactions] == [date(2024, 2, 3), date(2024, 2, 5)]
    assert amounts(record) == [D("-49.90"), 1500]
    assert record.transactions[0].description == "Compra; tienda"
    assert (record.opening_balance, record.closing_balance) == (1000, D("2450.10"))
    assert (record.iban, record.currency) == ("ES9121000418450200051332", "EUR")
    assert record.sources["transactions.0.amount"].path == "line 5"
    assert validate(record) == []


async def test_an_english_csv_has_money_out_and_money_in() -> None:
    record = (await read(statements.CSV_EN, CSV)).record
    assert [one.date for one in record.transactions] == [date(2024, 1, 2), date(2024, 1, 28)]
    assert amounts(record) == [D("-3.50"), D("1.25")]
    assert (record.opening_balance, record.closing_balance) == (100, D("97.75"))


async def test_an_american_csv_has_the_month_first() -> None:
    text = "Date,Description,Amount,Balance\n01/31/2024,Rent,-10.00,90.00\n02/01/2024,Gift,5.00,95.00\n"
    record = (await read(text, CSV)).record
    assert [one.date for one in record.transactions] == [date(2024, 1, 31), date(2024, 2, 1)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
async def test_a_german_csv_has_decimal_commas_and_its_currency(encoding: str) -> None:
    record = (await read(statements.CSV_DE.encode(encoding), CSV)).record
    assert amounts(record) == [D("-1234.56")]
    assert record.transactions[0].currency == record.currency == "EUR"
    assert record.transactions[0].description == "Büromaterial"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("03/02/2024", "31/02/2024", "transactions.date"), ("-49,90", "many", "transactions.amount")],
)
async def test_a_row_that_cannot_be_read_is_named_with_its_line(old: str, new: str, field: str) -> None:
    found = validate((await read(statements.CSV_ES.replace(old, new), CSV)).record)
    assert any(one.field == field and "Line 5" in one.message and "Línea 5" in one.message_es for one in found)


async def test_a_table_without_days_or_amounts_is_no_statement() -> None:
    assert await StructuredReader().read(b"name;city\nAna;Soria\n", CSV) is None
