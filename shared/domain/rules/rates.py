"""Rates of taxes: in force in the country on the day, where the record says which country and which day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from shared.domain.business import Tax
from shared.domain.countries import country
from shared.domain.country import EUROPEAN_UNION, TaxRule
from shared.domain.findings import Case, Finding, finding

# A bill follows the supply, whose day decides: an old rate is right for that long after its end. A credit note has the
# rate of its invoice, which may be as old as taxes can be corrected in most countries.
_LATE_BILL, _LATE_CREDIT = timedelta(days=92), timedelta(days=5 * 366)


def rates(case: Case) -> Iterator[Finding]:
    """Every rate that no table of the country knows on the day; zero is right anywhere (exempt, export, reversed)."""
    for index, row in enumerate(case.record.taxes):
        if tax := _broken(case, row):
            yield _finding(case, f"taxes.{index}.rate", row.rate, tax)
    home = case.place.country
    sales = [tax for tax in home.taxes if tax.rates and not tax.withheld]
    general = next((tax for tax in sales if tax.general), None)
    if general is None:
        return
    summed_up = {row.rate for row in case.record.taxes}
    for index, line in enumerate(case.record.lines):
        # A rate of the tax summary was judged there, with the tax's name.
        if line.tax_rate is None or line.tax_rate in summed_up:
            continue
        if not _known(case, line.tax_rate, sales):
            yield _finding(case, f"lines.{index}.tax_rate", line.tax_rate, general)


def rate_is_wrong(case: Case, row: Tax) -> bool:
    """If this row's rate is such a finding."""
    return _broken(case, row) is not None


def _broken(case: Case, row: Tax) -> TaxRule | None:
    """The tax whose table does not know this row's rate; None when all is well or nobody can tell."""
    tax = case.place.country.tax(row.kind, row.withheld)
    if tax is None or row.rate is None or _known(case, row.rate, [tax]):
        return None
    return tax


def _known(case: Case, percent: Decimal, taxes: Iterable[TaxRule]) -> bool:
    """If one of the taxes has this rate on the record's day, or the buyer's country has it; else if nobody can tell."""
    record = case.record
    if percent == 0 or not case.place.sure or record.issue_date is None:
        return True
    for tax in taxes:
        # Before its table begins nobody can tell.
        if record.issue_date < min((rate.since for rate in tax.rates), default=date.max):
            return True
        if percent in in_force(tax, record.issue_date, _LATE_CREDIT if record.credit else _LATE_BILL):
            return True
        if tax.general and not tax.withheld and _is_the_buyers(case, percent, record.issue_date):
            return True
    return False


def _is_the_buyers(case: Case, percent: Decimal, day: date) -> bool:
    """Within the European Union a seller may owe the buyer's country its tax, at its rate."""
    code = case.record.buyer_country or ""
    other = country(code)
    code = other.code if other else code.upper()
    if code == case.place.code or not {code, case.place.code} <= EUROPEAN_UNION:
        return False
    tax = other.tax("VAT") if other else None
    return tax is None or percent in in_force(tax, day, _LATE_BILL)


def in_force(tax: TaxRule, day: date, late: timedelta = timedelta(0)) -> list[Decimal]:
    """The rates of a day in percent, the highest first, each once; with those that ended up to `late` before it."""
    found = {rate.percent for rate in tax.rates if rate.since <= day and day - rate.until <= late}
    return sorted(found, reverse=True)


def _finding(case: Case, field: str, percent: Decimal | None, tax: TaxRule) -> Finding:
    day = case.record.issue_date or date.min
    expected = ", ".join(f"{each.normalize():f}" for each in in_force(tax, day))
    values = {"country": case.place.country.title, "tax": tax.name, "day": day, "expected": expected}
    return finding(field, percent, "rate_in_force", rate=percent, **values)
