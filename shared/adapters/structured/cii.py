"""Cross Industry Invoice of UN/CEFACT (ZUGFeRD 2, Factur-X, XRechnung), and its elder ZUGFeRD 1: paths to fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.adapters.structured.cii_names import NAMES, UNITS, Names
from shared.adapters.structured.mapping import Field, Node, Reading, at
from shared.adapters.structured.values import compact_day, iban, number, plain, postal, upper
from shared.domain.business import Adjustment, BusinessRecord, LineItem, Origin, Tax
from shared.domain.document import DocumentType
from shared.domain.invoice_codes import CREDIT_TYPES
from shared.domain.markup import Markup


def read(root: Node, markup: Markup) -> tuple[BusinessRecord, Reading]:
    """The record, and the reading that it came from."""
    syntax = markup.syntax or "cii"
    names, (ram, udt) = NAMES[syntax], UNITS[syntax]
    reading = Reading(root, {"rsm": markup.namespace, "ram": ram, "udt": udt})
    values = reading.take(_header(names))
    settlement = f"{names.trade}/{names.settlement}"
    lines = reading.rows("lines", f"{names.trade}/ram:IncludedSupplyChainTradeLineItem", _line(names), _make_line)
    taxes = reading.rows("taxes", f"{settlement}/ram:ApplicableTradeTax", _tax(names), _make_tax)
    adjustments = reading.rows(
        "adjustments", f"{settlement}/ram:SpecifiedTradeAllowanceCharge[ram:ActualAmount]", ADJUSTMENT, _make_adjustment
    )
    adjustments += reading.rows(
        "adjustments", f"{settlement}/ram:SpecifiedLogisticsServiceCharge", SERVICE, _make_service, len(adjustments)
    )
    facts = _facts(reading, names)
    origin = Origin(
        syntax=syntax,
        version="D16B" if syntax == "cii" else "ZUGFeRD 1",
        profile=reading.text(f"{names.context}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        type_code=reading.text(f"{names.document}/ram:TypeCode"),
        facts=facts,
    )
    record = BusinessRecord(
        kind=DocumentType.INVOICE, credit=origin.type_code in CREDIT_TYPES, lines=lines, taxes=taxes,
        adjustments=adjustments, country=values.get("seller_country"), origin=origin, **values,
    )  # fmt: skip
    return record, reading


def _header(n: Names) -> tuple[Field, ...]:
    agreement, settlement = f"{n.trade}/{n.agreement}", f"{n.trade}/{n.settlement}"
    total = f"{settlement}/{n.total}"
    currency = f"{settlement}/ram:InvoiceCurrencyCode"
    return (
        at("number", f"{n.document}/ram:ID"),
        at("issue_date", f"{n.document}/ram:IssueDateTime/udt:DateTimeString", read=compact_day),
        at("due_date", f"{settlement}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString",
           read=compact_day),
        *_party("seller", f"{agreement}/ram:SellerTradeParty"),
        *_party("buyer", f"{agreement}/ram:BuyerTradeParty"),
        at("currency", currency, read=upper),
        at("line_total", f"{total}/ram:LineTotalAmount", read=number),
        at("net", f"{total}/ram:TaxBasisTotalAmount", read=number),
        at("tax", f"{total}/ram:TaxTotalAmount[@currencyID = //{currency}]", f"{total}/ram:TaxTotalAmount",
           read=number),
        at("total", f"{total}/ram:GrandTotalAmount", read=number),
        at("rounding", f"{total}/ram:RoundingAmount", read=number),
        at("prepaid", f"{total}/ram:TotalPrepaidAmount", read=number),
        at("due", f"{total}/ram:DuePayableAmount", read=number),
        at("iban", f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount"
           "/ram:IBANID", read=iban),
    )  # fmt: skip


def _party(who: str, path: str) -> tuple[Field, ...]:
    address = f"{path}/ram:PostalTradeAddress"
    registration = f"{path}/ram:SpecifiedTaxRegistration/ram:ID"
    return (
        at(f"{who}_name", f"{path}/ram:Name"),
        at(f"{who}_tax_id", f"{registration}[@schemeID='VA']", f"{registration}[@schemeID='FC']", registration),
        at(f"{who}_address", address, read=postal("LineOne", "LineTwo", "LineThree", "PostcodeCode", "CityName")),
        at(f"{who}_country", f"{address}/ram:CountryID", read=upper),
    )


def _line(n: Names) -> tuple[Field, ...]:
    price = f"{n.line_agreement}/ram:NetPriceProductTradePrice"
    tax = f"{n.line_settlement}/ram:ApplicableTradeTax"
    change = f"{n.line_settlement}/ram:SpecifiedTradeAllowanceCharge"
    return (
        at("description", "ram:SpecifiedTradeProduct/ram:Name", "ram:SpecifiedTradeProduct/ram:Description",
           "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        at("quantity", f"{n.line_delivery}/ram:BilledQuantity", read=number),
        at("unit", f"{n.line_delivery}/ram:BilledQuantity/@unitCode"),
        at("unit_price", f"{price}/ram:ChargeAmount", read=number),
        at("per", f"{price}/ram:BasisQuantity", read=number),
        at("less", f"{change}[ram:ChargeIndicator/udt:Indicator='false']/ram:ActualAmount", read=_summed),
        at("more", f"{change}[ram:ChargeIndicator/udt:Indicator='true']/ram:ActualAmount", read=_summed),
        at("amount", f"{n.line_settlement}/{n.line_total}/ram:LineTotalAmount", read=number),
        at("tax_rate", f"{tax}/{n.rate}", read=number),
    )  # fmt: skip


def _summed(value: str, node: Any) -> Decimal:
    """This amount and those of the element's like-named siblings of the same kind (all allowances of a line)."""
    parent = node.getparent()
    indicator = "".join(parent[0].itertext()).strip()
    alike = [
        one for one in parent.getparent().iterchildren(parent.tag) if "".join(one[0].itertext()).strip() == indicator
    ]
    return sum(
        (number(" ".join(part.itertext()).strip()) for one in alike for part in one.iterchildren(node.tag)), Decimal(0)
    )


