"""Mexican invoices: the totals in the CFDI's XML against the document that it was made of."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.adapters.structured import StructuredReader
from shared.domain.business import BusinessRecord
from shared.domain.document import XML
from shared.domain.validation import holding

TITLE = "CFDI 4.0"

COLUMNS = ("kind", "currency", "net", "tax", "withheld", "total")


def evaluate(data: Path) -> str:
    """A table of equal values, and the files in which one differs."""
    folder = data / "invoices" / "gobl" / "mx-cfdi"
    pairs = [
        (path, folder / "convert" / "in" / f"{path.stem}.json") for path in (folder / "convert" / "out").glob("*.xml")
    ]
    pairs += [
        (path, folder / "parse" / "out" / f"{path.stem}.json") for path in (folder / "parse" / "in").glob("*.xml")
    ]
    reader = StructuredReader()
    right, there = dict.fromkeys(COLUMNS, 0), dict.fromkeys(COLUMNS, 0)
    different, accepted, invoices = [], 0, 0
    for path, source in sorted(pairs):
        found = asyncio.run(reader.read(path.read_bytes(), XML))
        assert found is not None
        expected = _expected(json.loads(source.read_text())["doc"])
        if found.record.kind == "invoice":
            invoices += 1
            accepted += not holding(found.record)
        for name, value in expected.items():
            got = _got(found.record, name)
            there[name] += 1
            right[name] += got == value
            if got != value:
                different.append(f"| {path.stem} | {name} | {got} | {value} |")
    counts = [f"{right[name]} / {there[name]}" for name in COLUMNS]
    return "\n".join(
        [
            f"| files | {' | '.join(COLUMNS)} | accepted by the rules |",
            "|---" * (len(COLUMNS) + 2) + "|",
            f"| {len(pairs)} | {' | '.join(counts)} | {accepted} / {invoices} |",
            "",
            "Different (IEPS is a tax in the XML and a charge on the price in its source; one source sums unrounded):",
            "",
            "| file | field | in the XML | in its source |",
            "|---|---|---|---|",
            *different,
        ]
    )


def _expected(doc: dict[str, Any]) -> dict[str, Any]:
    totals = doc.get("totals", {})
    is_invoice = doc["$schema"].endswith("invoice")
    expected: dict[str, Any] = {
        "kind": ("invoice", doc.get("type") == "credit-note") if is_invoice else ("other", False),
        "currency": doc["currency"],
        "total": Decimal(totals.get("payable") or totals.get("total_with_tax") or doc["total"]),
    }
    for name, key in (("net", "total"), ("tax", "tax"), ("withheld", "retained_tax")):
        if key in totals:
            expected[name] = Decimal(totals[key])
    return expected


def _got(record: BusinessRecord, name: str) -> Any:
    return (record.kind.value, record.credit) if name == "kind" else getattr(record, name)
