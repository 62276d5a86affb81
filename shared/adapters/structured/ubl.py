"""UBL 2.1 Invoice and CreditNote (Peppol, XRechnung): paths to fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.adapters.structured.mapping import Field, Node, Reading, at
from shared.adapters.structured.values import day, iban, number, plain, postal, upper
from shared.domain.business import Adjustment, BusinessRecord, LineItem, Origin, Tax
from shared.domain.document import DocumentType
from shared.domain.invoice_codes import CREDIT_TYPES
from shared.domain.markup import Markup

_SETS = "urn:oasis:names:specification:ubl:schema:xsd:"
_TOTAL = "cac:LegalMonetaryTotal"


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """The record, and the reading that it came from."""
    reading = Reading(root, {"cac": f"{_SETS}CommonAggregateComponents-2", "cbc": f"{_SETS}CommonBasicComponents-2"})
    kind = "Invoice" if markup.name == "Invoice" else "CreditNote"
    values = reading.take(HEADER)
    lines = reading.rows("lines", f"cac:{kind}Line", LINES[kind], _make_line)
    taxes = reading.rows("taxes", f"{_TAX_TOTAL}/cac:TaxSubtotal", TAX, _make_tax)
    adjustments = reading.rows("adjustments", "cac:AllowanceCharge", ADJUSTMENT, _make_adjustment)
    type_code = reading.text(f"cbc:{kind}TypeCode")
    origin = Origin(
        syntax="ubl", version=f"2.1 {kind}", profile=reading.text("cbc:CustomizationID"), type_code=type_code,
        facts={name: value for name, path in FACTS.items() if (value := reading.text(path))},
    )  # fmt: skip
    record = BusinessRecord(
        kind=DocumentType.INVOICE, credit=kind == "CreditNote" or type_code in CREDIT_TYPES, lines=lines, taxes=taxes,
        adjustments=adjustments, country=values.get("seller_country"), origin=origin, **values,
    )  # fmt: skip
    return record, reading


_CURRENCY = "/*/cbc:DocumentCurrencyCode"
_TAX_TOTAL = (
    f"cac:TaxTotal[not(cbc:TaxAmount/@currencyID) or not({_CURRENCY}) or cbc:TaxAmount/@currencyID = {_CURRENCY}]"
)


def _party(who: str, path: str) -> tuple[Field, ...]:
    tax = f"{path}/cac:PartyTaxScheme"
    vat = "[cac:TaxScheme/cbc:ID='VAT']"
    return (
        at(f"{who}_name", f"{path}/cac:PartyLegalEntity/cbc:RegistrationName", f"{path}/cac:PartyName/cbc:Name"),
        at(f"{who}_tax_id", f"{tax}{vat}/cbc:CompanyID", f"{tax}/cbc:CompanyID"),
        at(f"{who}_address", f"{path}/cac:PostalAddress",
           read=postal("StreetName", "AdditionalStreetName", "PostalZone", "CityName", "CountrySubentity")),
        at(f"{who}_country", f"{path}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", read=upper),
    )  # fmt: skip


HEADER = (
    at("number", "cbc:ID"),
    at("issue_date", "cbc:IssueDate", read=day),
    at("due_date", "cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate", read=day),
    *_party("seller", "cac:AccountingSupplierParty/cac:Party"),
    *_party("buyer", "cac:AccountingCustomerParty/cac:Party"),
    at("currency", "cbc:DocumentCurrencyCode", read=upper),
    at("line_total", f"{_TOTAL}/cbc:LineExtensionAmount", read=number),
    at("net", f"{_TOTAL}/cbc:TaxExclusiveAmount", read=number),
    at("tax", f"{_TAX_TOTAL}/cbc:TaxAmount", read=number),
    at("total", f"{_TOTAL}/cbc:TaxInclusiveAmount", read=number),
    at("rounding", f"{_TOTAL}/cbc:PayableRoundingAmount", read=number),
    at("prepaid", f"{_TOTAL}/cbc:PrepaidAmount", read=number),
    at("due", f"{_TOTAL}/cbc:PayableAmount", read=number),
    at("iban", "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", read=iban, confidence=0.9),
)
TAX = (
    at("kind", "cac:TaxCategory/cac:TaxScheme/cbc:ID", read=upper),
    at("category", "cac:TaxCategory/cbc:ID", read=upper),
    at("rate", "cac:TaxCategory/cbc:Percent", read=number),
    at("base", "cbc:TaxableAmount", read=number),
    at("amount", "cbc:TaxAmount", read=number),
)
ADJUSTMENT = (
    at("amount", "cbc:Amount", read=number),
    at("indicator", "cbc:ChargeIndicator"),
    at("reason", "cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode"),
)
_SUPPLIER = "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme"
FACTS = {
    "allowance_total": f"{_TOTAL}/cbc:AllowanceTotalAmount",
    "charge_total": f"{_TOTAL}/cbc:ChargeTotalAmount",
    "seller_vat_id": f"{_SUPPLIER}[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID",
    "seller_registration": f"{_SUPPLIER}[cac:TaxScheme/cbc:ID!='VAT']/cbc:CompanyID",
    "representative_vat_id": "cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID",
    "buyer_vat_id": "cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID",
    "buyer_legal_id": "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
}


def _line(kind: str) -> tuple[Field, ...]:
    quantity = "cbc:InvoicedQuantity" if kind == "Invoice" else "cbc:CreditedQuantity"
    changes = "cac:AllowanceCharge[normalize-space(cbc:ChargeIndicator)='{}']/cbc:Amount"
    return (
        at("description", "cac:Item/cbc:Name", "cac:Item/cbc:Description"),
        at("quantity", quantity, read=number),
        at("unit", f"{quantity}/@unitCode"),
        at("unit_price", "cac:Price/cbc:PriceAmount", read=number),
        at("per", "cac:Price/cbc:BaseQuantity", read=number),
        at("less", changes.format("false"), read=_summed),
        at("more", changes.format("true"), read=_summed),
        at("amount", "cbc:LineExtensionAmount", read=number),
        at("tax_rate", "cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", read=number),
    )


def _summed(value: str, node: Any) -> Decimal:
    """All allowances, or all charges, of the line that this one belongs to."""
    change = node.getparent()

    def indicator(one: Any) -> str:
        return (one.findtext("{*}ChargeIndicator") or "").strip()

    alike = (one for one in change.getparent().iterchildren(change.tag) if indicator(one) == indicator(change))
    return sum((number((one.findtext("{*}Amount") or "0").strip()) for one in alike), Decimal(0))


LINES = {"Invoice": _line("Invoice"), "CreditNote": _line("CreditNote")}


def _make_line(
    description: str = "", unit_price: Decimal | None = None, per: Decimal | None = None, less: Decimal | None = None,
    more: Decimal | None = None, **rest: Any,
) -> LineItem:  # fmt: skip
    if per and per != 1 and unit_price is not None:
        unit_price = plain(unit_price / per)
    discount = (less or Decimal(0)) - (more or Decimal(0))
    return LineItem(description=description, unit_price=unit_price, discount=discount or None, **rest)


def _make_tax(**values: Any) -> Tax:
    return Tax(**values)


def _make_adjustment(amount: Decimal | None = None, indicator: str = "", reason: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, charge=indicator == "true", reason=reason)
