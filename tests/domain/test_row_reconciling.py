"""Rows of two readers: agreement, doubt, gaps filled, and sums that decide whose rows stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain.business import BusinessRecord, LineItem, Source, Transaction
from shared.domain.document import DocumentType
from shared.domain.proposals import Standing
from shared.domain.proposed_rows import RowValue, StandingRow
from shared.domain.row_reconciling import BothRead, reconcile_both
from shared.domain.row_sums import rows_fit

SURE = 0.8


def D(text: str) -> Decimal:
    return Decimal(text)


def line(amount: str, **rest: Any) -> LineItem:
    return LineItem(description="Mesa", amount=D(amount), **{name: D(value) for name, value in rest.items()})


def moved(amount: str, balance: str | None = None) -> Transaction:
    return Transaction(date=date(2026, 1, 2), amount=D(amount), balance=D(balance) if balance else None)


def record(rows: list[RowValue], kind: DocumentType = DocumentType.INVOICE, **money: str) -> BusinessRecord:
    """Row n stands at the characters [100 n, 100 n + 50)."""
    name = "transactions" if kind is DocumentType.BANK_STATEMENT else "lines"
    sources = {f"{name}.{n}": Source(start=100 * n, end=100 * n + 50, confidence=SURE) for n in range(len(rows))}
    amounts = {field: D(value) for field, value in money.items()}
    sources |= {field: Source(start=900, end=905, confidence=SURE) for field in money}
    return BusinessRecord.model_validate({"kind": kind, name: tuple(rows), "sources": sources, **amounts})


def seen(at: int, value: RowValue) -> StandingRow:
    """Read at row `at`, its amount at the row's end."""
    names = [name for name in type(value).model_fields if getattr(value, name) not in (None, "")]
    cells = dict.fromkeys(names, (100 * at + 40, 100 * at + 45))
    return StandingRow(value, 100 * at, 100 * at + 48, cells)


def both(rules: BusinessRecord, *rows: StandingRow, **read: str) -> BothRead:
    fields = [Standing(field, D(value), 950, 960) for field, value in read.items()]
    return reconcile_both(rules, fields, rows, lambda start, end: (1, (0.1, 0.1, 0.2, 0.2), 0.9))


def sure(done: BothRead, name: str) -> float:
    return done.record.sources[name].confidence


def test_a_line_that_both_read_is_surer_and_is_filled() -> None:
    done = both(record([line("100")], net="100"), seen(0, line("100", quantity="2", unit_price="50", tax_rate="21")))
    assert done.record.lines == (line("100", quantity="2", unit_price="50", tax_rate="21"),)
    assert sure(done, "lines.0") == 0.9
    assert done.record.sources["lines.0"].reader == "rules"
    assert (done.record.sources["lines.0.quantity"].reader, sure(done, "lines.0.quantity")) == ("model", 0.54)
    assert (done.differed, done.taken, done.left) == (0, 0, 0)


def test_a_quantity_and_price_that_do_not_make_the_amount_are_not_filled_in() -> None:
    done = both(record([line("100")], net="100"), seen(0, line("100", quantity="3", unit_price="50", tax_rate="21")))
    assert done.record.lines == (line("100", tax_rate="21"),)


def test_lines_that_add_up_stay_against_a_model_that_reads_them_otherwise() -> None:
    done = both(record([line("60"), line("40")], net="100"), seen(0, line("90")), seen(1, line("40")))
    assert [one.amount for one in done.record.lines] == [D("60"), D("40")]
    assert (sure(done, "lines.0"), sure(done, "lines.1"), done.differed) == (0.48, 0.9, 1)


def test_lines_that_add_up_take_the_place_of_lines_that_do_not() -> None:
    done = both(record([line("60"), line("4")], net="100"), seen(0, line("60")), seen(1, line("40")))
    assert [one.amount for one in done.record.lines] == [D("60"), D("40")]
    kept, replaced = done.record.sources["lines.0"], done.record.sources["lines.1"]
    assert (kept.reader, replaced.reader, replaced.start, replaced.page) == ("rules", "model", 100, 1)
    assert replaced.confidence < SURE
    assert (done.differed, done.taken) == (1, 1)


