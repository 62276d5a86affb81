"""How exact a country's amounts are."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from shared.domain.findings import Case

ZERO = Decimal(0)
_HUNDREDTH = Decimal("0.01")


def step(case: Case) -> Decimal:
    """The smallest step of an amount: the country's, or a hundredth for another country's currency."""
    home, record = case.place.country, case.record
    if record.currency not in (None, *home.currencies):
        return _HUNDREDTH
    parts = (*(line.amount for line in record.lines), *(row.amount for row in record.taxes))
    amounts = (record.net, record.tax, record.total, *parts)
    if home.often_whole and all(each is None or each == each.to_integral_value() for each in amounts):
        return Decimal(1)
    return home.unit


def slack(case: Case, terms: int = 1) -> Decimal:
    """How far a number may lie from one made of `terms` others: half a step for each that was rounded, and for it."""
    return step(case) * (1 + terms) / 2


def shown(case: Case, value: Decimal) -> Decimal:
    """As the paper would have it."""
    return value.quantize(step(case), ROUND_HALF_UP)
