"""Records to break: an invoice of a country that keeps every rule, and what validation says of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain.business import BusinessRecord, LineItem, Tax
from shared.domain.findings import Finding
from shared.domain.validation import validate

TODAY = date(2025, 6, 30)


def invoice(**fields: Any) -> BusinessRecord:
    """1,000 net in two lines, 21 % of Spanish tax; `fields` replace what it says."""
    whole: dict[str, Any] = {
        "kind": "invoice",
        "number": "2025/7",
        "issue_date": date(2025, 3, 1),
        "country": "ES",
        "currency": "EUR",
        "seller_tax_id": "B98602642",
        "lines": (line("900", "2", "450"), line("100", "4", "25")),
        "taxes": (Tax(kind="IVA", rate=Decimal(21), base=Decimal(1000), amount=Decimal(210)),),
        "net": Decimal(1000),
        "tax": Decimal(210),
        "total": Decimal(1210),
    }
    return BusinessRecord.model_validate(whole | fields)


def taxed(percent: str, **fields: Any) -> BusinessRecord:
    """An invoice of 1,000 net with one rate, all of it fitting; of `country`, with no tax numbers."""
    tax = Decimal(10) * Decimal(percent)
    row = {"kind": "VAT", "rate": percent, "base": "1000", "amount": tax} | fields.pop("row", {})
    sums = {"net": Decimal(1000), "tax": tax, "total": 1000 + tax}
    if row.get("withheld"):
        sums = {"net": Decimal(1000), "tax": Decimal(0), "withheld": tax, "total": 1000 - tax}
    numbering = {"AR": "0001-00000123", "PE": "F001-123", "EC": "001-001-000000123"}
    number = numbering.get(fields.get("country", ""), "7")
    return invoice(**{"seller_tax_id": None, "currency": None, "number": number, "taxes": [row], **sums, **fields})


def line(amount: str, quantity: str, price: str, **more: Any) -> LineItem:
    values = {"description": "a", "quantity": quantity, "unit_price": price, "amount": amount}
    return LineItem.model_validate(values | more)


def found(record: BusinessRecord) -> list[Finding]:
    return validate(record, TODAY)


def named(record: BusinessRecord) -> list[tuple[str, str]]:
    """Field and rule of each finding."""
    return [(one.field, one.rule) for one in found(record)]
