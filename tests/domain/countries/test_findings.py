"""Dates, codes, duplicates, and how a finding is told and stored."""

from __future__ import annotations

import string
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.business import Source, Transaction
from shared.domain.countries import countries
from shared.domain.duplicates import duplicate_key
from shared.domain.finding_messages import MESSAGES
from shared.domain.findings import Finding
from shared.domain.validation import validate
from tests.domain.countries.records import TODAY, found, invoice, named, taxed

PERSON = Source(reader="person", confidence=1)


def test_a_day_in_the_future_or_before_memory_is_found() -> None:
    assert named(invoice(issue_date=TODAY + timedelta(days=1))) == []
    assert named(invoice(issue_date=TODAY + timedelta(days=2))) == [("issue_date", "not_in_the_future")]
    assert validate(invoice(issue_date=date(2031, 3, 1))) == []
    assert named(invoice(issue_date=date(1925, 3, 1))) == [("issue_date", "date_is_plausible")]


def test_days_must_be_in_their_order() -> None:
    assert named(invoice(due_date=date(2025, 3, 1))) == []
    assert named(invoice(due_date=date(2025, 2, 28))) == [("due_date", "due_after_issue")]
    assert named(invoice(due_date=date(2035, 3, 1))) == [("due_date", "due_within_a_year")]
    statement = {"kind": "bank_statement", "opening_balance": 1, "closing_balance": 1, "currency": "EUR"}
    days: dict[str, Any] = {"opening_date": date(2025, 3, 31), "closing_date": date(2025, 3, 1)}
    empty = {"lines": (), "taxes": (), "net": None, "number": None, "issue_date": None}
    assert named(invoice(**statement, **empty, **days)) == [("closing_date", "closing_after_opening")]
    late = (Transaction(date=date(2005, 3, 5), amount=Decimal(0)),)
    days = {"opening_date": date(2025, 3, 1), "closing_date": date(2025, 3, 31), "transactions": late}
    assert named(invoice(**statement, **empty, **days)) == [("transactions.0.date", "movement_in_period")]


def test_a_currency_is_the_seller_s_the_buyer_s_or_one_of_trade() -> None:
    assert named(invoice(currency="EURO")) == [("currency", "iso_4217")]
    assert named(invoice(currency="USD")) == []
    assert named(invoice(currency="MXN")) == [("currency", "currency_of_country")]
    assert named(invoice(currency="MXN", buyer_country="MX")) == []
    assert named(invoice(currency="JPY", buyer_country="JP")) == []
    assert named(invoice(currency="MXN", sources={"currency": PERSON})) == []


def test_a_currency_that_the_euro_replaced_is_right_on_an_old_paper() -> None:
    old = {"issue_date": date(1999, 3, 1), "taxes": (), "lines": ()}
    assert named(invoice(currency="ESP", **old)) == []
    assert named(invoice(currency="DEM", country="DE", seller_tax_id=None, **old)) == []
    assert named(invoice(currency="ESP")) == [("currency", "iso_4217")]


@pytest.mark.parametrize(
    ("code", "right", "wrong"),
    [
        ("PE", "F001-123", "123"),
        ("PE", "0001-000123", "F1-1"),
        ("EC", "001-001-000000123", "001-123"),
        ("AR", "0001-00000123", "FC 123"),
        ("AR", "B 0003-00000001", "0001"),
    ],
)
def test_a_number_is_written_as_the_country_s_law_has_it(code: str, right: str, wrong: str) -> None:
    assert named(taxed("0", country=code, number=right)) == []
    assert named(taxed("0", country=code, number=wrong)) == [("number", "document_number")]
    assert named(taxed("0", country=code, number=wrong, kind="receipt")) == []


def test_copies_of_one_paper_share_a_key_however_they_were_read() -> None:
    key = duplicate_key(invoice())
    assert key is not None
    assert duplicate_key(invoice(seller_tax_id="ES-B98602642", number="2025 / 7", total="1210.00")) == key
    assert duplicate_key(invoice(seller_name="Talleres", currency=None, lines=())) == key
    others: list[dict[str, Any]] = [
        {"number": "2025/8"},
        {"issue_date": date(2025, 3, 2)},
        {"total": 1},
        {"credit": True},
    ]
    others.append({"seller_tax_id": "54387763P"})
    keys = {duplicate_key(invoice(**other)) for other in others}
    assert len(keys) == len(others)
    assert key not in keys
    named_only = {"seller_tax_id": None, "seller_name": "Talleres Núñez, S.L."}
    same = {"seller_tax_id": None, "seller_name": "TALLERES NUÑEZ SL"}
    assert duplicate_key(invoice(**named_only)) == duplicate_key(invoice(**same))


def test_a_paper_that_says_too_little_has_no_key() -> None:
    for field in ("number", "issue_date", "total"):
        assert duplicate_key(invoice(**{field: None})) is None
    assert duplicate_key(invoice(seller_tax_id=None)) is None
    assert duplicate_key(invoice(number="–")) is None


def test_a_finding_tells_in_both_languages_and_is_stored_as_before() -> None:
    only = found(invoice(total=1270))[0]
    assert asdict(only) == {
        "field": "total",
        "value": "1270",
        "rule": "net_plus_tax",
        "message": only.text("en"),
        "message_es": only.text("es-MX"),
        "severity": "error",
    }
    assert "1210" in only.text("de")
    assert only.text("es").startswith("La base 1000")
    assert Finding("total", "1", "other", "Plain.").text("es") == "Plain."


def test_every_rule_has_both_sentences_with_the_same_values_in_them() -> None:
    for rule, (english, spanish) in MESSAGES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, spanish)]
        assert names[0] == names[1], rule
        assert english != spanish


def test_a_country_is_named_in_the_reader_s_language() -> None:
    german = found(taxed("16", country="DE"))[0]
    assert german.message.startswith("Germany had no UST of 16 % on 2025-03-01; in force were 19, 7.8, 7")
    assert german.message_es.startswith("En Alemania no había UST del 16 %")
    assert countries()["DE"].title == ("Germany", "Alemania")
