"""EN 16931, the European norm of electronic invoices: its rules for what must be there, and its codes.

Every finding carries the number of the rule in the norm, where it has one. ZUGFeRD 1 is older than the norm and asks
for less: only what it has is checked. Records from other syntaxes pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain import en16931_sums as sums
from shared.domain.amounts import CURRENCIES
from shared.domain.business import BusinessRecord, Origin
from shared.domain.en16931_messages import en16931_finding as _finding
from shared.domain.en16931_sums import Check
from shared.domain.findings import Finding
from shared.domain.invoice_codes import (
    COUNTRIES,
    CREDIT_TYPES,
    INVOICE_TYPES,
    UNTAXED_CATEGORIES,
    VAT_CATEGORIES,
    profile_of,
)

_SYNTAXES = frozenset({"cii", "ubl", "zugferd1"})
_WITHOUT_LINES = frozenset({"minimum", "basicwl"})

# Field, the rule's number, what it is called, and the profiles that need not have it. `*`: ZUGFeRD 1 must have it too.
_REQUIRED: tuple[tuple[str, str, tuple[str, str], tuple[str, ...]], ...] = (
    ("number*", "BR-02", ("invoice number", "número de factura"), ()),
    ("issue_date*", "BR-03", ("date of issue", "fecha de emisión"), ()),
    ("currency*", "BR-05", ("currency", "moneda"), ()),
    ("seller_name*", "BR-06", ("name of the seller", "nombre del vendedor"), ()),
    ("buyer_name*", "BR-07", ("name of the buyer", "nombre del comprador"), ()),
    ("seller_country", "BR-09", ("country of the seller's address", "país del vendedor"), ()),
    ("buyer_country", "BR-11", ("country of the buyer's address", "país del comprador"), ("minimum",)),
    ("line_total*", "BR-12", ("sum of the lines", "suma de las líneas"), ("minimum",)),
    ("net", "BR-13", ("total without VAT", "total sin IVA"), ()),
    ("total*", "BR-14", ("total with VAT", "total con IVA"), ()),
    ("due", "BR-15", ("amount due for payment", "importe a pagar"), ()),
)
_REQUIRED_IN_LINES = (
    ("quantity", "BR-22", ("quantity", "cantidad")),
    ("amount", "BR-24", ("net amount", "importe neto")),
    ("description", "BR-25", ("name of the item", "nombre del artículo")),
    ("unit_price", "BR-26", ("net price", "precio neto")),
)
_PRICE_DISCOUNT = (
    ("price_discount_percent", ("percentage", "porcentaje")),
    ("price_discount_base", ("base", "base")),
)
# What an invoice of profile BASIC cannot hold: facts that are there all the same, and the element that holds them.
_BEYOND_BASIC = (
    ("item_description", "lines", ("a description of the item", "una descripción del artículo")),
    ("payment_means_text", "payment_means", ("a text about the means of payment", "un texto sobre el medio de pago")),
    ("payment_bic", "payment_means", ("the BIC of the seller's bank", "el BIC del banco del vendedor")),
)
_EXAMPLES = {
    "cii": "urn:cen.eu:en16931:2017",
    "ubl": "urn:cen.eu:en16931:2017",
    "zugferd1": "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort",
}


def applies(record: BusinessRecord) -> bool:
    """Whether a record was taken from a European e-invoice."""
    return record.origin is not None and record.origin.syntax in _SYNTAXES


def findings(record: BusinessRecord) -> list[Finding]:
    """What a European e-invoice breaks, in the order of the checks; nothing for records of other origin."""
    origin = record.origin
    if origin is None or not applies(record):
        return []
    profile = profile_of(origin.profile) or ("zugferd1" if origin.syntax == "zugferd1" else "en16931")
    found = [finding for check in _CHECKS.get(profile, _ALL) for finding in check(record, origin, profile)]
    unreadable = {fault.field for fault in origin.faults}  # said already, and better
    return [finding for finding in found if finding.value or finding.field not in unreadable]


def _required(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    for name, rule, called, excepted in _REQUIRED:
        field = name.rstrip("*")
        if profile in excepted or (profile.startswith("zugferd1") and not name.endswith("*")):
            continue
        if getattr(record, field) in (None, ""):
            yield _finding(field, "", rule, "missing", called=called)
    if not record.lines and profile not in _WITHOUT_LINES:
        yield _finding("lines", "", "BR-16", "no_lines")


def _required_in_lines(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    for number, line in enumerate(record.lines):
        for field, rule, called in _REQUIRED_IN_LINES:
            if getattr(line, field) in (None, ""):
                place = f"lines.{number}.{field}"
                yield _finding(place, "", rule, "missing_in_line", line=number + 1, called=called)
        if line.unit_price is not None and line.unit_price < 0:
            yield _finding(f"lines.{number}.unit_price", line.unit_price, "BR-27", "negative_price")


def _guideline(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    if not origin.profile:
        yield _finding("profile", "", "BR-01", "no_guideline")
    elif profile_of(origin.profile) is None:
        example = _EXAMPLES[origin.syntax]
        yield _finding("profile", origin.profile, "known_guideline", "unknown_guideline", example=example)


def _codes(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    if not origin.type_code:
        yield _finding("type_code", "", "BR-04", "no_type_code")
    elif origin.type_code not in INVOICE_TYPES | CREDIT_TYPES:
        yield _finding("type_code", origin.type_code, "BR-CL-01", "type_code")
    if record.currency and record.currency not in CURRENCIES:
        yield _finding("currency", record.currency, "BR-CL-04", "currency")
    for field in ("seller_country", "buyer_country"):
        value = getattr(record, field)
        if value and value not in COUNTRIES:
            yield _finding(field, value, "BR-CL-14", "country")


def _kind_and_sign(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    if origin.type_code == "380" and record.total is not None and record.total < 0:
        yield _finding("type_code", origin.type_code, "invoice_below_zero", "below_zero")


def _profile_holds(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """What a profile has no place for makes a receiver's check against its schema fail."""
    if origin.syntax != "cii" or profile not in ("minimum", "basicwl", "basic", "en16931"):
        return
    for fact, called in _PRICE_DISCOUNT:
        if value := origin.facts.get(fact):
            yield _finding("lines", value, "profile_element", "price_discount", called=called)
            return
    for fact, field, called in _BEYOND_BASIC if profile == "basic" else ():
        if value := origin.facts.get(fact):
            yield _finding(field, value, "profile_element", "beyond_basic", called=called)


