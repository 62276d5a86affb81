"""Arithmetic of the tax rows, the totals and the balances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shared.domain.business import Tax
from shared.domain.document import DocumentType
from shared.domain.findings import Case, Finding, finding
from shared.domain.rules.rates import rate_is_wrong
from shared.domain.rules.rounding import ZERO, shown, slack


def taxes(case: Case) -> Iterator[Finding]:
    """Base × rate is the amount of each row; the rows make the tax, and those withheld what is withheld.

    A sum is not blamed for a row that is wrong by itself.
    """
    record = case.record
    put_right: list[Tax] = []
    for index, row in enumerate(record.taxes):
        expected = _expected(case, row)
        put_right.append(row if expected is None else row.model_copy(update={"amount": expected}))
        if expected is not None:
            values = {"base": row.base, "rate": row.rate, "expected": expected}
            yield finding(f"taxes.{index}.amount", row.amount, "base_times_rate", **values)
    for field, rule, withheld in (("tax", "sum_of_taxes", False), ("withheld", "sum_of_withheld", True)):
        stated = getattr(record, field)
        possible = [_sum_of_rows(rows, withheld) for rows in (record.taxes, put_right)]
        if stated is None or possible[0] is None:
            continue
        if all(abs(each - stated) > slack(case, len(record.taxes)) for each in possible if each is not None):
            yield finding(field, stated, rule, expected=possible[0])


def totals(case: Case) -> Iterator[Finding]:
    """Net + tax - withheld + rounding is the total; what was paid before leaves what is due.

    What is due is not blamed for a total that is wrong by itself.
    """
    record = case.record
    total = expected = record.total
    tax = record.tax if record.tax is not None else _sum_of_rows(record.taxes, False)
    if record.net is not None and tax is not None and total is not None:
        withheld = record.withheld if record.withheld is not None else _sum_of_rows(record.taxes, True) or ZERO
        rounding = record.rounding or ZERO
        expected = record.net + tax - withheld + rounding
        if not _same(case, expected, total):
            values = {"net": record.net, "tax": tax, "more": _more(withheld, rounding)}
            yield finding("total", total, "net_plus_tax", **values, expected=expected)
    if total is None or expected is None or record.prepaid is None or record.due is None:
        return
    if not any(_same(case, each - record.prepaid, record.due) for each in (total, expected)):
        left = total - record.prepaid
        yield finding("due", record.due, "due_amount", total=total, prepaid=record.prepaid, expected=left)


def balances(case: Case) -> Iterator[Finding]:
    """The opening balance and all movements make the closing balance; without movements the two are the same."""
    opening, closing = case.record.opening_balance, case.record.closing_balance
    if opening is None or closing is None:
        return
    expected = opening + sum((movement.amount for movement in case.record.transactions), ZERO)
    if abs(expected - closing) > slack(case):
        yield finding("closing_balance", closing, "balances_meet", expected=expected)


def _expected(case: Case, row: Tax) -> Decimal | None:
    """What the row's amount should be, if that is not what it says."""
    if row.base is None or row.rate is None or row.amount is None or rate_is_wrong(case, row):
        return None
    expected = row.base * row.rate / 100
    # Tax may have been rounded line by line. What is withheld is written with or without its minus.
    is_right = abs(abs(expected) - abs(row.amount)) <= slack(case, max(1, len(case.record.lines)))
    return None if is_right else shown(case, expected)


def _sum_of_rows(rows: tuple[Tax, ...] | list[Tax], withheld: bool) -> Decimal | None:
    """None when there is no such row or one that should have an amount has none."""
    chosen = [row for row in rows if row.withheld == withheld]
    if not chosen or any(row.amount is None and row.rate for row in chosen):
        return None
    return sum((row.amount or ZERO for row in chosen), ZERO)


def _same(case: Case, expected: Decimal, stated: Decimal) -> bool:
    """Equal but for rounding; cash is rounded more coarsely."""
    difference = abs(expected - stated)
    cash = case.place.country.cash_step if case.record.kind == DocumentType.RECEIPT else ZERO
    return difference <= slack(case) or difference < cash


def _more(withheld: Decimal, rounding: Decimal) -> tuple[str, str]:
    """The rest of the sum in both languages."""
    english = f" less {withheld:f} withheld" if withheld else ""
    spanish = f" menos {withheld:f} retenidos" if withheld else ""
    if rounding:
        english, spanish = f"{english} with {rounding:f} of rounding", f"{spanish} con {rounding:f} de redondeo"
    return english, spanish
