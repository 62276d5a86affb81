"""Two readings of one paper: agreement, doubt, and sums that decide."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.business import BusinessRecord, Source, Transaction
from shared.domain.document import Classification, DocumentType
from shared.domain.proposals import MONEY, Standing, Value
from shared.domain.reconciling import Reconciled, fits, reconcile, settle_type

FIELD_SURE = 0.8


def record(kind: DocumentType = DocumentType.INVOICE, **values: Any) -> BusinessRecord:
    sources = {name: Source(start=0, end=1, confidence=FIELD_SURE) for name in values if name != "transactions"}
    return BusinessRecord(kind=kind, sources=sources, **values)


def bill(money: dict[str, Decimal]) -> BusinessRecord:
    return record(DocumentType.INVOICE, **money)


def both(rules: BusinessRecord, **read: Value) -> Reconciled:
    found = [Standing(field, value, 10, 20) for field, value in read.items()]
    return reconcile(rules, found, lambda start, end: (1, (0.1, 0.1, 0.2, 0.2), 0.9))


def D(text: str) -> Decimal:
    return Decimal(text)


def test_agreement_makes_a_field_surer_and_keeps_its_source() -> None:
    done = both(record(number="F-1", issue_date=date(2026, 3, 1)), number="F 1", issue_date=date(2026, 3, 1))
    assert done.agreed == ("number", "issue_date")
    assert done.record.number == "F-1"
    assert done.record.sources["number"] == Source(start=0, end=1, confidence=0.9)


def test_a_missing_field_is_filled_with_its_place_and_reader() -> None:
    done = both(record(number="F-1"), buyer_name="Librería Ana")
    assert (done.record.buyer_name, done.added) == ("Librería Ana", ("buyer_name",))
    source = done.record.sources["buyer_name"]
    assert (source.reader, source.start, source.end, source.page) == ("model", 10, 20, 1)
    assert source.confidence == 0.54


def test_disagreement_keeps_the_rules_value_and_doubts_it() -> None:
    done = both(record(seller_name="Norte SL"), seller_name="Mallory Ltd")
    assert (done.record.seller_name, done.differed) == ("Norte SL", ("seller_name",))
    assert done.record.sources["seller_name"].confidence == 0.48


def test_a_name_with_or_without_its_legal_form_is_the_same_name() -> None:
    assert both(record(seller_name="Suministros Norte"), seller_name="SUMINISTROS NORTE, S.L.").agreed == (
        "seller_name",
    )


def test_the_total_that_fits_stands_against_one_that_does_not() -> None:
    wrong = record(net=D("100"), tax=D("21"), total=D("150"))
    done = both(wrong, total=D("121"))
    assert done.record.total == D("121")
    assert (done.record.sources["total"].reader, done.differed) == ("model", ("total",))
    assert done.record.sources["total"].confidence < FIELD_SURE


def test_a_total_that_fits_is_never_given_up() -> None:
    done = both(record(net=D("100"), tax=D("21"), total=D("121")), total=D("0"), net=D("0"), tax=D("0"))
    assert [getattr(done.record, name) for name in ("net", "tax", "total")] == [D("100"), D("21"), D("121")]


def test_where_neither_fits_the_rules_stay() -> None:
    assert both(record(net=D("100"), tax=D("21"), total=D("150")), total=D("140")).record.total == D("150")


def test_a_missing_amount_that_would_break_the_sums_is_not_filled() -> None:
    done = both(record(net=D("100"), total=D("121")), tax=D("19"))
    assert (done.record.tax, done.added) == (None, ())
    assert both(record(net=D("100"), total=D("121")), tax=D("21")).record.tax == D("21")


def test_of_two_ibans_the_one_with_right_check_digits_stands() -> None:
    done = both(record(iban="ES9121000418450200051333"), iban="ES9121000418450200051332")
    assert done.record.iban == "ES9121000418450200051332"
    kept = both(record(iban="ES9121000418450200051332"), iban="ES9121000418450200051333")
    assert kept.record.iban == "ES9121000418450200051332"


def test_a_statement_s_movements_decide_about_its_balances() -> None:
    moved = (Transaction(date=date(2026, 1, 2), amount=D("-30")),)
    wrong = record(DocumentType.BANK_STATEMENT, opening_balance=D("100"), closing_balance=D("7"), transactions=moved)
    assert both(wrong, closing_balance=D("70")).record.closing_balance == D("70")


def test_a_type_that_both_name_is_surer_and_one_that_they_dispute_is_less_sure() -> None:
    unsure = Classification(DocumentType.RECEIPT, 0.6, ("total",))
    assert settle_type(unsure, DocumentType.RECEIPT).confidence == 0.8
    doubted = settle_type(unsure, DocumentType.INVOICE)
    assert (doubted.type, doubted.confidence) == (DocumentType.RECEIPT, 0.36)
    named = settle_type(Classification(DocumentType.OTHER, 0.5), DocumentType.INVOICE)
    assert (named.type, named.confidence) == (DocumentType.INVOICE, 0.6)


cents = st.integers(0, 30_000).map(lambda number: Decimal(number) / 100)
money = st.fixed_dictionaries({}, optional=dict.fromkeys(MONEY, cents))


@given(money, money)
def test_a_second_reading_never_makes_sums_worse(rules: dict[str, Decimal], read: dict[str, Decimal]) -> None:
    before = bill(rules)
    after = both(before, **read).record
    was, now = (fits({name: getattr(one, name) for name in MONEY}, one) for one in (before, after))
    order = {False: 0, None: 1, True: 2}
    assert order[now] >= order[was]


@given(money, money)
def test_every_value_comes_from_one_of_both_readings_and_says_which(
    rules: dict[str, Decimal], read: dict[str, Decimal]
) -> None:
    done = both(bill(rules), **read)
    for name in MONEY:
        value = getattr(done.record, name)
        if value is None:
            assert name not in rules
            continue
        source = done.record.sources[name]
        assert value == (read if source.reader == "model" else rules)[name]
        if name in done.differed or source.reader == "model":
            assert source.confidence < FIELD_SURE
    assert set(done.record.sources) <= set(rules) | set(read)


@given(money)
def test_reading_the_same_again_changes_no_value(rules: dict[str, Decimal]) -> None:
    done = both(bill(rules), **rules)
    assert done.record.model_dump(exclude={"sources"}) == bill(rules).model_dump(exclude={"sources"})
    assert not done.differed
