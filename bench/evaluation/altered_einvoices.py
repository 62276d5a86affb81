"""Valid e-invoices with one thing altered: are they refused, and for the right field?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.adapters.structured import StructuredReader
from shared.adapters.structured.attachments import attached
from shared.domain.document import PDF, XML
from shared.domain.validation import holding

TITLE = "E-invoices with one thing altered"

# The element (the last one of that name), what is done to it, and the fields that may be blamed: a sum that is wrong
# blames the sum or what it is made of.
ALTERATIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "total": ("GrandTotalAmount", "more", ("total", "due")),
    "amount due": ("DuePayableAmount", "more", ("due",)),
    "sum of taxes": ("TaxTotalAmount", "more", ("tax", "total")),
    "net total": ("TaxBasisTotalAmount", "more", ("net", "total")),
    "tax of a rate": ("CalculatedAmount", "more", ("taxes.", "tax")),
    "base of a rate": ("BasisAmount", "more", ("taxes.",)),
    "amount of a line": ("LineTotalAmount in a line", "more", ("lines.", "line_total", "taxes.")),
    "rate of a tax": ("ApplicablePercent in the taxes", "more", ("taxes.", "lines.")),
    "date": ("DateTimeString", "no day", ("issue_date",)),
    "currency": ("InvoiceCurrencyCode", "no code", ("currency",)),
    "number": ("ID in the document", "gone", ("number",)),
    "seller": ("Name in the seller", "gone", ("seller_name",)),
}


def evaluate(data: Path) -> str:
    """A table by alteration: how many files have the element, how many are refused, and for a field that fits."""
    reader = StructuredReader()
    counts = {name: [0, 0, 0] for name in ALTERATIONS}
    for path in sorted((data / "invoices" / "zugferd").rglob("*.pdf")):
        if "/fail/" in path.as_posix():
            continue
        pdf = path.read_bytes()
        found = asyncio.run(reader.read(pdf, PDF))
        assert found is not None
        assert found.record.origin is not None
        xml = next(one.data for one in attached(pdf).files if one.name == found.record.origin.attachment)
        for name, altered in _altered(xml):
            record = asyncio.run(reader.read(altered, XML))
            assert record is not None
            fields = [finding.field for finding in holding(record.record)]
            counts[name][0] += 1
            counts[name][1] += bool(fields)
            counts[name][2] += any(field.startswith(ALTERATIONS[name][2]) for field in fields)
    rows = [f"| {name} | {' | '.join(map(str, count))} |" for name, count in counts.items()]
    sums = [sum(count[n] for count in counts.values()) for n in range(3)]
    share = 100 * sums[2] / sums[0]
    return "\n".join(
        [
            "| altered | files that have it | refused | for a field that fits |",
            "|---|---|---|---|",
            *rows,
            f"| **all** | {' | '.join(map(str, sums))} ({share:.1f} %) |",
            "",
            "Not refused: MINIMUM does not say what was paid before, and ZUGFeRD's release candidate has gross lines.",
        ]
    )


def _altered(xml: bytes) -> Iterator[tuple[str, bytes]]:
    from lxml import etree

    for name, (element, what, _) in ALTERATIONS.items():
        root = etree.fromstring(xml)
        node = _find(root, element)
        if node is None or not (node.text or "").strip():
            continue
        if what == "more":
            node.text = str(Decimal(node.text.strip()) + 1)
        else:
            node.text = {"no day": "20240230", "no code": "EURO", "gone": ""}[what]
        yield name, etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _find(root: Any, element: str) -> Any:
    """The element by its name and by what stands above it, in either version of the standard."""
    name, _, where = element.partition(" in ")
    found = [one for one in root.iter() if isinstance(one.tag, str) and one.tag.rpartition("}")[2].endswith(name)]
    if where == "the seller":
        found = [one for one in found if "SellerTradeParty" in one.getparent().tag and one.tag.endswith("}Name")]
    elif where == "the document":
        found = [one for one in found if one.getparent().tag.endswith("ExchangedDocument") and one.tag.endswith("}ID")]
    elif name in ("LineTotalAmount", "BasisAmount", "ApplicablePercent"):
        in_lines = [one for one in found if any("LineItem" in str(above.tag) for above in one.iterancestors())]
        found = in_lines if where == "a line" else [one for one in found if one not in in_lines]
        if where != "a line":
            found = [one for one in found if one.getparent().tag.endswith("ApplicableTradeTax")]
        found = [one for one in found if one.tag.endswith(f"}}{name}") or name == "ApplicablePercent"]
    elif name == "DateTimeString":
        found = [one for one in found if one.getparent().tag.endswith("IssueDateTime")][:1]
    elif name == "TaxTotalAmount":
        found = found[:1]
    return found[-1] if found else None
