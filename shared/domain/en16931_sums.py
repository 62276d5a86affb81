"""EN 16931's sums: lines, allowances and charges, taxes by rate, totals, what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from shared.domain.business import BusinessRecord, Origin
from shared.domain.en16931_messages import en16931_finding as _finding
from shared.domain.findings import Finding

Check = Callable[[BusinessRecord, Origin, str], Iterator[Finding]]

_CENT = Decimal("0.01")
_ZERO = Decimal(0)
_SUMS = (
    ("allowance_total", False, "BR-CO-11", ("allowances", "descuentos")),
    ("charge_total", True, "BR-CO-12", ("charges", "recargos")),
)


def _lines_add_up(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    amounts = [line.amount for line in record.lines if line.amount is not None]
    if record.line_total is None or not amounts or len(amounts) < len(record.lines):
        return
    expected = sum(amounts, _ZERO)
    if expected != record.line_total:
        yield _finding("line_total", record.line_total, "BR-CO-10", "sum_of_lines", expected=expected)


def _line_amounts(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """Quantity times price, less what is taken off. Prices are rounded to cents: so much may be missing."""
    for number, line in enumerate(record.lines):
        if line.amount is None or line.quantity is None or line.unit_price is None:
            continue
        expected = line.quantity * line.unit_price - (line.discount or _ZERO)
        rounding = _CENT / 2 * abs(line.quantity)
        if abs(expected - line.amount) > rounding + _CENT:
            values = {"quantity": line.quantity, "price": line.unit_price, "expected": round(expected, 2)}
            yield _finding(f"lines.{number}.amount", line.amount, "line_amount", "line_amount", **values)


def _adjustments(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    for fact, charge, rule, called in _SUMS:
        written = _decimal(origin.facts.get(fact))
        rows = [one.amount for one in record.adjustments if one.charge is charge]
        expected = sum(rows, _ZERO)
        if (written or _ZERO) != expected:
            yield _finding("adjustments", written, rule, "sum_of_adjustments", called=called, expected=expected)


def _net(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    expected = _expected_net(record, origin)
    if record.net is not None and expected is not None and expected != record.net:
        yield _finding("net", record.net, "BR-CO-13", "net", expected=expected)


def _expected_net(record: BusinessRecord, origin: Origin) -> Decimal | None:
    if record.line_total is None:
        return None
    off, on = (_decimal(origin.facts.get(name)) or _ZERO for name in ("allowance_total", "charge_total"))
    return record.line_total - off + on


def _bases_add_up(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """The norm says it rate by rate: together the bases are the whole."""
    bases = [tax.base for tax in record.taxes if tax.base is not None]
    if record.net is None or not bases or len(bases) < len(record.taxes):
        return
    expected = sum(bases, _ZERO)
    if expected != record.net:
        yield _finding("taxes.0.base", bases[0], "sum_of_bases", "sum_of_bases", expected=expected, net=record.net)


def _taxes_add_up(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    if not profile.startswith(("minimum", "zugferd1")) and not record.taxes:
        yield _finding("taxes", "", "BR-CO-18", "no_taxes")
    amounts = [tax.amount for tax in record.taxes if tax.amount is not None]
    if record.tax is None or not amounts or len(amounts) < len(record.taxes):
        return
    expected = sum(amounts, _ZERO)
    if expected != record.tax:
        yield _finding("tax", record.tax, "BR-CO-14", "sum_of_taxes", expected=expected)


def _rates(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """Base times rate, to the cent; sellers who round line by line are off by half a cent a line."""
    tolerance = _CENT + _CENT / 2 * len(record.lines)
    for number, tax in enumerate(record.taxes):
        if tax.base is None or tax.rate is None or tax.amount is None:
            continue
        expected = tax.base * tax.rate / 100
        if abs(expected - tax.amount) > tolerance:
            values = {"rate": tax.rate, "base": tax.base, "expected": round(expected, 2)}
            yield _finding(f"taxes.{number}.amount", tax.amount, "BR-CO-17", "base_times_rate", **values)


def _bases(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """The base of a rate is the sum of its lines, where nothing is taken off or put on the whole."""
    if record.adjustments or not record.lines or any(line.amount is None for line in record.lines):
        return
    rates = {tax.rate for tax in record.taxes}
    if {line.tax_rate for line in record.lines} - rates or len(rates) != len(record.taxes):
        return
    for number, tax in enumerate(record.taxes):
        lines = sum((line.amount or _ZERO for line in record.lines if line.tax_rate == tax.rate), _ZERO)
        if tax.base is not None and lines != tax.base:
            rule = f"BR-{tax.category or 'S'}-08"
            yield _finding(f"taxes.{number}.base", tax.base, rule, "base_of_lines", rate=tax.rate or 0, expected=lines)


def _total(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    net = record.net if record.net is not None else _expected_net(record, origin)
    if net is None or record.total is None:
        return
    tax = record.tax or _ZERO
    expected = net + tax
    if expected != record.total:
        yield _finding("total", record.total, "BR-CO-15", "total", net=net, tax=tax, expected=expected)


def _due(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    if record.total is None or record.due is None or profile == "minimum":
        return
    expected = record.total - (record.prepaid or _ZERO) + (record.rounding or _ZERO)
    if expected != record.due:
        yield _finding("due", record.due, "BR-CO-16", "due", expected=expected)


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        return None


OF_LINES: tuple[Check, ...] = (_lines_add_up, _line_amounts)
OF_NORM: tuple[Check, ...] = (_bases,)
OF_WHOLE: tuple[Check, ...] = (_adjustments, _net, _bases_add_up, _taxes_add_up, _rates, _total, _due)
