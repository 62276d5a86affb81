"""Facturae 3.2.x of Spain: paths to fields. Its elements are in no namespace but the root."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.adapters.structured.mapping import Field, Node, Reading, at
from shared.adapters.structured.values import Unreadable, day, iban, number, postal, upper
from shared.domain.business import Adjustment, BusinessRecord, LineItem, Origin, Tax
from shared.domain.credits import as_credit
from shared.domain.document import DocumentType
from shared.domain.invoice_codes import ALPHA_2, COUNTRIES
from shared.domain.markup import Markup

_INVOICE = "Invoices/Invoice[1]"
_TOTALS = f"{_INVOICE}/InvoiceTotals"
_TAXES = {
    "01": "IVA", "02": "IPSI", "03": "IGIC", "04": "IRPF", "05": "OTHER", "06": "ITPAJD", "07": "IE", "08": "RA",
    "09": "IGTECM", "10": "IECDPCAC", "11": "IIIMAB", "12": "ICIO", "13": "IMVDN", "14": "IMSN", "15": "IMGSN",
    "16": "IMPN", "17": "REIVA", "18": "REIGIC", "19": "REIPSI",
}  # fmt: skip


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """The record of the first invoice, and the reading that it came from; more than one in a file is a fault."""
    reading = Reading(root, {})
    values = reading.take(HEADER)
    for who in ("seller", "buyer"):
        names = [values.pop(f"{who}_{part}", None) for part in ("first", "second")]
        if f"{who}_name" in values:
            values[f"{who}_name"] = " ".join(name for name in (values[f"{who}_name"], *names) if name)
    series = values.pop("series", None)
    if series and values.get("number"):
        values["number"] = f"{series}-{values['number']}"
    lines = reading.rows("lines", f"{_INVOICE}/Items/InvoiceLine", LINE, _make_line)
    taxes = reading.rows("taxes", f"{_INVOICE}/TaxesOutputs/Tax", TAX, _make_tax)
    taxes += reading.rows("taxes", f"{_INVOICE}/TaxesOutputs/Tax", SURCHARGE, _make_tax, len(taxes))
    taxes += reading.rows("taxes", f"{_INVOICE}/TaxesWithheld/Tax", TAX, _make_withheld, len(taxes))
    adjustments = reading.rows("adjustments", f"{_TOTALS}/GeneralDiscounts/Discount", DISCOUNT, _make_discount)
    adjustments += reading.rows(
        "adjustments", f"{_TOTALS}/GeneralSurcharges/Charge", CHARGE, _make_charge, len(adjustments)
    )
    reading.one_invoice("Invoices/Invoice")
    type_code = reading.text(f"{_INVOICE}/InvoiceHeader/InvoiceClass")
    origin = Origin(syntax="facturae", version=reading.text("FileHeader/SchemaVersion"), type_code=type_code)
    record = BusinessRecord(
        kind=DocumentType.INVOICE, country=values.get("seller_country"), lines=lines, taxes=taxes,
        adjustments=adjustments, origin=origin, **values,
    )  # fmt: skip
    return as_credit(record), reading


def country(value: str, node: Any) -> str:
    """Two letters for the three that Facturae writes."""
    code = value.upper()
    if code in COUNTRIES:
        return code
    if code not in ALPHA_2:
        raise Unreadable(
            "iso_3166",
            "This is no country of ISO 3166: use its three capital letters, such as ESP.",
            "No es un país de ISO 3166: use sus tres letras mayúsculas, como ESP.",
        )
    return ALPHA_2[code]


def _party(who: str, party: str) -> tuple[Field, ...]:
    path = f"Parties/{party}"
    place = f"{path}/*[self::LegalEntity or self::Individual]/*[self::AddressInSpain or self::OverseasAddress]"
    return (
        at(f"{who}_name", f"{path}/LegalEntity/CorporateName", f"{path}/Individual/Name"),
        at(f"{who}_first", f"{path}/Individual/FirstSurname"),
        at(f"{who}_second", f"{path}/Individual/SecondSurname"),
        at(f"{who}_tax_id", f"{path}/TaxIdentification/TaxIdentificationNumber", read=upper),
        at(f"{who}_address", place, read=postal("Address", "PostCode", "PostCodeAndTown", "Town", "Province")),
        at(f"{who}_country", f"{place}/CountryCode", read=country),
    )


HEADER = (
    at("series", f"{_INVOICE}/InvoiceHeader/InvoiceSeriesCode"),
    at("number", f"{_INVOICE}/InvoiceHeader/InvoiceNumber"),
    at("issue_date", f"{_INVOICE}/InvoiceIssueData/IssueDate", read=day),
    at("due_date", f"{_INVOICE}/PaymentDetails/Installment/InstallmentDueDate", read=day),
    *_party("seller", "SellerParty"),
    *_party("buyer", "BuyerParty"),
    at("currency", f"{_INVOICE}/InvoiceIssueData/InvoiceCurrencyCode", read=upper),
    at("line_total", f"{_TOTALS}/TotalGrossAmount", read=number),
    at("net", f"{_TOTALS}/TotalGrossAmountBeforeTaxes", read=number),
    at("tax", f"{_TOTALS}/TotalTaxOutputs", read=number),
    at("withheld", f"{_TOTALS}/TotalTaxesWithheld", read=number),
    at("total", f"{_TOTALS}/InvoiceTotal", read=number),
    at("prepaid", f"{_TOTALS}/TotalPaymentsOnAccount", read=number),
    at("due", f"{_TOTALS}/TotalOutstandingAmount", read=number),
    at("iban", f"{_INVOICE}/PaymentDetails/Installment/AccountToBeCredited/IBAN", read=iban),
)
LINE = (
    at("description", "ItemDescription"),
    at("quantity", "Quantity", read=number),
    at("unit", "UnitOfMeasure"),
    at("unit_price", "UnitPriceWithoutTax", read=number),
    at("cost", "TotalCost", read=number),
    at("amount", "GrossAmount", read=number),
    at("tax_rate", "TaxesOutputs/Tax/TaxRate", read=number),
)
TAX = (
    at("kind", "TaxTypeCode", read=lambda value, node: _TAXES.get(value, value)),
    at("rate", "TaxRate", read=number),
    at("base", "TaxableBase/TotalAmount", read=number),
    at("amount", "TaxAmount/TotalAmount", read=number),
)
SURCHARGE = (
    at("rate", "EquivalenceSurcharge", read=number),
    at("base", "self::*[EquivalenceSurcharge]/TaxableBase/TotalAmount", read=number),
    at("amount", "EquivalenceSurchargeAmount/TotalAmount", read=number),
)
DISCOUNT = (at("amount", "DiscountAmount", read=number), at("reason", "DiscountReason"))
CHARGE = (at("amount", "ChargeAmount", read=number), at("reason", "ChargeReason"))


def _make_line(description: str = "", cost: Decimal | None = None, **rest: Any) -> LineItem:
    amount = rest.get("amount")
    discount = cost - amount if cost is not None and amount is not None else None
    return LineItem(description=description, discount=discount or None, **rest)


def _make_tax(kind: str = "", **values: Any) -> Tax | None:
    """A row of the summary; one without a kind is the surcharge of equivalence, where there is one."""
    if not kind and not values.get("rate"):
        return None
    return Tax(kind=kind or "RE", **values)


def _make_withheld(**values: Any) -> Tax:
    return Tax(withheld=True, **values)


def _make_discount(amount: Decimal | None = None, reason: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, reason=reason)


def _make_charge(amount: Decimal | None = None, reason: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, charge=True, reason=reason)
