"""Which country's rules a record falls under, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.business import BusinessRecord
from shared.domain.countries import countries, country, generic
from shared.domain.country import Country
from shared.domain.identifiers import compact

# Money of many countries' trade: it says nothing about where a paper comes from.
WORLD_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF"})


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The country whose rules apply. `code` is set even for one without rules of its own (then they are generic).

    `sure`: the record says so itself, or the seller's tax number with right check digits does. Only then may a rate,
    a currency or a form that the country does not know count as wrong.
    """

    country: Country
    code: str
    sure: bool


def jurisdiction(record: BusinessRecord) -> Jurisdiction:
    """The record's country; else what the seller's tax number, address or the currency tells; else the generic set."""
    for code in (record.country, record.seller_country):
        if code:
            found = country(code)
            return Jurisdiction(found or generic(), found.code if found else code.strip().upper(), True)
    if found := of_tax_id(record.seller_tax_id, record.currency):
        return Jurisdiction(found, found.code, _is_valid(record.seller_tax_id or "", found))
    found = _of_address(record.seller_address) or _of_currency(record.currency)
    return Jurisdiction(found or generic(), found.code if found else "", False)


def of_tax_id(tax_id: str | None, currency: str | None = None) -> Country | None:
    """The country that a tax number's form or its prefix tells, whatever its check digits say."""
    number = compact(tax_id or "")
    fitting = [
        one
        for one in countries().values()
        if any(kind.distinctive and kind.fits(number) for kind in one.tax_ids) or _is_prefixed(number, one)
    ]
    if currency and currency not in WORLD_CURRENCIES:
        fitting = [one for one in fitting if currency in one.currencies]
    return fitting[0] if len(fitting) == 1 else None


def bare(number: str, home: Country) -> str:
    """A compact tax number without its country's prefix."""
    return number.removeprefix(home.prefix) if _is_prefixed(number, home) else number


def _is_prefixed(number: str, home: Country) -> bool:
    if not home.prefix or not number.startswith(home.prefix):
        return False
    return any(kind.fits(number.removeprefix(home.prefix)) for kind in home.tax_ids)


def _is_valid(tax_id: str, home: Country) -> bool:
    number = bare(compact(tax_id), home)
    return any(kind.valid(number) for kind in home.tax_ids if kind.valid and kind.fits(number))


def _of_address(address: str | None) -> Country | None:
    """The country named at the end of an address: in its last line, or after its last comma."""
    last = re.split(r"[\n,;]", (address or "").strip().rstrip("."))[-1].strip(" ()-.").casefold()
    named = (
        one for one in countries().values() if last in (name.casefold() for name in (*one.title, *one.names) if name)
    )
    return next(named, None)


def _of_currency(currency: str | None) -> Country | None:
    if currency is None or currency in WORLD_CURRENCIES:
        return None
    using = [one for one in countries().values() if currency in one.currencies]
    return using[0] if len(using) == 1 else None
