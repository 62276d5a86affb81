"""Tax numbers of seller and buyer: form and check digits, by their own country."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from shared.domain.countries import country
from shared.domain.country import EUROPEAN_UNION, Country, by_stdnum
from shared.domain.findings import Case, Finding, finding
from shared.domain.identifiers import compact
from shared.domain.jurisdiction import bare, of_tax_id

_EUROPEAN = re.compile(r"([A-Z]{2})(?=(?:[A-Z+*]*\d){7})[0-9A-Z+*]{8,12}")


def tax_ids(case: Case) -> Iterator[Finding]:
    """Both parties' numbers. One that looks like no number of its country is left alone when the country is a guess.

    In an e-invoice a wrong number is the issuer's: nobody can compare it with the paper, so it is a warning.
    """
    record = case.record
    parties = {
        "seller_tax_id": (record.seller_tax_id, record.seller_country or record.country),
        "buyer_tax_id": (record.buyer_tax_id, record.buyer_country),
    }
    for field, (value, code) in parties.items():
        for found in _checked(case, field, value, code):
            yield replace(found, severity="warning") if case.written_by_machine(field) else found


def _checked(case: Case, field: str, value: str | None, code: str | None) -> Iterator[Finding]:
    number = compact(value or "")
    if not number:
        return
    stated = country(code)
    home = stated or (None if code else case.place.country)
    fitting = _fitting(field, number, home)
    if not fitting and (other := of_tax_id(number)) is not None:
        # Another country's number, which its prefix or its form gives away.
        home, fitting = other, _fitting(field, number, other)
    if fitting and home is not None:
        yield from _check_digits(case, field, number, home)
    elif _is_of_another_member(number):
        if not by_stdnum("eu.vat")(number):
            yield finding(field, value, "tax_id_check_digit", kind=("VAT number", "NIF-IVA"), country=number[:2])
    elif stated and stated.tax_ids and not case.confirmed(field):
        kinds = ", ".join(dict.fromkeys(kind.name for kind in stated.tax_ids))
        yield finding(field, value, "tax_id_form", country=stated.title, kind=kinds)


def _fitting(field: str, number: str, home: Country | None) -> bool:
    """If the number has a form that this country gives to such a party."""
    if home is None:
        return False
    seller = field == "seller_tax_id"
    kinds = (kind for kind in home.tax_ids if not (seller and kind.buyers_only))
    return bare(number, home) in home.reserved_ids or any(kind.fits(bare(number, home)) for kind in kinds)


def _check_digits(case: Case, field: str, number: str, home: Country) -> Iterator[Finding]:
    rest = bare(number, home)
    kinds = [kind for kind in home.tax_ids if kind.fits(rest)]
    if rest in home.reserved_ids or any(kind.valid is None or kind.valid(rest) for kind in kinds):
        return
    if any(kind.exceptions for kind in kinds) and case.confirmed(field):
        return
    value = getattr(case.record, field)
    name = " / ".join(dict.fromkeys(kind.name for kind in kinds))
    yield finding(field, value, "tax_id_check_digit", kind=name, country=home.title)


def _is_of_another_member(number: str) -> bool:
    """If this looks like a VAT number with the prefix of a member of the Union that has no file of its own."""
    match = _EUROPEAN.fullmatch(number)
    return match is not None and match[1] in EUROPEAN_UNION and country(match[1]) is None
