"""Arithmetic of lines, taxes and totals, with the rounding of the country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shared.domain.business import LineItem, Tax
from shared.domain.document import DocumentType
from shared.domain.findings import Case, Finding, finding
from shared.domain.rules.rates import rate_is_wrong

_ZERO = Decimal(0)


def step(case: Case) -> Decimal:
    """The smallest step of an amount: the country's, or a hundredth for another country's currency."""
    home = case.place.country
    return home.unit if case.record.currency in (None, *home.currencies) else Decimal("0.01")


def slack(case: Case, terms: int = 1) -> Decimal:
    """How far a number may lie from one made of `terms` others: half a step for each that was rounded, and for it."""
    return step(case) * (1 + terms) / 2


def lines(case: Case) -> Iterator[Finding]:
    """Quantity × price less discount is the amount, where the line says all of them."""
    for index, line in enumerate(case.record.lines):
        expected = _line_amount(line)
        if line.amount is not None and expected is not None and abs(expected - line.amount) > slack(case):
            yield finding(
                f"lines.{index}.amount",
                line.amount,
                "line_amount",
                quantity=line.quantity,
                price=line.unit_price,
                discount=line.discount or _ZERO,
                expected=expected,
            )


def sums(case: Case) -> Iterator[Finding]:
    """The lines make their total, and with discounts and charges on the whole the net amount (or the gross one).

    A sum is not blamed for a line that is wrong by itself. A receipt's lines count only beside their total: a line
    that was not read is no error.
    """
    record = case.record
    possible = _possible_sums(case, record.lines)
    if record.line_total is not None:
        if possible and all(abs(each - record.line_total) > slack(case, len(record.lines)) for each in possible):
            yield finding("line_total", record.line_total, "sum_of_lines", expected=possible[0])
        possible = [record.line_total]
    elif record.kind == DocumentType.RECEIPT:
        return
    wholes = _wholes(case)
    if not possible or not wholes:
        return
    added = sum((one.amount if one.charge else -one.amount for one in record.adjustments), _ZERO)
    terms = len(record.lines) + len(record.adjustments)
    near = (abs(each + added - whole) <= slack(case, terms) for each in possible for _, whole in wholes)
    if not any(near):
        field, whole = wholes[0]
        yield finding(field, whole, "lines_and_adjustments", expected=possible[0] + added)


def taxes(case: Case) -> Iterator[Finding]:
    """Base × rate is the amount of each row; the rows make the tax, and those withheld what is withheld."""
    record = case.record
    for index, row in enumerate(record.taxes):
        if row.base is None or row.rate is None or row.amount is None or rate_is_wrong(case, row):
            continue
        expected = (row.base * row.rate / 100).quantize(step(case) / 100).normalize()
        if abs(abs(expected) - abs(row.amount)) > slack(case, len(record.lines)):
            rest = {"base": row.base, "rate": row.rate, "expected": expected}
            yield finding(f"taxes.{index}.amount", row.amount, "base_times_rate", **rest)
    for field, rule, withheld in (("tax", "sum_of_taxes", False), ("withheld", "sum_of_withheld", True)):
        stated, expected = getattr(record, field), _sum_of_rows(record.taxes, withheld)
        if stated is not None and expected is not None and abs(expected - stated) > slack(case, len(record.taxes)):
            yield finding(field, stated, rule, expected=expected)


def totals(case: Case) -> Iterator[Finding]:
    """Net + tax - withheld + rounding is the total; what was paid before leaves what is due."""
    record = case.record
    tax = record.tax if record.tax is not None else _sum_of_rows(record.taxes, False)
    if record.net is not None and tax is not None and record.total is not None:
        withheld = record.withheld if record.withheld is not None else _sum_of_rows(record.taxes, True) or _ZERO
        rounding = record.rounding or _ZERO
        expected = record.net + tax - withheld + rounding
        if not _same_total(case, expected, record.total):
            more = _more(withheld, rounding)
            values = {"net": record.net, "tax": tax, "more": more, "expected": expected}
            yield finding("total", record.total, "net_plus_tax", **values)
    if record.total is not None and record.prepaid is not None and record.due is not None:
        left = record.total - record.prepaid
        if not _same_total(case, left, record.due):
            yield finding("due", record.due, "due_amount", total=record.total, prepaid=record.prepaid, expected=left)


def balances(case: Case) -> Iterator[Finding]:
    """The opening balance and all movements make the closing balance."""
    opening, closing = case.record.opening_balance, case.record.closing_balance
    if opening is None or closing is None or not case.record.transactions:
        return
    expected = opening + sum((movement.amount for movement in case.record.transactions), _ZERO)
    if abs(expected - closing) > slack(case):
        yield finding("closing_balance", closing, "balances_meet", expected=expected)


def _line_amount(line: LineItem) -> Decimal | None:
    if line.quantity is None or line.unit_price is None:
        return None
    return line.quantity * line.unit_price - (line.discount or _ZERO)


def _possible_sums(case: Case, items: Sequence[LineItem]) -> list[Decimal]:
    """The sum as written, and as it would be with the wrong lines put right; none when an amount is missing."""
    written = [line.amount for line in items if line.amount is not None]
    if not items or len(written) < len(items):
        return []
    put_right = []
    for line, amount in zip(items, written, strict=True):
        expected = _line_amount(line)
        wrong = expected is not None and abs(expected - amount) > slack(case)
        put_right.append(expected if wrong and expected is not None else amount)
    return [sum(written, _ZERO), sum(put_right, _ZERO)]


def _wholes(case: Case) -> list[tuple[str, Decimal]]:
    """What the lines may add up to: net, or gross where prices include the tax (the general one, or all of them)."""
    record, home = case.record, case.place.country
    if record.net is None:
        return []
    net = ("net", record.net)
    general = [
        row.amount for row in record.taxes if row.amount and (named := home.tax(row.kind)) is not None and named.general
    ]
    gross = [("net", record.net + (record.tax or _ZERO)), ("net", record.net + sum(general, _ZERO))]
    return gross if record.prices_include_tax else [net, *gross]


def _sum_of_rows(rows: Sequence[Tax], withheld: bool) -> Decimal | None:
    """None when there is no such row or one that should have an amount has none."""
    chosen = [row for row in rows if row.withheld == withheld]
    if not chosen or any(row.amount is None and row.rate for row in chosen):
        return None
    return sum((row.amount or _ZERO for row in chosen), _ZERO)


def _same_total(case: Case, expected: Decimal, stated: Decimal) -> bool:
    difference = abs(expected - stated)
    cash = case.place.country.cash_step if case.record.kind == DocumentType.RECEIPT else _ZERO
    return difference <= slack(case) or difference < cash


def _more(withheld: Decimal, rounding: Decimal) -> tuple[str, str]:
    english = (f" less {withheld:f} withheld" if withheld else "") + (
        f" with {rounding:f} of rounding" if rounding else ""
    )
    spanish = (f" menos {withheld:f} retenidos" if withheld else "") + (
        f" con {rounding:f} de redondeo" if rounding else ""
    )
    return english, spanish