def _categories(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    for number, tax in enumerate(record.taxes):
        place = f"taxes.{number}"
        if tax.category is None:
            yield _finding(f"{place}.category", "", "BR-47", "no_category")
        elif tax.category not in VAT_CATEGORIES:
            known = ", ".join(sorted(VAT_CATEGORIES))
            yield _finding(f"{place}.category", tax.category, "BR-CL-17", "category", known=known)
        elif tax.category == "S" and tax.rate is not None and tax.rate <= 0:
            yield _finding(f"{place}.rate", tax.rate, "BR-S-05", "standard_rate")
        elif tax.category in UNTAXED_CATEGORIES and (tax.rate or tax.amount):
            rule = f"BR-{tax.category}-09"
            yield _finding(f"{place}.amount", tax.amount, rule, "untaxed", category=tax.category)


def _tax_ids(record: BusinessRecord, origin: Origin, profile: str) -> Iterator[Finding]:
    """Whoever charges VAT, or is exempt, says under which number; so does who buys within the Union."""
    facts, categories = origin.facts, {tax.category for tax in record.taxes if tax.category}
    own = facts.get("seller_vat_id") or facts.get("representative_vat_id") or facts.get("seller_registration")
    taxed = sorted(categories & (VAT_CATEGORIES - {"O"}))
    if taxed and not own:
        values = {"category": taxed[0], "hint": _hint(origin)}
        yield _finding("seller_tax_id", record.seller_tax_id, f"BR-{taxed[0]}-02", "seller_number", **values)
    buyers = {"K": facts.get("buyer_vat_id"), "AE": facts.get("buyer_vat_id") or facts.get("buyer_legal_id")}
    for category, number in buyers.items():
        if category in categories and not number:
            yield _finding("buyer_tax_id", "", f"BR-{category}-02", "buyer_number", category=category)
    for who in ("seller", "buyer"):
        value = facts.get(f"{who}_vat_id")
        if value and value[:2].upper() not in COUNTRIES | {"EL"}:
            yield _finding(f"{who}_tax_id", value, "BR-CO-09", "number_prefix")


def _hint(origin: Origin) -> tuple[str, str]:
    scheme = origin.facts.get("seller_other_scheme")
    if not scheme:
        return "", ""
    return f" Its scheme is {scheme}; the one for VAT is VA.", f" Su esquema es {scheme}; el del IVA es VA."


_OF_PAPER: tuple[Check, ...] = (_guideline, _codes, _required, _kind_and_sign)
# The release candidate of ZUGFeRD 1 had the tax in its lines: they make no sum.
_CHECKS = {"zugferd1rc": (*_OF_PAPER, *sums.OF_WHOLE), "zugferd1": (*_OF_PAPER, *sums.OF_LINES, *sums.OF_WHOLE)}
_ALL: tuple[Check, ...] = (
    *(*_OF_PAPER, _required_in_lines, _profile_holds, _categories, _tax_ids),
    *(*sums.OF_LINES, *sums.OF_NORM, *sums.OF_WHOLE),
)
