"""People correct and accept; the import goes on, and nothing that they said is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.domain.document import COMPLETED, NEEDS_REVIEW
from shared.domain.errors import Conflict, UnknownFinding, VersionMismatch
from shared.steps.corrections import Changed, accept_findings, correct_record
from tests.steps.conftest import WAY, Import
from tests.steps.test_business_corpus import INVOICE
from tests.support.database import Study
from tests.support.fakes import Fakes

WRONG = INVOICE.replace("121,00", "150,00")


async def imported(study: Study, outside: Fakes, text: str = WRONG) -> Import:
    document = await Import.of(study, outside, text)
    await document.until("embed_document")
    return document


async def correct(document: Import, patch: dict[str, Any], version: int | None = None, by: str = "ana") -> Changed:
    return await correct_record(await document.row(), patch, by, version, document.outside.ports)


async def go_on(document: Import) -> str:
    """Every activity, as after a restart; gives the status at the end."""
    resume = (await document.row()).resume_stage
    first = {"extract": "extract_record", "validate": "validate_record"}[str(resume)]
    names = list(WAY)
    for name in names[names.index(first) :]:
        if (await document.step(name))["status"] != "done":
            break
    return (await document.row()).status


async def record(document: Import) -> dict[str, Any]:
    async with document.study.tenant() as tx:
        stored = await tx.records.get(document.document_id)
    assert stored is not None
    return stored


async def rows(document: Import, query: str) -> list[dict[str, Any]]:
    async with document.study.database.tenant_connection(document.study.tenant_id) as db:
        return [dict(row) for row in await db.fetch(query)]


async def test_a_corrected_record_is_checked_again_and_published(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    changed = await correct(document, {"total": "121.00"})
    row = changed.document
    assert (row.status, row.progress, row.attempt, row.resume_stage) == ("pending", 0, 1, "validate")
    assert await go_on(document) == COMPLETED
    [invoice] = await rows(document, "select total from invoices")
    assert invoice["total"] == 121
    stored = await record(document)
    assert (stored["findings"], stored["version"]) == ([], 2)
    source = stored["record"]["sources"]["total"]
    assert (source["reader"], source["confidence"]) == ("person", 1)


async def test_who_corrected_what_is_on_record_and_the_same_correction_twice_is_one(
    study: Study, outside: Fakes
) -> None:
    document = await imported(study, outside)
    for _ in range(2):
        await correct(document, {"total": "121.0", "buyer_name": "Librería Ana SL"}, by="eva")
        assert await go_on(document) == COMPLETED
    async with study.tenant() as tx:
        [one] = await tx.records.corrections(document.document_id)
    assert (one.field, one.old, one.new, one.by, one.version) == ("total", "150.00", "121.0", "eva", 2)
    assert (await document.row()).attempt == 1


async def test_a_correction_that_still_breaks_a_rule_goes_back_to_a_person(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    await correct(document, {"total": "122.00"})
    assert await go_on(document) == NEEDS_REVIEW
    [finding] = (await record(document))["findings"]
    assert (finding["rule"], finding["value"]) == ("net_plus_tax", "122.00")


async def test_a_published_record_that_a_correction_breaks_leaves_the_table(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside, INVOICE)
    assert len(await rows(document, "select 1 from invoices")) == 1
    await correct(document, {"total": "122.00"})
    assert await go_on(document) == NEEDS_REVIEW
    assert await rows(document, "select 1 from invoices") == []
    assert (await record(document))["published_at"] is None


async def test_corrections_are_not_lost_when_the_record_is_extracted_again(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    await correct(document, {"number": "F-9", "total": "121.00", "lines": [{"description": "Papel", "amount": "100"}]})
    await go_on(document)
    await correct(document, {"kind": "receipt"})
    assert (await document.row()).type == "receipt"
    assert await go_on(document) == COMPLETED
    assert await rows(document, "select 1 from invoices") == []
    [expense] = await rows(document, "select number, total from expenses")
    assert (expense["number"], expense["total"]) == ("F-9", 121)
    assert len(await rows(document, "select 1 from invoice_lines")) == 1
    sources = (await record(document))["record"]["sources"]
    assert {sources[name]["reader"] for name in ("number", "total", "lines", "kind")} == {"person"}


async def test_what_was_taken_for_something_else_becomes_an_invoice_and_back(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside, "Nota\nSin más datos.")
    assert (await document.row()).type == "other"
    with pytest.raises(Conflict, match="kind"):
        await correct(document, {"total": "5"})
    values = {"kind": "invoice", "number": "1", "issue_date": "2026-01-02", "total": "5", "seller_name": "Ana"}
    await correct(document, values)
    assert await go_on(document) == COMPLETED
    assert len(await rows(document, "select 1 from invoices")) == 1
    await correct(document, {"kind": "other"})
    assert await go_on(document) == COMPLETED
    assert await rows(document, "select 1 from invoices") == []
    assert await rows(document, "select 1 from record_claims") == []


async def test_of_two_people_who_have_seen_the_same_version_one_is_told(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    results = await asyncio.gather(
        correct(document, {"total": "121.00"}, 1), correct(document, {"net": "128.57"}, 1), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, VersionMismatch | Conflict)]
    assert len(refused) == 1
    await go_on(document)
    with pytest.raises(VersionMismatch):
        await correct(document, {"number": "other"}, 1)


async def test_a_record_cannot_be_changed_while_its_document_is_being_imported(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    await correct(document, {"total": "121.00"})
    with pytest.raises(Conflict):
        await correct(document, {"total": "122.00"})
    again = await correct(document, {"total": "121"})
    assert not again.anything


async def test_a_rejected_document_cannot_be_corrected(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, INVOICE)
    async with study.tenant() as tx:
        await tx.documents.end(document.document_id, "preprocess", "rejected", "damaged", "Damaged.")
    with pytest.raises(Conflict):
        await correct(document, {"kind": "invoice", "number": "1"})


async def test_an_accepted_finding_lets_the_record_pass_until_the_record_changes(study: Study, outside: Fakes) -> None:
    document, ports = await imported(study, outside), outside.ports
    named = [("total", "net_plus_tax")]
    for _ in range(2):
        await accept_findings(await document.row(), named, "Rounded by the seller.", "eva", None, ports)
        assert await go_on(document) == COMPLETED
    [finding] = (await record(document))["findings"]
    assert finding["waived"] == {"by": "eva", "reason": "Rounded by the seller."}
    assert len(await rows(document, "select 1 from record_waivers")) == 1
    [invoice] = await rows(document, "select total from invoices")
    assert invoice["total"] == 150
    await correct(document, {"total": "151.00"})
    assert await go_on(document) == NEEDS_REVIEW


async def test_only_findings_that_are_there_can_be_accepted(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    with pytest.raises(UnknownFinding, match=r"total \(iso_4217\)"):
        await accept_findings(await document.row(), [("total", "iso_4217")], "Why.", "eva", None, outside.ports)
    with pytest.raises(VersionMismatch):
        await accept_findings(await document.row(), [("total", "net_plus_tax")], "Why.", "eva", 7, outside.ports)


async def test_the_same_invoice_from_other_bytes_waits_and_names_the_first(study: Study, outside: Fakes) -> None:
    first = await imported(study, outside, INVOICE)
    second = await imported(study, outside, INVOICE.replace("Cliente", "\nCliente"))
    assert ((await first.row()).status, (await second.row()).status) == (COMPLETED, NEEDS_REVIEW)
    [finding] = (await record(second))["findings"]
    assert (finding["rule"], finding["document_id"]) == ("duplicate", first.document_id)
    assert first.document_id in finding["message"]
    await accept_findings(await second.row(), [("number", "duplicate")], "Another order.", "ana", None, outside.ports)
    assert await go_on(second) == COMPLETED
    assert len(await rows(first, "select 1 from invoices")) == 2


async def test_of_two_copies_at_once_exactly_one_is_the_duplicate(study: Study, outside: Fakes) -> None:
    copies = [await Import.of(study, outside, INVOICE + "\n" * n) for n in range(2)]
    for copy in copies:
        outside.reader.texts = [INVOICE]
        await copy.until("extract_record")
    await asyncio.gather(*(copy.step("validate_record") for copy in copies))
    statuses = sorted([(await copy.row()).status for copy in copies])
    assert statuses == [NEEDS_REVIEW, "validated"]


async def test_a_correction_whose_start_was_lost_is_seen_by_housekeeping(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    await correct(document, {"total": "121.00"})
    waiting = {row["document_id"]: row for row in await study.database.waiting_documents(-1, 10_000)}
    assert waiting[document.document_id]["attempt"] == 1


async def test_a_late_activity_of_the_import_before_does_not_undo_a_correction(study: Study, outside: Fakes) -> None:
    document = await imported(study, outside)
    before = await record(document)
    await correct(document, {"total": "121.00"})
    await document.step("extract_record")
    assert (await record(document))["record"]["total"] == "121.00"
    assert before["record"]["total"] == "150.00"
