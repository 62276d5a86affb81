"""The total of a receipt: what calls itself so, weighed by what was paid, given back, rounded and taxed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any

from shared.domain.amounts import Amount
from shared.domain.labelled import Read
from shared.domain.receipt_figures import TOTALS, Figure, figures, printed
from shared.domain.sheet import Row

_LABEL = {"final": 0.75, "inclusive": 0.68, "plain": 0.65, "weak": 0.35}
_CENT = Decimal("0.01")
_LARGEST_ROUNDING = Decimal("0.05")
_TOO_CLOSE = 0.08  # two values this near in weight make each other doubtful


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a value besides its own label."""

    paid_less_change: frozenset[Decimal]
    paid: frozenset[Decimal]
    sums: frozenset[Decimal]
    rounded: frozenset[Decimal]
    replaced: frozenset[Decimal]
    times: dict[Decimal, int]


def receipt_money(rows: Sequence[Row], mark: str) -> dict[str, Read[Any]]:
    """`total`, and where they add up to it `net`, `tax` and `rounding`.

    A total that nothing calls so is what was paid less what was given back, or else the largest amount: then its
    confidence is low.
    """
    found, every = _rounded_totals(figures(rows, mark)), printed(rows, mark)
    evidence = _evidence(found, every)
    total = _labelled_total(found, evidence) or _paid_total(found) or _largest(every)
    if total is None:
        return {}
    fields: dict[str, Read[Any]] = {"total": Read(total.value.value, total.start, total.end, total.confidence)}
    return fields | _parts(total.value, found)


def _rounded_totals(found: Sequence[Figure]) -> list[Figure]:
    """What is called rounding or net but is nearly a total is the total after rounding."""
    totals = [figure.value for figure in found if figure.role in TOTALS]
    steps = [(f.row, abs(f.value)) for f in found if f.role == "rounding" and 0 < abs(f.value) <= _LARGEST_ROUNDING]

    def is_final(figure: Figure) -> bool:
        if figure.role == "rounding":
            return any(0 < abs(figure.value - t) <= _LARGEST_ROUNDING < t for t in totals)
        after = [step for row, step in steps if row < figure.row]
        return figure.role == "subtotal" and any(abs(figure.value - t) == step for t, step in product(totals, after))

    return [replace(figure, role="final") if is_final(figure) else figure for figure in found]


def _evidence(found: Sequence[Figure], every: Sequence[Amount]) -> _Evidence:
    def values(*roles: str) -> list[Decimal]:
        return [figure.value for figure in found if figure.role in roles and not figure.in_tax_table]

    paid, change = values("paid"), [abs(value) for value in values("change")]
    times: dict[Decimal, int] = {}
    for amount in every:
        times[amount.value] = times.get(amount.value, 0) + 1
    landed = _landed(found, every)
    additions = [sum(some, Decimal(0)) for some in _additions(values("subtotal"), values("tax"), values("service"))]
    sums = {value + r for value in additions for r in (Decimal(0), *values("rounding"))}
    return _Evidence(
        frozenset(p - c for p, c in product(paid, change) if p > c > 0),
        frozenset(paid),
        frozenset(sums),
        frozenset(after for _, after in landed),
        frozenset(before for before, _ in landed),
        times,
    )


def _landed(found: Sequence[Figure], every: Sequence[Amount]) -> list[tuple[Decimal, Decimal]]:
    """Totals before and after rounding: the one above the rounding, the other printed below it.

    A misread sign is common, so the rounding may go either way; only a printed result counts.
    """
    steps = [f for f in found if f.role == "rounding" and not f.in_tax_table and 0 < abs(f.value) <= _LARGEST_ROUNDING]
    totals = [figure for figure in found if figure.role in TOTALS and not figure.in_tax_table]
    below = {step.row: {a.value for a in every if a.start > step.amount.start} for step in steps}
    moved = [
        (t.value, t.value + way * s.value, s.row) for t, s, way in product(totals, steps, (1, -1)) if t.row < s.row
    ]
    return [(before, after) for before, after, row in moved if after in below[row]]


def _additions(nets: list[Decimal], taxes: list[Decimal], services: list[Decimal]) -> list[tuple[Decimal, ...]]:
    """Ways to add a subtotal, one tax or all of them, and a service charge."""
    taxes = [tax for tax in taxes if tax > 0]
    some = [*((tax,) for tax in taxes), tuple(taxes)] if taxes else []
    extra: list[tuple[Decimal, ...]] = [(), *((service,) for service in services if service > 0)]
    return [(net, *tax, *more) for net in set(nets) for tax in some for more in extra]


def _labelled_total(found: Sequence[Figure], evidence: _Evidence) -> Read[Amount] | None:
    weighed: dict[Decimal, tuple[float, Figure]] = {}
    for figure in found:
        if figure.role not in TOTALS:
            continue
        weight = _weight(figure, evidence)
        if figure.value not in weighed or weight > weighed[figure.value][0]:
            weighed[figure.value] = weight, figure
    if not weighed:
        return None
    # Of two that weigh the same the larger: a part is never more than the whole.
    ranked = sorted(weighed.values(), key=lambda item: (round(item[0], 3), item[1].value), reverse=True)
    weight, best = ranked[0]
    if len(ranked) > 1 and weight - ranked[1][0] < _TOO_CLOSE:
        weight *= 0.7
    return Read(best.amount, best.amount.start, best.amount.end, min(max(weight, 0.1), 0.98))


def _weight(figure: Figure, evidence: _Evidence) -> float:
    value = figure.value
    weight = _LABEL[figure.role]
    weight += 0.2 * (value in evidence.paid_less_change) + 0.1 * (value in evidence.paid)
    weight += 0.12 * (value in evidence.sums)
    weight += 0.15 * (value in evidence.rounded) - 0.15 * (value in evidence.replaced)
    weight += 0.04 * min(evidence.times.get(value, 1) - 1, 3)
    weight -= 0.3 * figure.in_tax_table + 0.5 * (value == 0) + 0.3 * (value < 0)
    return weight


def _paid_total(found: Sequence[Figure]) -> Read[Amount] | None:
    paid = [figure for figure in found if figure.role == "paid" and figure.value > 0]
    if not paid:
        return None
    given = paid[0].amount
    back = [figure.value for figure in found if figure.role == "change"]
    value = given.value - abs(back[0]) if back else given.value
    whole = Amount(value, given.start, given.end, given.currency, given.exact)
    return Read(whole, given.start, given.end, 0.5 if back else 0.35)


def _largest(every: Sequence[Amount]) -> Read[Amount] | None:
    largest = max(every, key=lambda amount: amount.value, default=None)
    return Read(largest, largest.start, largest.end, 0.2) if largest else None


def _parts(total: Amount, found: Sequence[Figure]) -> dict[str, Read[Any]]:
    """Net, tax and rounding, only where net + tax + rounding is the total."""
    rounding = next((f for f in found if f.role == "rounding" and abs(f.value) <= _LARGEST_ROUNDING), None)
    adjusted = rounding.value if rounding else Decimal(0)
    for net, tax in product([f for f in found if f.role == "subtotal"], [f for f in found if f.role == "tax"]):
        for moved in {adjusted, -adjusted}:
            if tax.value > 0 and abs(net.value + tax.value + moved - total.value) < _CENT:
                fields = {"net": _read(net, net.value), "tax": _read(tax, tax.value)}
                return fields | ({"rounding": _read(rounding, moved)} if rounding else {})
    return {}


def _read(figure: Figure, value: Decimal) -> Read[Any]:
    return Read(value, figure.amount.start, figure.amount.end, 0.85)
