"""Arithmetic of the lines: each by itself, and their sum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shared.domain.business import LineItem
from shared.domain.document import DocumentType
from shared.domain.findings import Case, Finding, finding
from shared.domain.rules.rounding import ZERO, shown, slack


def lines(case: Case) -> Iterator[Finding]:
    """Quantity × price less discount is the amount, where the line says all of them."""
    for index, line in enumerate(case.record.lines):
        expected = _expected(line)
        if line.amount is None or expected is None or abs(expected - line.amount) <= slack(case):
            continue
        values = {"quantity": line.quantity, "price": line.unit_price, "discount": line.discount or ZERO}
        path = f"lines.{index}.amount"
        yield finding(path, line.amount, "line_amount", **values, expected=shown(case, expected))


def sums(case: Case) -> Iterator[Finding]:
    """The lines make their total, and with discounts and charges on the whole the net amount (or the gross one).

    A sum is not blamed for a line that is wrong by itself. A receipt's lines count only beside their total: a line
    that was not read is no error.
    """
    record = case.record
    possible = _possible_sums(case)
    if record.line_total is not None:
        if possible and all(abs(each - record.line_total) > slack(case, len(record.lines)) for each in possible):
            yield finding("line_total", record.line_total, "sum_of_lines", expected=shown(case, possible[0]))
        possible = [record.line_total]
    elif record.kind == DocumentType.RECEIPT:
        return
    wholes = _wholes(case)
    if not possible or record.net is None:
        return
    added = sum((one.amount if one.charge else -one.amount for one in record.adjustments), ZERO)
    terms = len(record.lines) + len(record.adjustments)
    if all(abs(each + added - whole) > slack(case, terms) for each in possible for whole in wholes):
        yield finding("net", record.net, "lines_and_adjustments", expected=shown(case, possible[0] + added))


def _expected(line: LineItem) -> Decimal | None:
    if line.quantity is None or line.unit_price is None:
        return None
    return line.quantity * line.unit_price - (line.discount or ZERO)


def _possible_sums(case: Case) -> list[Decimal]:
    """The sum as written, and as it would be with the wrong lines put right; none when an amount is missing."""
    items = case.record.lines
    written = [line.amount for line in items if line.amount is not None]
    if not items or len(written) < len(items):
        return []
    put_right = []
    for line, amount in zip(items, written, strict=True):
        expected = _expected(line)
        is_right = expected is None or abs(expected - amount) <= slack(case)
        put_right.append(amount if expected is None or is_right else expected)
    return [sum(written, ZERO), sum(put_right, ZERO)]


def _wholes(case: Case) -> list[Decimal]:
    """What the lines may add up to: net, or gross where prices include the tax (all of it, or the general one)."""
    record, home = case.record, case.place.country
    net = record.net or ZERO
    general = [
        row.amount for row in record.taxes if row.amount and (named := home.tax(row.kind)) is not None and named.general
    ]
    gross = [net + (record.tax or ZERO), net + sum(general, ZERO)]
    return gross if record.prices_include_tax else [net, *gross]
