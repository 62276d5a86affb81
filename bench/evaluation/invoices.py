"""Invoices of two public sets, field by field: expected, right, wrong, missing. Fields that stay numbers only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.evaluation import _engines
from bench.evaluation._compare import Tally, pairs
from bench.evaluation._languages import language_of
from shared.domain.business import BusinessRecord
from shared.domain.company_words import COMPANY
from shared.domain.document import DocumentType
from shared.domain.extraction import extract

TITLE = "Invoices of two public sets, field by field"
Truth = dict[str, Any]


def evaluate(data: Path) -> str:
    """A table a set, read by the product's reader. Counts only: some of the invoices name real people."""
    azure, others = Tally(), Tally()
    for path in sorted((data / "invoices" / "azure" / "invoices").glob("*.pdf")):
        record, truth = _read(path), json.loads(path.with_suffix(".json").read_text("utf-8"))
        _add_azure(azure, record, truth.get("0_expected") or truth["expected"])
    for path in sorted((data / "invoices" / "invoice2data").glob("*.pdf")):
        _add_invoice2data(others, _read(path), json.loads(path.with_suffix(".json").read_text("utf-8"))[0])
    return (
        f"azure: three invoices (the insurance policy of the set is no invoice).\n\n{azure.table()}\n\n"
        f"invoice2data: eleven invoices and bills in Dutch, French, German and English.\n\n{others.table()}"
    )


def _read(path: Path) -> BusinessRecord:
    print(f"  {path.name}", flush=True)
    pages = asyncio.run(_engines.document(path.read_bytes(), path.name))
    return extract(pages, DocumentType.INVOICE, language_of(pages))


def _add_azure(tally: Tally, record: BusinessRecord, truth: Truth) -> None:
    for name, read, true in (
        ("number", record.number, truth.get("invoice_id")),
        ("issue date", record.issue_date, _day(truth.get("invoice_date"))),
        ("due date", record.due_date, _day(truth.get("due_date"))),
        ("seller", record.seller_name, truth.get("vendor_name")),
        ("seller, legal form aside", _brand(record.seller_name), _brand(truth.get("vendor_name"))),
        ("seller tax id", record.seller_tax_id, truth.get("vendor_tax_id")),
        ("buyer", record.buyer_name, truth.get("customer_name")),
        ("buyer tax id", record.buyer_tax_id, truth.get("customer_tax_id")),
        ("buyer postcode in address", *_postcode(record.buyer_address, truth.get("customer_address"))),
        ("net", record.net, _money(truth.get("subtotal"))),
        ("tax", record.tax, _money(truth.get("total_tax"))),
        ("total", record.total, _money(truth.get("invoice_total"))),
        ("currency", record.currency, (truth.get("invoice_total") or {}).get("currency_code")),
    ):
        tally.add(name, read, true)
    items = truth.get("items") or []
    _add_lines(tally, record, items, lambda item: _money(item.get("total")), lambda item: _number(item.get("quantity")))


def _add_invoice2data(tally: Tally, record: BusinessRecord, truth: Truth) -> None:
    for name, read, true in (
        ("number", record.number, truth.get("invoice_number", "").strip("#") or None),
        ("issue date", record.issue_date, _day(truth.get("date"))),
        ("due date", record.due_date, _day(truth.get("date_due"))),
        ("seller", record.seller_name, truth.get("issuer")),
        ("seller, legal form aside", _brand(record.seller_name), _brand(truth.get("issuer"))),
        ("seller tax id", record.seller_tax_id, truth.get("vat")),
        ("net", record.net, _number(truth.get("amount_untaxed"))),
        ("tax", record.tax, _number(truth.get("amount_tax"))),
        ("total", record.total, _number(truth.get("amount"))),
        ("currency", record.currency, truth.get("currency")),
        ("IBAN", record.iban, truth.get("iban")),
    ):
        tally.add(name, read, true)
    items = [line for line in truth.get("lines", []) if "price_subtotal" in line]
    _add_lines(tally, record, items, lambda i: _number(i["price_subtotal"]), lambda i: _number(i.get("qty")))


def _add_lines(
    tally: Tally,
    record: BusinessRecord,
    items: list[Truth],
    amount: Callable[[Truth], Decimal | None],
    quantity: Callable[[Truth], Decimal | None],
) -> None:
    for name, values, truths in (
        ("line: amount", [line.amount for line in record.lines], [amount(item) for item in items]),
        ("line: quantity", [line.quantity for line in record.lines], [quantity(item) for item in items]),
    ):
        for read, true in pairs(_known(values), _known(truths)):
            tally.add(name, read, true)


def _brand(name: str | None) -> str | None:
    """The name without its legal form: the sets expect the brand, the rules keep what the law calls a company."""
    return COMPANY.sub("", name).strip(" ,") if name else None


def _known(values: list[Decimal | None]) -> Iterator[Decimal]:
    return (value for value in values if value is not None)


def _postcode(address: str | None, true: Truth | None) -> tuple[str | None, str | None]:
    """The address is structured in the truth; its postcode shows whether the right place was read."""
    code = (true or {}).get("postal_code")
    return (code if address and code and code in address else address), code


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _money(value: Truth | None) -> Decimal | None:
    return _number((value or {}).get("amount"))


def _number(value: float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))
