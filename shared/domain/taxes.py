"""The tax summary of an invoice: rows of rate, base and amount that prove each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from shared.domain.amounts import parse_number
from shared.domain.business import Tax
from shared.domain.misread import folded, mended
from shared.domain.money_figures import row_money
from shared.domain.money_labels import TAX_NAME
from shared.domain.sheet import Row

_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,4})?)\s?%")
_BARE_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)(?![\d.,]|\s?[.,]\d)")
_TAX = re.compile(rf"(?<![A-Z]){TAX_NAME}(?![A-Z]{{3}})")
_WITHHELD = re.compile(r"RETENCION|(?<![A-Z])I\.?R\.?P\.?F|RITENUTA|RETENCAO|WITHH")
_KINDS = (
    ("IVA", r"(?<![A-Z])I\.?V\.?A(?![A-Z])"),
    ("IGIC", r"IGIC"),
    ("IGV", r"(?<![A-Z])IGV"),
    ("IRPF", r"I\.?R\.?P\.?F"),
    ("GST", r"(?<![A-Z])GST"),
)
_MOST = 10
_CENT = Decimal("0.011")


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A row of the summary: `row` is its index, and its characters run from the base, that ends at `base_end`."""

    rate: Decimal
    base: Decimal
    amount: Decimal
    kind: str
    withheld: bool
    named: bool
    row: int
    start: int
    base_end: int
    end: int
    confidence: float = 0.7

    def tax(self) -> Tax:
        """The row as the record has it; what is withheld is positive there."""
        amount = abs(self.amount) if self.withheld else self.amount
        return Tax(kind=self.kind, rate=self.rate, base=self.base, amount=amount, withheld=self.withheld)


def tax_rows(rows: Sequence[Row], mark: str, blanks_group: bool) -> list[TaxRow]:
    """Rows of which base times rate is the amount, to the cent: with a tax's name on them or in a table of taxes."""
    found = []
    in_table = 0
    for index, row in enumerate(rows):
        plain = folded(row.text)
        named = bool(_TAX.search(plain) or _WITHHELD.search(plain))
        in_table = 8 if named and not row_money(row, mark, blanks_group) else max(in_table - 1, 0)
        if (proven := _proven(row, plain, index, mark, blanks_group, named)) and (named or in_table):
            found.append(proven)
    return _without_repeats(found)


def _proven(row: Row, plain: str, index: int, mark: str, blanks_group: bool, named: bool) -> TaxRow | None:
    money = row_money(row, mark, blanks_group)
    if not 2 <= len(money) <= 8:
        return None
    for rate, at in _rates(mended(row.text), mark):
        for left in range(len(money)):
            for right in range(left + 1, len(money)):
                base, amount = money[left], money[right]
                if at in range(base.start - row.start, base.end - row.start) or base.value == 0:
                    continue
                # Nothing times nothing proves nothing, except in a row that names a tax.
                right_sum = abs(abs(base.value) * rate / 100 - abs(amount.value)) <= _CENT
                if right_sum and (amount.value != 0 or rate == 0):
                    kind = next((name for name, pattern in _KINDS if re.search(pattern, plain)), "VAT")
                    withheld = bool(_WITHHELD.search(plain))
                    return TaxRow(
                        rate, base.value, amount.value, kind, withheld, named, index, base.start, base.end, amount.end
                    )
    return None


def _rates(text: str, mark: str) -> Iterator[tuple[Decimal, int]]:
    """What may be a rate, and where: percentages first, then bare numbers up to 30."""
    for pattern in (_PERCENT, _BARE_RATE):
        for match in pattern.finditer(text):
            rate = parse_number(match.group(1), mark)
            if rate is not None and 0 <= rate <= 30:
                yield rate, match.start(1)


def summary_of(rows: Sequence[TaxRow], net: Decimal | None, tax: Decimal | None) -> list[TaxRow]:
    """The rows that make up the summary: those whose bases or amounts add up to net and tax, surely; else all, unsure.

    Lines of an invoice may carry their tax as well, and a discount may look like one.
    """
    charged = [row for row in rows if not row.withheld][:_MOST]
    kept = [row for row in rows if row.withheld]
    for size in range(len(charged), 0, -1):
        for chosen in combinations(charged, size):
            if _adds_up(chosen, net, tax):
                return [replace(row, confidence=0.95) for row in [*chosen, *kept]]
    named = [row for row in charged if row.named] or charged
    right = tax is not None and abs(sum(row.amount for row in named) - tax) <= 2 * _CENT
    return [replace(row, confidence=0.8 if right else 0.5) for row in [*named, *kept]]


def only_row(
    rows: Sequence[Row], mark: str, blanks_group: bool, net: Decimal | None, tax: Decimal | None
) -> list[TaxRow]:
    """The one tax of a bill that prints its rate and amount but no base: the bill's net proves it, to the cent.

    The characters are those of the amount; the base stands elsewhere, as the bill's net.
    """
    if not net or not tax:
        return []
    for index, row in enumerate(rows):
        plain, money = folded(row.text), row_money(row, mark, blanks_group)
        if len(money) != 1 or money[0].value != tax or not _TAX.search(plain) or _WITHHELD.search(plain):
            continue
        percents = (parse_number(match.group(1), mark) for match in _PERCENT.finditer(mended(row.text)))
        rates = {rate for rate in percents if rate is not None and abs(net * rate / 100 - tax) <= _CENT}
        if len(rates) == 1:
            kind = next((name for name, pattern in _KINDS if re.search(pattern, plain)), "VAT")
            amount = money[0]
            return [
                TaxRow(rates.pop(), net, tax, kind, False, True, index, amount.start, amount.start, amount.end, 0.9)
            ]
    return []


def _adds_up(rows: Sequence[TaxRow], net: Decimal | None, tax: Decimal | None) -> bool:
    taxes = sum((row.amount for row in rows), Decimal(0))
    bases = sum((row.base for row in rows), Decimal(0))
    if net is None or tax is None:
        return False
    return abs(abs(taxes) - abs(tax)) <= 2 * _CENT and abs(abs(bases) - abs(net)) <= 2 * _CENT


def _without_repeats(found: list[TaxRow]) -> list[TaxRow]:
    """A rate and base that come again, as a line of the table and among the totals, are one."""
    kept: dict[tuple[Decimal, Decimal, Decimal, bool], TaxRow] = {}
    for row in found:
        kept.setdefault((row.rate, row.base, row.amount, row.withheld), row)
    return list(kept.values())
