"""Net, tax and total of a paper: read by their labels, and held against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from shared.domain import paper_labels as labels
from shared.domain.amounts import Amount, amounts
from shared.domain.labelled import Read, TextLine, labelled

_CENT = Decimal("0.02")
_MOST_TAXES = 6


@dataclass(frozen=True, slots=True)
class Totals:
    """What was read; each may be missing."""

    net: Read[Amount] | None = None
    tax: Read[Amount] | None = None
    total: Read[Amount] | None = None


def reconciled(lines: Sequence[TextLine], mark: str, blanks_group: bool) -> Totals:
    """The readings of which net + tax = total, if there are such; else the surest of each on its own, less sure."""
    finder = _Finder(lines, mark, blanks_group)
    totals, nets = finder.ranked(labels.TOTAL), finder.ranked(labels.NET)
    taxes = _distinct([read for ranked in finder.ranked(labels.TAX) for read in ranked])
    every_net = [read for ranked in nets for read in ranked]
    for candidate in [read for ranked in totals for read in reversed(ranked)]:
        for base in every_net:
            between = _tax_between(base, candidate, taxes)
            if between:
                return Totals(_sure(base), _sure(between), _sure(candidate))
    total = _alone(totals)
    net = _alone([[read for read in ranked if total is None or read.start != total.start] for ranked in nets])
    fits = [tax for tax in taxes if total is None or abs(tax.value.value) < abs(total.value.value)]
    return Totals(net, fits[0] if len(fits) == 1 else None, total)


class _Finder:
    """Looks for amounts behind labels: the last of a line, as totals stand at its right end."""

    def __init__(self, lines: Sequence[TextLine], mark: str, blanks_group: bool) -> None:
        self._lines = lines
        self._mark = mark
        self._blanks_group = blanks_group

    def ranked(self, ranks: Sequence[re.Pattern[str]]) -> list[list[Read[Amount]]]:
        """The readings of each rank of labels, in the order of the text."""
        return [list(labelled(self._lines, label, self._last, reach=80)) for label in ranks]

    def _last(self, text: str, offset: int) -> list[Read[Amount]]:
        found = amounts(text, self._mark, offset, self._blanks_group)
        money = [amount for amount in found if amount.is_money]
        if not money:
            return []
        # Another label further on has its own amount: "Total: 12,00 Vencimiento: …", "BTW 21% 3,00 Totaal 15,00".
        first_end = money[0].end - offset
        ends_there = any(map(str.isalpha, re.sub(r"EUR|USD|GBP|TTC|HT|[A-Z]{3}\b", "", text[first_end:])))
        chosen = money[0] if ends_there else money[-1]
        return [Read(chosen, chosen.start, chosen.end, 0.7)]


def _distinct(found: list[Read[Amount]]) -> list[Read[Amount]]:
    return list({read.start: read for read in found}.values())[:_MOST_TAXES]


def _tax_between(net: Read[Amount], total: Read[Amount], taxes: list[Read[Amount]]) -> Read[Amount] | None:
    """The tax, or the taxes together (several rates), that lead from net to total; net and total must not be one."""
    wanted = total.value.value - net.value.value
    if net.start == total.start:
        return None
    others = [tax for tax in taxes if tax.start not in (net.start, total.start)]
    for count in range(1, len(others) + 1):
        for group in combinations(others, count):
            value = sum((tax.value.value for tax in group), Decimal(0))
            if abs(value - wanted) <= _CENT:
                whole = Amount(value, group[0].start, group[-1].end, group[0].value.currency, True)
                return Read(whole, whole.start, whole.end, 0.7)
    return None


def _sure(read: Read[Amount]) -> Read[Amount]:
    """Arithmetic that works out is the best witness."""
    return Read(read.value, read.start, read.end, 0.95)


def _alone(ranks: list[list[Read[Amount]]]) -> Read[Amount] | None:
    """The last reading of the surest label; less sure when that label has several values, or the label is weak."""
    for rank, found in enumerate(ranks):
        if found:
            differ = len({read.value.value for read in found}) > 1
            return Read(found[-1].value, found[-1].start, found[-1].end, (0.8 - 0.15 * rank) * (0.7 if differ else 1))
    return None
