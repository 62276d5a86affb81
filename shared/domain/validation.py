"""Rules that a record must keep, with what would satisfy each: arithmetic, dates, codes, tax numbers and rates."""

from __future__ import annotations

from datetime import date

from shared.domain.business import BusinessRecord
from shared.domain.findings import Case, Finding, Rule
from shared.domain.jurisdiction import jurisdiction
from shared.domain.rules.codes import currency, iban, number, required
from shared.domain.rules.dates import dates
from shared.domain.rules.lines import lines, sums
from shared.domain.rules.rates import rates
from shared.domain.rules.sizes import sizes
from shared.domain.rules.tax_ids import tax_ids
from shared.domain.rules.totals import balances, taxes, totals

__all__ = ["ARITHMETIC", "RULES", "Case", "Finding", "Rule", "validate"]

RULES: tuple[Rule, ...] = (sizes, required, number, tax_ids, dates, currency, iban)
ARITHMETIC: tuple[Rule, ...] = (lines, sums, rates, taxes, totals, balances)


def validate(record: BusinessRecord, today: date | None = None) -> list[Finding]:
    """All findings, in the order of the rules; no error among them means that the record can be published.

    `today` is the day on which the record is judged; without it no day counts as in the future.
    """
    case = Case(record, jurisdiction(record), today)
    found = [one for rule in RULES for one in rule(case)]
    if any(one.rule == "number_is_plausible" for one in found):
        return found
    return found + [one for rule in ARITHMETIC for one in rule(case)]
