"""What a document needs, and its codes: currency, IBAN, number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from shared.domain.amounts import CURRENCIES
from shared.domain.countries import country
from shared.domain.document import DocumentType
from shared.domain.findings import Case, Finding, finding
from shared.domain.identifiers import iban_is_valid
from shared.domain.jurisdiction import WORLD_CURRENCIES

_REQUIRED = {
    DocumentType.INVOICE: ("number", "issue_date", "total"),
    DocumentType.RECEIPT: ("issue_date", "total"),
    DocumentType.BANK_STATEMENT: ("opening_balance", "closing_balance"),
}
_NAMES = {
    "number": ("number", "número"),
    "issue_date": ("date of issue", "fecha de emisión"),
    "total": ("total", "total"),
    "opening_balance": ("opening balance", "saldo inicial"),
    "closing_balance": ("closing balance", "saldo final"),
}
_KINDS = {
    DocumentType.INVOICE: ("invoice", "factura"),
    DocumentType.RECEIPT: ("receipt", "recibo"),
    DocumentType.BANK_STATEMENT: ("bank statement", "extracto bancario"),
}


# What the euro replaced, until the last of it was taken out of circulation.
_BEFORE_THE_EURO = frozenset(["ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "GRD", "IEP", "ITL", "LUF", "NLG", "PTE"])
_EURO_ALONE = date(2002, 3, 1)


def required(case: Case) -> Iterator[Finding]:
    """What a document of its kind cannot do without."""
    for field in _REQUIRED.get(case.record.kind, ()):
        if getattr(case.record, field) in (None, ""):
            yield finding(field, None, "required", kind=_KINDS[case.record.kind], name=_NAMES[field])


def currency(case: Case) -> Iterator[Finding]:
    """A code of ISO 4217; the seller's or the buyer's money, or one of the world's trade."""
    code = case.record.currency
    if code is None:
        return
    if code in _BEFORE_THE_EURO and _day(case) < _EURO_ALONE:
        return
    if code not in CURRENCIES:
        yield finding("currency", code, "iso_4217")
        return
    home, buyer = case.place.country, country(case.record.buyer_country)
    known = {*home.currencies, *(buyer.currencies if buyer else ()), *WORLD_CURRENCIES}
    abroad = case.record.buyer_country is not None and buyer is None
    if case.place.sure and home.currencies and code not in known and not abroad and not case.confirmed("currency"):
        values = {"country": home.title, "expected": ", ".join(home.currencies)}
        yield finding("currency", code, "currency_of_country", **values)


def _day(case: Case) -> date:
    """The day of the document, as far as it says one."""
    return case.record.issue_date or case.record.closing_date or date.min


def iban(case: Case) -> Iterator[Finding]:
    """Length and check digits."""
    if case.record.iban is not None and not iban_is_valid(case.record.iban):
        yield finding("iban", case.record.iban, "iban_check_digits")


def number(case: Case) -> Iterator[Finding]:
    """The number of an invoice, where the country's law says how it is written."""
    record, home = case.record, case.place.country
    law = home.numbering
    if law is None or not record.number or record.kind != DocumentType.INVOICE or not case.place.sure:
        return
    in_force = record.issue_date is None or record.issue_date >= law.since
    if in_force and not re.fullmatch(law.pattern, record.number.strip()) and not case.confirmed("number"):
        yield finding("number", record.number, "document_number", country=home.title, example=law.example)
