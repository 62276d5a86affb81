"""Structured data first: what a document says as data is its record, and its pages are held against it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain.business import BusinessRecord, Fault, Origin, Source
from shared.domain.document import PDF, DocumentType
from shared.ports import StructuredRecord
from tests.steps.conftest import Import
from tests.steps.test_business_corpus import INVOICE
from tests.support.database import Study
from tests.support.fakes import Fakes

FIELDS: dict[str, Any] = {
    "number": "F-2026-014", "issue_date": date(2026, 3, 1), "net": Decimal("100.00"), "tax": Decimal("21.00"),
    "total": Decimal("121.00"), "currency": "EUR",
}  # fmt: skip


def data(origin: Origin | None = None, **fields: Any) -> StructuredRecord:
    values = FIELDS | fields
    sources = {name: Source(path=f"/{name}", reader="structured", confidence=1.0) for name in values}
    origin = origin or Origin(syntax="facturae")
    record = BusinessRecord(kind=DocumentType.INVOICE, sources=sources, origin=origin, **values)
    return StructuredRecord(record, "facturae")


async def stored(study: Study, document: Import) -> dict[str, Any]:
    async with study.tenant() as tx:
        found = await tx.records.get(document.document_id)
    assert found is not None
    return dict(found)


async def of_pdf(study: Study, outside: Fakes, text: str, found: StructuredRecord | None) -> Import:
    outside.reader.media_type, outside.data.found = PDF, found
    return await Import.of(study, outside, text)


async def test_a_document_with_data_is_classified_for_certain(study: Study, outside: Fakes) -> None:
    document = await of_pdf(study, outside, "Nothing here speaks of an invoice.", data())
    outcome = await document.until("classify_document")
    assert (outcome["type"], outcome["confidence"], outcome["signs"]) == ("invoice", 1.0, ["data in facturae"])


async def test_the_record_is_that_of_the_data_and_is_published(study: Study, outside: Fakes) -> None:
    document = await of_pdf(study, outside, INVOICE, data(seller_name="Del XML"))
    assert await document.until("publish_document") == {"status": "done", "to": "invoice"}
    record = (await stored(study, document))["record"]
    assert record["seller_name"] == "Del XML"
    assert record["sources"]["total"] == {
        **{"start": None, "end": None, "page": None, "box": None},
        **{"path": "/total", "reader": "structured", "confidence": 1.0},
    }


async def test_what_the_pages_say_otherwise_is_less_sure_and_said(study: Study, outside: Fakes) -> None:
    document = await of_pdf(study, outside, INVOICE, data(total=Decimal("1121.00"), net=Decimal("1100.00")))
    await document.until("extract_record")
    sources = (await stored(study, document))["record"]["sources"]
    assert (sources["total"]["confidence"], sources["number"]["confidence"]) == (0.5, 1.0)
    assert any("1121.00 for total" in warning for warning in (await document.row()).warnings)


async def test_pages_without_text_contradict_nothing(study: Study, outside: Fakes) -> None:
    document = await of_pdf(study, outside, "Scan", data(total=Decimal("9.00"), net=None, tax=None))
    await document.until("extract_record")
    assert (await stored(study, document))["record"]["sources"]["total"]["confidence"] == 1.0


async def test_data_that_cannot_be_read_leave_the_pages_and_hold_the_record(study: Study, outside: Fakes) -> None:
    fault = Fault(field="attachment", value="factur-x.xml", rule="embedded_xml", message="It cannot be read.")
    record = BusinessRecord(kind=DocumentType.INVOICE, origin=Origin(syntax="", faults=(fault,)))
    document = await of_pdf(study, outside, INVOICE, StructuredRecord(record, ""))
    assert await document.until("validate_record") == {"status": "ended", "reason": "needs_review"}
    found = await stored(study, document)
    assert found["record"]["number"] == "F-2026-014"
    assert [finding["rule"] for finding in found["findings"]] == ["embedded_xml"]


async def test_an_iban_that_does_not_check_is_less_sure_in_a_european_invoice(study: Study, outside: Fakes) -> None:
    document = await of_pdf(study, outside, INVOICE, data(Origin(syntax="cii"), iban="DE00370400440532013000"))
    await document.until("extract_record")
    assert (await stored(study, document))["record"]["sources"]["iban"]["confidence"] == 0.5
    assert any("check digits" in warning for warning in (await document.row()).warnings)


async def test_a_text_is_never_asked_for_data(study: Study, outside: Fakes) -> None:
    outside.data.found = data(number="never")
    document = await Import.of(study, outside, INVOICE)
    await document.until("extract_record")
    assert (await stored(study, document))["record"]["origin"] is None
