"""Extraction held against published documents: what is read must be right; what is not read is only counted."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType, canonical_text
from shared.domain.extraction import extract
from shared.domain.validation import validate
from tests.domain.data import data_folder, pages_of

LANGUAGES = {
    "coolblue1": "nl",
    "coolblue2": "nl",
    "saeco": "nl",
    "NetpresseInvoice": "fr",
    "free_fiber": "fr",
    "QualityHosting": "de",
}
PIECES = [
    "Factura",
    "Total",
    "IVA 21%",
    "Fecha:",
    "Nº",
    "\n",
    " ",
    "12,50",
    "1.234,56 €",
    "03/04/2024",
    "NIF B12345674",
    "ES91",
]


def read(path: Path) -> BusinessRecord:
    return extract(canonical_text(pages_of(path)), DocumentType.INVOICE, LANGUAGES.get(path.stem, "en"))


def compare(pairs: list[tuple[object, object]]) -> tuple[int, int, int]:
    """(right, wrong, not read) of (read, expected)."""
    expected = [(got, want) for got, want in pairs if want is not None]
    right = sum(1 for got, want in expected if got == want)
    missing = sum(1 for got, _ in expected if got is None)
    return right, len(expected) - right - missing, missing


def truths() -> list[tuple[BusinessRecord, dict[str, Any]]]:
    folder = data_folder("invoices", "invoice2data")
    return [
        (read(path.with_suffix(".pdf")), json.loads(path.read_text("utf-8"))[0])
        for path in sorted(folder.glob("*.json"))
    ]


def amount(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def test_what_is_read_of_real_invoices_is_right() -> None:
    found = truths()
    number = compare([(r.number, t["invoice_number"].strip("#") if "invoice_number" in t else None) for r, t in found])
    issued = compare([(r.issue_date, date.fromisoformat(t["date"]) if "date" in t else None) for r, t in found])
    total = compare([(r.total, amount(t.get("amount"))) for r, t in found])
    print("right, wrong, not read:", {"number": number, "date": issued, "total": total})
    assert [number[1], issued[1], total[1]] == [0, 0, 0]
    assert number[0] >= 6
    assert issued[0] >= 8
    assert total[0] >= 9


def test_sums_of_published_statements_are_read() -> None:
    read_movements = 0
    for path in sorted(data_folder("statements", "mt940").glob("**/*.sta")):
        text = path.read_text("latin-1")
        read_movements += len(extract(text, DocumentType.BANK_STATEMENT, "de").transactions)
    assert read_movements == 171  # of 172: one is dated the 30th of February


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(list(DocumentType)[:3]))
def test_whatever_the_text_every_source_lies_within_it(text: str, kind: DocumentType) -> None:
    record = extract(text, kind, "es")
    for name, source in record.sources.items():
        assert source.start is not None
        assert source.end is not None
        assert 0 <= source.start < source.end <= len(text)
        field, *rest = name.split(".")
        value = getattr(record, field)
        part = value[int(rest[0])] if rest else value
        assert (getattr(part, rest[1]) if rest[1:] else part) is not None
        assert 0 < source.confidence <= 1
    assert all(finding.message for finding in validate(record))
