"""What the XML inside an e-invoice (CII: ZUGFeRD 1 and 2, Factur-X, XRechnung) says, as a record to compare with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from shared.domain.business import BusinessRecord, LineItem, Tax
from shared.domain.document import DocumentType

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_AMOUNTS = {
    "line_total": "LineTotalAmount",
    "net": "TaxBasisTotalAmount",
    "tax": "TaxTotalAmount",
    "total": "GrandTotalAmount",
    "prepaid": "TotalPrepaidAmount",
    "due": "DuePayableAmount",
}


def truth(pdf: Path) -> BusinessRecord:
    """The record in the invoice that is attached to the file."""
    root = _root(pdf)
    header, settlement = _one(root, "ExchangedDocument", "HeaderExchangedDocument"), _settlement(root)
    summation = _one(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    seller, buyer = _one(root, "SellerTradeParty"), _one(root, "BuyerTradeParty")
    terms = [_day(node) for node in _every(settlement, "DueDateDateTime")]
    return BusinessRecord(
        kind=DocumentType.INVOICE,
        number=_child(header, "ID"),
        issue_date=_day(_one(header, "IssueDateTime")),
        due_date=max((day for day in terms if day), default=None),
        currency=_text(_one(settlement, "InvoiceCurrencyCode")),
        seller_name=_child(seller, "Name"),
        buyer_name=_child(buyer, "Name"),
        seller_tax_id=_vat_id(seller),
        iban=(_text(_one(settlement, "IBANID")) or "").replace(" ", "") or None,
        taxes=tuple(_tax(node) for node in settlement if node.tag.endswith("}ApplicableTradeTax")),
        lines=tuple(_line(node) for node in _every(root, "IncludedSupplyChainTradeLineItem")),
        **{field: _number(_one(summation, tag)) for field, tag in _AMOUNTS.items()},
    )


def _root(pdf: Path) -> Any:
    import pypdfium2
    from lxml import etree

    with pypdfium2.PdfDocument(pdf) as document:
        files = [document.get_attachment(index) for index in range(document.count_attachments())]
        xml = next(bytes(file.get_data()) for file in files if file.get_name().lower() in NAMES)
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _settlement(root: Any) -> Any:
    return _one(root, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")


def _every(node: Any, name: str) -> list[Any]:
    return [] if node is None else [child for child in node.iter() if str(child.tag).endswith(f"}}{name}")]


def _one(node: Any, *names: str) -> Any:
    """The first descendant with one of the names, whatever its namespace; None when there is none."""
    return next((found for name in names for found in _every(node, name)), None)


def _child(node: Any, name: str) -> str | None:
    """The text of a direct child: parties hold contacts that have names too."""
    return None if node is None else next((_text(c) for c in node if str(c.tag).endswith(f"}}{name}")), None)


def _text(node: Any) -> str | None:
    return None if node is None or node.text is None else " ".join(node.text.split()) or None


def _number(node: Any) -> Decimal | None:
    try:
        return Decimal(_text(node) or "")
    except InvalidOperation:
        return None


def _day(node: Any) -> date | None:
    text = _text(_one(node, "DateTimeString")) or ""
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text[:8].isdigit() else None


def _vat_id(party: Any) -> str | None:
    ids = [node for node in _every(party, "ID") if node.get("schemeID") == "VA"]
    return _text(ids[0]) if ids else None


def _tax(node: Any) -> Tax:
    return Tax(
        rate=_number(_one(node, "RateApplicablePercent", "ApplicablePercent")),
        base=_number(_one(node, "BasisAmount")),
        amount=_number(_one(node, "CalculatedAmount")),
    )


def _line(node: Any) -> LineItem:
    settlement = _one(node, "SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
    return LineItem(
        description=_text(_one(_one(node, "SpecifiedTradeProduct"), "Name")) or "",
        quantity=_number(_one(node, "BilledQuantity")),
        amount=_number(_one(settlement, "LineTotalAmount")),
    )