def _make_line(
    description: str = "", unit_price: Decimal | None = None, per: Decimal | None = None, less: Decimal | None = None,
    more: Decimal | None = None, **rest: Any,
) -> LineItem | None:  # fmt: skip
    """A line; what is only a note between lines is none. The price is that of one unit."""
    if not {"quantity", "amount"} & set(rest) and unit_price is None:
        return None
    if per and per != 1 and unit_price is not None:
        unit_price = plain(unit_price / per)
    discount = (less or Decimal(0)) - (more or Decimal(0))
    return LineItem(description=description, unit_price=unit_price, discount=discount or None, **rest)


def _tax(n: Names) -> tuple[Field, ...]:
    return (
        at("kind", "ram:TypeCode", read=upper), at("category", "ram:CategoryCode", read=upper),
        at("rate", n.rate, read=number), at("base", "ram:BasisAmount", read=number),
        at("amount", "ram:CalculatedAmount", read=number),
    )  # fmt: skip


def _make_tax(**values: Any) -> Tax:
    return Tax(**values)


ADJUSTMENT = (
    at("amount", "ram:ActualAmount", read=number),
    at("indicator", "ram:ChargeIndicator/udt:Indicator"),
    at("reason", "ram:Reason", "ram:ReasonCode"),
)
SERVICE = (at("amount", "ram:AppliedAmount", read=number), at("reason", "ram:Description"))


def _make_adjustment(amount: Decimal | None = None, indicator: str = "", reason: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, charge=indicator in ("true", "1"), reason=reason)


def _make_service(amount: Decimal | None = None, reason: str = "") -> Adjustment | None:
    return None if amount is None else Adjustment(amount=amount, charge=True, reason=reason)


def _facts(reading: Reading, n: Names) -> dict[str, str]:
    """What rules need beyond the record."""
    agreement, settlement = f"{n.trade}/{n.agreement}", f"{n.trade}/{n.settlement}"
    seller = f"{agreement}/ram:SellerTradeParty/ram:SpecifiedTaxRegistration/ram:ID"
    price = f"{n.trade}/ram:IncludedSupplyChainTradeLineItem/{n.line_agreement}/ram:GrossPriceProductTradePrice"
    payment = f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans"
    paths = {
        "allowance_total": f"{settlement}/{n.total}/ram:AllowanceTotalAmount",
        "charge_total": f"{settlement}/{n.total}/ram:ChargeTotalAmount",
        "seller_vat_id": f"{seller}[@schemeID='VA']",
        "seller_registration": f"{seller}[@schemeID='FC']",
        "seller_other_scheme": f"{seller}[not(@schemeID='VA' or @schemeID='FC')]/@schemeID",
        "representative_vat_id": f"{agreement}/ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration"
        "/ram:ID[@schemeID='VA']",
        "buyer_vat_id": f"{agreement}/ram:BuyerTradeParty/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
        "buyer_legal_id": f"{agreement}/ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID",
        "price_discount_percent": f"{price}/ram:AppliedTradeAllowanceCharge/ram:CalculationPercent",
        "price_discount_base": f"{price}/ram:AppliedTradeAllowanceCharge/ram:BasisAmount",
        "item_description": f"{n.trade}/ram:IncludedSupplyChainTradeLineItem/ram:SpecifiedTradeProduct/ram:Description",
        "payment_means_text": f"{payment}/ram:Information",
        "payment_bic": f"{payment}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID",
    }
    return {name: value for name, path in paths.items() if (value := reading.text(path))}
