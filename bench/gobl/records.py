"""GOBL's computed document as a canonical record."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bench.gobl.examples import Plain
from bench.gobl.totals import percent
from shared.domain.business import Adjustment, BusinessRecord, LineItem, Tax


def record_of(document: Plain) -> BusinessRecord:
    """The record. A draft without a number goes by its uuid; the last of several due dates counts."""
    totals = document["totals"]
    terms = ((document.get("payment") or {}).get("terms") or {}).get("due_dates") or []
    fields: dict[str, Any] = {
        "kind": "invoice",
        "number": "-".join(filter(None, (document.get("series"), document.get("code")))) or document["uuid"],
        "issue_date": document["issue_date"],
        "due_date": max((one["date"] for one in terms), default=None),
        "country": document["$regime"],
        "credit": document["type"] == "credit-note",
        "currency": document["currency"],
        "prices_include_tax": (document.get("tax") or {}).get("prices_include") == "VAT",
        "lines": tuple(map(_line, document.get("lines") or [])),
        "adjustments": tuple(_adjustments(document)),
        "taxes": tuple(_taxes(totals)),
        "line_total": totals["sum"],
        "net": totals["total"],
        "tax": totals["tax"],
        "withheld": totals.get("retained_tax"),
        "rounding": totals.get("rounding"),
        "total": totals["payable"],
        "prepaid": totals.get("advance"),
        "due": totals.get("due"),
    }
    return BusinessRecord.model_validate(
        fields | _party(document, "supplier", "seller") | _party(document, "customer", "buyer")
    )


def _party(document: Plain, theirs: str, ours: str) -> Plain:
    party = document.get(theirs) or {}
    tax_id = party.get("tax_id") or {}
    addresses = party.get("addresses") or [{}]
    return {
        f"{ours}_name": party.get("name"),
        f"{ours}_tax_id": tax_id.get("code"),
        f"{ours}_country": tax_id.get("country") or addresses[0].get("country"),
    }


def _line(line: Plain) -> LineItem:
    parts = [(sign, one) for name, sign in (("discounts", 1), ("charges", -1)) for one in line.get(name) or []]
    discount = sum((sign * Decimal(one["amount"]) for sign, one in parts), Decimal(0))
    sales = [percent(tax.get("percent")) for tax in line.get("taxes") or [] if tax["cat"] == "VAT"]
    return LineItem(
        description=line["item"]["name"],
        quantity=Decimal(line["quantity"]),
        unit=line["item"].get("unit"),
        unit_price=Decimal(line["item"]["price"]),
        discount=discount if parts else None,
        amount=Decimal(line["total"]),
        tax_rate=sales[0] if sales else None,
    )


def _adjustments(document: Plain) -> Iterator[Adjustment]:
    for name, charge in (("discounts", False), ("charges", True)):
        for one in document.get(name) or []:
            yield Adjustment(amount=Decimal(one["amount"]), charge=charge, reason=one.get("reason", ""))


def _taxes(totals: Plain) -> Iterator[Tax]:
    for category in (totals.get("taxes") or {}).get("categories") or []:
        withheld = category.get("retained", False)
        for row in category["rates"]:
            base, amount = Decimal(row["base"]), Decimal(row["amount"])
            yield Tax(
                kind=category["code"], rate=percent(row.get("percent")), base=base, amount=amount, withheld=withheld
            )
            if extra := row.get("surcharge"):
                yield Tax(kind="RE", rate=percent(extra["percent"]), base=base, amount=Decimal(extra["amount"]))
