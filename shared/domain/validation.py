"""Rules that a record must keep, with what would satisfy each: arithmetic, dates, codes, tax numbers and rates."""

from __future__ import annotations

from datetime import date

from shared.domain import en16931
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

__all__ = ["ARITHMETIC", "RULES", "Case", "Finding", "Rule", "holding", "validate"]

RULES: tuple[Rule, ...] = (sizes, required, number, tax_ids, dates, currency, iban)
ARITHMETIC: tuple[Rule, ...] = (lines, sums, rates, taxes, totals, balances)


def validate(record: BusinessRecord, today: date | None = None) -> list[Finding]:
    """All findings, in the order of the rules; no error among them means that the record can be published.

    `today` is the day on which the record is judged; without it no day counts as in the future.
    """
    case = Case(record, jurisdiction(record), today)
    if en16931.applies(record):  # a norm of its own for what the other rules look at
        return faults(record) + en16931.findings(record) + list(tax_ids(case))
    found = faults(record) + [one for rule in RULES for one in rule(case)]
    if any(one.rule == "number_is_plausible" for one in found):
        return found
    return found + [one for rule in ARITHMETIC for one in rule(case)]


def holding(record: BusinessRecord, today: date | None = None) -> list[Finding]:
    """The findings that keep the record from being published."""
    return [one for one in validate(record, today) if one.severity == "error"]


def faults(record: BusinessRecord) -> list[Finding]:
    """What was wrong in the data that the record was taken from, but for what a person has entered since."""
    if record.origin is None:
        return []
    entered = {field for field, source in record.sources.items() if source.reader == "person"}
    return [
        Finding(fault.field, fault.value, fault.rule, fault.message, fault.message_es)
        for fault in record.origin.faults if fault.field not in entered
    ]  # fmt: skip
