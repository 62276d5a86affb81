"""Viruses: found, not found, not looked for; none of it in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.document import INFECTED, NOT_SCANNED, Document, Scan, original_path
from shared.domain.errors import Infected, ScannerUnavailable, TimedOut
from shared.domain.runs import PagesJob
from shared.steps.intake import preprocess_document, register_document
from shared.steps.originals import load_original
from shared.steps.outcomes import Outcome
from shared.steps.reading import load_page, load_text, read_pages
from tests.steps.conftest import Import
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes

VIRUS = Scan(INFECTED, "Eicar-Test-Signature", "ClamAV 1.4")
TOO_LARGE = Scan(NOT_SCANNED, engine="ClamAV 1.4", reason="The file is larger than the virus scanner takes.")


async def without_scanner(document: Import, *, scan_all: bool) -> Outcome:
    ports = document.outside.ports
    blind = replace(ports, scanner=None, limits=replace(ports.limits, scan_all=scan_all))
    return await preprocess_document(PagesJob(*document.ids, 1, 1), blind)


async def test_a_clean_file_goes_on_and_the_scan_is_on_record(document: Import) -> None:
    assert (await document.step("preprocess_document"))["status"] == "done"
    scan = (await document.row()).scan or {}
    assert (scan["verdict"], scan["engine"]) == ("clean", "scripted 1")
    assert scan["at"]
    assert not any("scanned" in warning for warning in (await document.row()).warnings)


async def test_an_infected_file_is_rejected_by_the_virus_s_name_and_never_opened(document: Import) -> None:
    document.outside.scanner.verdict = VIRUS
    assert await document.step("preprocess_document") == {"status": "ended", "reason": "infected"}
    row = await document.row()
    assert (row.status, row.error_code, row.is_infected) == ("rejected", "infected", True)
    assert "Eicar-Test-Signature" in (row.error_message or "")
    assert document.outside.reader.inspections == 0


async def test_an_infected_file_is_kept_and_not_handed_out(document: Import) -> None:
    await document.until("assemble_text")
    async with document.study.tenant() as tx:
        await tx.documents.scanned(document.document_id, VIRUS)
    row, ports = await document.row(), document.outside.ports
    for asked in (load_original(row, ports), load_text(row, ports), load_page(row, 1, ports)):
        with pytest.raises(Infected):
            await asked
    assert await ports.blobs.exists("documents", original_path(row.tenant_id, row.document_id))


async def test_a_file_that_is_found_infected_later_is_not_read_further(document: Import) -> None:
    await document.until("preprocess_document")
    async with document.study.tenant() as tx:
        await tx.documents.scanned(document.document_id, VIRUS)
    outcome = await read_pages(PagesJob(*document.ids, 1, 2), document.outside.ports)
    assert outcome == {"status": "ended", "reason": "infected"}


@pytest.mark.parametrize("error", [ScannerUnavailable(), TimedOut("Slow.")])
@pytest.mark.parametrize("scan_all", [True, False])
async def test_a_scanner_that_does_not_answer_is_waited_for(
    study: Study, error: ScannerUnavailable | TimedOut, scan_all: bool
) -> None:
    document = await Import.of(study, fakes(study.database, scan_all=scan_all), "Hola")
    document.outside.scanner.error = error
    outcome = await document.step("preprocess_document")
    assert (outcome["status"], outcome["error"]) == ("retry", error.code)
    assert document.outside.reader.inspections == 0
    document.outside.scanner.error = None
    assert (await document.step("preprocess_document"))["status"] == "done"


async def test_without_a_scanner_a_file_is_taken_and_marked(document: Import) -> None:
    assert (await without_scanner(document, scan_all=False))["status"] == "done"
    row = await document.row()
    assert (row.scan or {})["verdict"] == "not_scanned"
    assert "The file was not scanned for viruses. No virus scanner is configured." in row.warnings


async def test_without_a_scanner_a_file_waits_where_all_must_be_scanned(document: Import) -> None:
    outcome = await without_scanner(document, scan_all=True)
    assert (outcome["status"], outcome["error"]) == ("retry", "scanner_unavailable")
    assert document.outside.reader.inspections == 0


@pytest.mark.parametrize(("scan_all", "status"), [(False, "done"), (True, "ended")])
async def test_a_file_that_the_scanner_cannot_take_is_marked_or_refused(
    study: Study, scan_all: bool, status: str
) -> None:
    document = await Import.of(study, fakes(study.database, scan_all=scan_all), "Hola")
    document.outside.scanner.verdict = TOO_LARGE
    outcome = await document.step("preprocess_document")
    row = await document.row()
    assert outcome["status"] == status
    assert row.error_code == ("not_scannable" if scan_all else None)
    assert ("The file was not scanned for viruses. " + (TOO_LARGE.reason or "") in row.warnings) is not scan_all


async def test_a_rejected_file_is_scanned_again_when_it_comes_again(study: Study, outside: Fakes) -> None:
    outside.scanner.verdict = VIRUS
    document = await Import.of(study, outside, "Hola")
    await document.step("preprocess_document")
    outside.scanner.verdict = Scan("clean")
    again: Document
    again, new = await register_document(study.tenant_id, study.project_id, "a.txt", b"Hola", outside.ports)
    assert (again.document_id, again.status, again.attempt, new) == (document.document_id, "pending", 1, False)
    await document.until("embed_document")
    assert ((await document.row()).status, (await document.row()).is_infected) == ("completed", False)
