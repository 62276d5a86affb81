"""E-invoices inside PDFs: which are accepted, what is found wrong in the others, and fields against the XML itself."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.adapters.reading import FileReader
from shared.adapters.structured import StructuredReader
from shared.adapters.structured.attachments import attached
from shared.domain.agreement import not_on_pages
from shared.domain.business import BusinessRecord
from shared.domain.document import PDF, Page
from shared.domain.findings import Finding
from shared.domain.validation import holding
from shared.ports import PageImage

TITLE = "E-invoices"

# What is wrong with each file was worked out by reading it beside its valid twins; any one of the rules names it.
EXPECTED = {
    "fail1.pdf": (
        "no currency, date of format 1020, rate 19.00e, lines make 496.20",
        {"BR-05", "date_format", "number"},
    ),
    "fail3.pdf": ("guideline of an order, no kind of paper, date without format", {"known_guideline", "BR-04"}),
    "Avoir_FR_type380_BASIC.pdf": ("negative invoice; its valid twin is kind 381", {"invoice_below_zero"}),
    "Facture_FR_EN16931.pdf": (
        "percentage and base in a price's discount; its valid twin has none",
        {"profile_element"},
    ),
    "MustangRE-20171118_506_ZUGFeRD1and2.pdf": ("two invoices in one PDF", {"one_invoice"}),
    "factur-x-invalid-xml-encoding-attribute.pdf": ("encoding UTF-8-W/O-BOM", {"xml_encoding"}),
    "ZUGFeRD_2.0_fully_compliant_complete.pdf": ("VAT number under scheme VAT, not VA", {"BR-S-02"}),
    "python-factur-x.pdf": ("profile BASIC with elements of EN 16931", {"profile_element"}),
}
# Fields by the element's name, wherever it stands: another way to them than the tables of the reader.
FIELDS = {
    "number": "ExchangedDocument/ID",
    "issue_date": "IssueDateTime/DateTimeString",
    "currency": "InvoiceCurrencyCode",
    "seller_name": "SellerTradeParty/Name",
    "net": "TaxBasisTotalAmount",
    "tax": "TaxTotalAmount",
    "total": "GrandTotalAmount",
    "due": "DuePayableAmount",
}


def evaluate(data: Path) -> str:
    """Tables of verdicts and of fields."""
    reader = StructuredReader()
    accepted, valid, named, failing = 0, 0, 0, []
    refused: list[str] = []
    otherwise: list[str] = []
    right = dict.fromkeys(FIELDS, 0)
    there = dict.fromkeys(FIELDS, 0)
    for path in sorted((data / "invoices" / "zugferd").rglob("*.pdf")):
        pdf = path.read_bytes()
        found = asyncio.run(reader.read(pdf, PDF))
        findings = holding(found.record) if found else []
        if "/fail/" in path.as_posix():
            what, rules = EXPECTED[path.name]
            is_named = any(finding.rule in rules for finding in findings)
            named += is_named
            failing.append(f"| {path.name} | {what} | {_shown(findings)} | {'yes' if is_named else 'no'} |")
        else:
            valid += 1
            accepted += found is not None and not findings
            refused += [] if found and not findings else [f"{path.name}: {_shown(findings)}"]
        if found:
            _compare(found.record, pdf, right, there)
            unsaid = asyncio.run(_unsaid(found.record, pdf))
            otherwise += [f"{path.name} ({', '.join(sorted(unsaid))})"] if unsaid else []
    fields = " ".join(f"| {right[name]} / {there[name]}" for name in FIELDS) + " |"
    return "\n".join(
        [
            f"Accepted: {accepted} of {valid} valid ones. Named: {named} of {len(failing)} failing ones. The rules "
            "were written with these files at hand: expect less of faults that are not among them.",
            *(f"Refused although valid: {one}." for one in refused),
            "",
            "| failing file | what is wrong with it | found | named |",
            "|---|---|---|---|",
            *failing,
            "",
            "Fields of all 33 equal to the XML's elements, looked up by their names alone:",
            "",
            "| " + " | ".join(FIELDS) + " |",
            "|---" * len(FIELDS) + "|",
            fields,
            "",
            f"Pages that do not say number, date or total as the XML inside them does: {len(otherwise)} of 33, "
            f"{', '.join(otherwise)}. Looked at one by one, these pages show another invoice or other amounts.",
        ]
    )


class _NoOcr:
    """All of these pages have a text layer."""

    name = "none"

    async def read(self, image: PageImage, number: int) -> Page:
        return Page(number, "", "ocr")


async def _unsaid(record: BusinessRecord, pdf: bytes) -> set[str]:
    reader = FileReader(_NoOcr())
    inspection = await reader.inspect(pdf, "a.pdf")
    pages = await reader.read_pages(pdf, PDF, 1, inspection.page_count)
    return not_on_pages(record, "\f".join(page.text for page in pages), "de")


def _shown(findings: list[Finding]) -> str:
    return "; ".join(f"{one.field} {one.value!r}: {one.rule}" for one in findings) or "no fault found"


def _compare(record: BusinessRecord, pdf: bytes, right: dict[str, int], there: dict[str, int]) -> None:
    name = record.origin.attachment if record.origin else ""
    xml = next(file.data for file in attached(pdf).files if file.name == name)
    for field, path in FIELDS.items():
        written = _written(xml, path)
        if written:
            there[field] += 1
            right[field] += _same(getattr(record, field), written)


def _written(xml: bytes, path: str) -> str:
    """The text of the last element whose name ends the path, below one whose name ends with what stands before."""
    from lxml import etree

    root = etree.fromstring(xml[xml.index(b"?>") + 2 :])
    above, _, name = path.rpartition("/")
    found = ""
    for element in root.iter(f"{{*}}{name}"):
        parent = etree.QName(element.getparent()).localname if element.getparent() is not None else ""
        if above and not parent.endswith(above):
            continue
        if name == "TaxTotalAmount" and found:
            continue  # the second is in another currency
        found = (element.text or "").strip()
        if above:
            break
    return found


def _same(value: Any, written: str) -> bool:
    if isinstance(value, Decimal):
        return value == Decimal(written)
    if value is None:
        return False
    if isinstance(value, date):
        return f"{value:%Y%m%d}" == written
    return bool(" ".join(written.split()) == value)