def test_a_line_that_the_rules_missed_is_added_where_it_belongs() -> None:
    """The model saw no more than that one."""
    rules = record([line("60"), line("30")], net="100")
    done = both(rules, StandingRow(line("10"), 60, 90, {"amount": (80, 85), "description": (60, 70)}))
    assert [one.amount for one in done.record.lines] == [D("60"), D("10"), D("30")]
    assert [done.record.sources[f"lines.{n}"].reader for n in range(3)] == ["rules", "model", "rules"]


def test_what_adds_up_in_neither_reading_stays_as_the_rules_have_it_and_is_said() -> None:
    done = both(record([line("60")], net="100"), seen(3, line("999")))
    assert [one.amount for one in done.record.lines] == [D("60")]
    assert (done.taken, done.left) == (0, 1)


def test_where_rules_read_no_line_the_model_s_are_taken_if_they_add_up_or_nothing_tells() -> None:
    assert len(both(record([], net="100"), seen(0, line("60")), seen(1, line("40"))).record.lines) == 2
    assert len(both(record([]), seen(0, line("60"))).record.lines) == 1
    broken = both(record([], net="100"), seen(0, line("60")))
    assert (broken.record.lines, broken.left) == ((), 1)


def test_a_line_that_disproves_itself_does_not_add_up() -> None:
    done = both(record([], net="100"), seen(0, line("100", quantity="3", unit_price="50")))
    assert done.record.lines == ()


def test_lines_with_tax_in_their_prices_make_the_total() -> None:
    receipt = record([], DocumentType.RECEIPT, total="121")
    assert len(both(receipt, seen(0, line("100")), seen(1, line("21"))).record.lines) == 2


def test_the_lines_of_a_credit_note_are_positive() -> None:
    rules = record([line("100")], net="100").model_copy(update={"credit": True})
    done = both(rules, seen(0, line("-100", quantity="-2", unit_price="50")))
    assert done.record.lines == (line("100", quantity="2", unit_price="50"),)
    assert done.differed == 0


def test_movements_with_the_signs_that_lead_from_balance_to_balance_stand() -> None:
    rules = record(
        [moved("30"), moved("100")], DocumentType.BANK_STATEMENT, opening_balance="50", closing_balance="120"
    )
    done = both(rules, seen(0, moved("-30", "20")), seen(1, moved("100", "120")))
    assert [one.amount for one in done.record.transactions] == [D("-30"), D("100")]
    assert done.record.sources["transactions.0"].reader == "model"
    assert sure(done, "transactions.1") == 0.9
    assert done.record.transactions[1].balance == D("120")


def test_movements_let_a_balance_in_that_the_rules_missed() -> None:
    rules = record([moved("30")], DocumentType.BANK_STATEMENT, opening_balance="50")
    done = both(rules, seen(0, moved("-30")), closing_balance="20")
    assert (done.record.closing_balance, done.record.transactions[0].amount) == (D("20"), D("-30"))
    assert done.header.added == ("closing_balance",)


def test_a_closing_balance_that_was_made_up_does_not_carry_made_up_movements() -> None:
    """The rules' own movements add up: nothing that a model says moves them."""
    rules = record([moved("-30")], DocumentType.BANK_STATEMENT, opening_balance="50", closing_balance="20")
    done = both(rules, seen(0, moved("-30")), seen(1, moved("-20")), closing_balance="0")
    assert (done.record.closing_balance, len(done.record.transactions)) == (D("20"), 1)


def test_running_balances_prove_movements_in_either_order() -> None:
    rules = record([], DocumentType.BANK_STATEMENT)
    chain = [moved("-30", "20"), moved("100", "120")]
    for rows in (chain, chain[::-1]):
        assert rows_fit(rules.model_copy(update={"transactions": tuple(rows)}))
    assert rows_fit(rules.model_copy(update={"transactions": (moved("30", "20"), moved("-100", "120"))})) is False
    assert rows_fit(rules.model_copy(update={"transactions": (moved("30"), moved("100", "120"))})) is None


def test_without_a_model_s_rows_nothing_changes() -> None:
    rules = record([line("60"), line("40")], net="100")
    assert both(rules).record == rules
