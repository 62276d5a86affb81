"""Net, tax, total and what is left to pay: read by their labels, and held against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from shared.domain.amounts import Amount
from shared.domain.labelled import Read
from shared.domain.money_figures import Figure
from shared.domain.taxes import TaxRow

_CENT = Decimal("0.02")
_MOST = 8  # candidates of a role that are tried together
_FEW = 2
_SURE = 0.95
_BEHIND = 0.6  # the weight of a subtotal that stands behind its label, not under it
_NETS = {"net": 0.3, "subtotal": 0.1, "line_total": 0.0}
_TOTALS = {"total": 0.3, "due": 0.15}

Reads = dict[str, Read[Decimal]]


@dataclass(frozen=True, slots=True)
class _Proof:
    """Readings with net + tax - withheld + rounding = total, and how much speaks for them."""

    reads: Reads
    weight: float


def reconciled(figures: Sequence[Figure], rows: Sequence[TaxRow], printed: Sequence[Amount]) -> Reads:
    """`net`, `tax`, `total`, `due` …: readings that add up, if there are such; else the surest of each, less sure."""
    proofs = list(_proofs(figures, rows))
    reads = (
        max(proofs, key=lambda proof: (round(proof.weight, 2), proof.reads["total"].value)).reads
        if proofs
        else _alone(figures)
    )
    reads = reads | _line_total(figures, reads)
    every = {amount.value: Read(amount.value, amount.start, amount.end, 0.7) for amount in printed}
    return reads | _settled(figures, reads, every)


def _proofs(figures: Sequence[Figure], rows: Sequence[TaxRow]) -> Iterator[_Proof]:
    nets = [figure for figure in figures if figure.role in _NETS]
    totals = [figure for figure in figures if figure.role in _TOTALS]
    nets = [*_base(rows), *nets]
    withheld = [None, *_role(figures, "withheld")[-_FEW:]]
    rounding = [None, *_role(figures, "rounding")[-_FEW:]]
    for net, tax, total in product(nets[: 2 * _MOST], list(_taxes(figures, rows)), totals[-_MOST:]):
        if net.amount.start == total.amount.start or tax.start in (net.amount.start, total.amount.start):
            continue
        for kept, cents in product(withheld, rounding):
            less, more = abs(kept.value) if kept else Decimal(0), cents.value if cents else Decimal(0)
            if abs(net.value + tax.value - less + more - total.value) <= _CENT:
                reads = {"net": _read(net, _SURE), "tax": replace(tax, confidence=_SURE), "total": _read(total, _SURE)}
                reads |= {"withheld": replace(_read(kept, 0.9), value=less)} if kept else {}
                reads |= {"rounding": _read(cents, 0.9)} if cents else {}
                yield _Proof(reads, _weight(net, tax, total) + 0.05 * (net.row < total.row))


def _base(rows: Sequence[TaxRow]) -> Iterator[Figure]:
    """The bases of the tax summary together."""
    bases = [row.base for row in rows if not row.withheld]
    if bases:
        whole = Amount(sum(bases, Decimal(0)), rows[0].start, rows[0].base_end, None, True)
        yield Figure("net", whole, 0.4, rows[0].row)


def _weight(net: Figure, tax: Read[Decimal], total: Figure) -> float:
    return net.weight + _NETS[net.role] + tax.confidence + total.weight + _TOTALS[total.role]


def _taxes(figures: Sequence[Figure], rows: Sequence[TaxRow]) -> Iterator[Read[Decimal]]:
    """Each tax that is read, the sums of several, and the sum of the tax summary."""
    found = list({figure.amount.start: figure for figure in _role(figures, "tax")}.values())[-_MOST:]
    for figure in found:
        yield _read(figure, figure.weight)
    for count in (2, 3):
        for group in combinations(found, count):
            value = sum((figure.value for figure in group), Decimal(0))
            yield Read(value, group[0].amount.start, group[-1].amount.end, 0.4)
    charged = [row for row in rows if not row.withheld]
    if charged:
        value = sum((row.amount for row in charged), Decimal(0))
        yield Read(value, charged[0].base_end + 1, charged[-1].end, 0.7)


def _alone(figures: Sequence[Figure]) -> Reads:
    """The surest reading of each role; less sure when its label has several values."""
    reads: Reads = {}
    for name, roles in (("total", ("total",)), ("net", ("net",)), ("tax", ("tax",))):
        found = [figure for role in roles for figure in _role(figures, role)]
        best = max(found, key=lambda figure: (round(figure.weight, 2), figure.row), default=None)
        if best is not None:
            rivals = {figure.value for figure in found if figure.weight >= best.weight - 0.05}
            reads[name] = _read(best, best.weight * (0.7 if len(rivals) > 1 else 0.9))
    if "total" not in reads and (due := _role(figures, "due")):
        reads["total"] = _read(due[-1], due[-1].weight * 0.8)
    return _sensible(reads)


def _sensible(reads: Reads) -> Reads:
    """Without what cannot be: a tax as large as the total, a net larger than it, one amount in two roles."""
    total = reads.get("total")
    if total is None:
        return {name: read for name, read in reads.items() if name != "tax"}
    kept = {"total": total}
    for name in ("net", "tax"):
        read = reads.get(name)
        fits = read and read.start != total.start and abs(read.value) <= abs(total.value)
        if read and fits and not (name == "tax" and abs(read.value) == abs(total.value)):
            kept[name] = read
    return kept


def _line_total(figures: Sequence[Figure], reads: Reads) -> Reads:
    """The sum of the lines: as it is labelled, or a subtotal where charges or discounts lead from it to the net."""
    found = _role(figures, "line_total") or [
        figure
        for figure in _role(figures, "subtotal")
        if "net" in reads and figure.amount.start != reads["net"].start and figure.weight >= _BEHIND
    ]
    return {"line_total": _read(found[-1], found[-1].weight)} if found and "net" in reads else {}


def _settled(figures: Sequence[Figure], reads: Reads, every: Mapping[Decimal, Read[Decimal]]) -> Reads:
    """`prepaid` and `due`, where total - prepaid = due; nothing prepaid and nothing else said: due is the total.

    An amount that is printed and is what lies between total and due was prepaid, whatever its row calls it.
    """
    total = reads.get("total")
    if total is None:
        return {}
    dues = _role(figures, "due")
    paid = [figure for figure in _role(figures, "prepaid") if figure.value]
    for due, prepaid in product(reversed(dues), paid):
        if abs(total.value - abs(prepaid.value) - due.value) <= _CENT:
            return {"due": _read(due, _SURE), "prepaid": replace(_read(prepaid, _SURE), value=abs(prepaid.value))}
    if paid and not dues and abs(paid[-1].value) <= abs(total.value):
        left = replace(total, value=total.value - abs(paid[-1].value), confidence=total.confidence * 0.7)
        return {"prepaid": replace(_read(paid[-1], 0.6), value=abs(paid[-1].value)), "due": left}
    dues = [due for due in dues if abs(due.value) <= abs(total.value)]
    between = total.value - dues[-1].value if dues else Decimal(0)
    if between and between in every:
        return {"due": _read(dues[-1], 0.9), "prepaid": replace(every[between], confidence=0.7)}
    if dues:
        same = dues[-1].value == total.value
        return {"due": _read(dues[-1], total.confidence if same else dues[-1].weight)}
    return {"due": replace(total, confidence=round(total.confidence * 0.8, 2))}


def _role(figures: Sequence[Figure], role: str) -> list[Figure]:
    return [figure for figure in figures if figure.role == role]


def _read(figure: Figure, confidence: float) -> Read[Decimal]:
    return Read(figure.value, figure.amount.start, figure.amount.end, confidence)


def currency_of(figures: Sequence[Figure], reads: Reads) -> Amount | None:
    """The amount that was taken for the total, with its currency sign."""
    total = reads.get("total")
    return next((figure.amount for figure in figures if total and figure.amount.start == total.start), None)
