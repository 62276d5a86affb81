"""A document that was read in part comes again: its missing pages are read, and what follows from them is made anew."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.domain.batches import Correction, Selection
from shared.domain.codebook import PassageCoding
from shared.domain.document import Document
from shared.steps import batches
from shared.steps.corrections import correct_record
from shared.steps.intake import register_document, restart_document
from shared.steps.reading import load_text
from tests.steps.conftest import WAY, Import
from tests.steps.test_batches import new_batch, who
from tests.steps.test_business_corpus import INVOICE
from tests.support.database import Study
from tests.support.fakes import Fakes, said

FAINT = "The scan is too faint."
TALK = ["Nadie me avisó del cambio.", "Me enfadé mucho aquel día.", "Y luego lo arreglamos entre todas."]


async def read_in_part(study: Study, outside: Fakes, *pages: str) -> Import:
    """A document that has ended without its second page."""
    outside.reader.problems = {2: FAINT}
    document = await Import.of(study, outside, *(pages or TALK))
    await document.until("embed_document")
    assert f"Page 2: {FAINT}" in (await document.row()).warnings
    outside.reader.asked.clear()
    outside.reader.problems = {}
    return document


async def again(document: Import) -> Document:
    """The same bytes once more."""
    study, outside = document.study, document.outside
    data = outside.blobs.files["documents", f"{study.tenant_id}/{document.document_id}/original"]
    return (await register_document(study.tenant_id, study.project_id, "a.txt", data, outside.ports))[0]


async def go_on(document: Import) -> str:
    """What the orchestrator does with a document that resumes at `ocr`; gives the status at the end."""
    for name in list(WAY)[list(WAY).index("read_pages") :]:
        if (await document.step(name))["status"] != "done":
            break
    return (await document.row()).status


async def test_only_the_page_that_is_missing_is_read_again(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    row = await again(document)
    assert (row.status, row.resume_stage, row.attempt, row.progress) == ("pending", "ocr", 1, 0)
    assert await go_on(document) == "completed"
    assert outside.reader.asked == [(2, 2)]
    assert await load_text(row, outside.ports) == "\f".join(TALK)
    assert (await document.row()).warnings == ["Seen."]
    async with study.tenant() as tx:
        found = "".join(passage.text for passage in await tx.corpus.passages(document.document_id))
        events = await tx.documents.events(document.document_id)
        assert [page["problem"] for page in await tx.documents.pages(document.document_id)] == [None] * 3
        [indexed] = outside.vectors.collections.values()
        assert sorted(indexed) == sorted(await tx.corpus.passage_ids(document.document_id))
    assert "enfadé" in found
    told = [event["status"] for event in events]
    assert (told.count("preprocessed"), told.count("ocr_completed"), told.count("completed")) == (1, 2, 2)
    assert {"restarted": True, "resume": "ocr", "pages": [2]} in [event["detail"] for event in events]


async def test_a_page_that_still_cannot_be_read_is_still_named_and_can_be_tried_again(
    study: Study, outside: Fakes
) -> None:
    document = await read_in_part(study, outside)
    for attempt in (1, 2):
        outside.reader.problems = {2: f"Still too faint, {attempt}."}
        assert (await again(document)).attempt == attempt
        assert await go_on(document) == "completed"
        assert sorted((await document.row()).warnings) == [f"Page 2: Still too faint, {attempt}.", "Seen."]
    assert outside.reader.asked == [(2, 2)] * 2


async def test_what_was_read_whole_is_not_begun_again(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    await again(document)
    await go_on(document)
    row = await again(document)
    assert (row.status, row.attempt) == ("completed", 1)


async def test_of_many_uploads_at_once_one_starts_it(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    rows = await asyncio.gather(*(again(document) for _ in range(5)))
    assert {(row.status, row.attempt) for row in rows} == {("pending", 1)}


@pytest.mark.parametrize("last", ["read_pages", "assemble_text", "classify_document", "chunk_document"])
async def test_one_that_is_cut_off_on_its_way_goes_on_without_reading_a_page_twice(
    study: Study, outside: Fakes, last: str
) -> None:
    document = await read_in_part(study, outside)
    await again(document)
    for name in list(WAY)[list(WAY).index("read_pages") : list(WAY).index(last) + 1]:
        await document.step(name)
    # Its orchestration is gone; whoever sends it again, or the timer, starts it anew.
    row = await restart_document(await document.row(), outside.ports)
    assert (row.status, row.resume_stage, row.attempt) == ("pending", "ocr", 2)
    assert await go_on(document) == "completed"
    assert outside.reader.asked == [(2, 2)]
    assert await load_text(row, outside.ports) == "\f".join(TALK)


async def test_a_record_is_made_anew_of_all_pages_and_what_people_said_stays(study: Study, outside: Fakes) -> None:
    head, rest = INVOICE.split("\n", 1)
    document = await read_in_part(study, outside, head, rest)
    await correct_record(await document.row(), {"kind": "invoice", "buyer_name": "Eva SA"}, "ana", None, outside.ports)
    for name in ("extract_record", "validate_record"):
        await document.step(name)
    assert (await document.row()).status == "needs_review"  # most of it stands on the page that is missing
    assert (await again(document)).resume_stage == "ocr"
    assert await go_on(document) == "completed"
    async with study.tenant() as tx:
        stored = await tx.records.get(document.document_id)
    assert stored is not None
    assert (stored["record"]["buyer_name"], stored["record"]["total"]) == ("Eva SA", "121.00")
    assert (await document.row()).type == "invoice"


async def test_what_a_theory_has_quoted_or_may_be_quoting_keeps_its_text(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    run = await study.run({"documents": [document.document_id]})
    assert (await again(document)).status == "completed"  # a run is under way
    async with study.tenant() as tx:
        [first, *_] = await tx.corpus.passages(document.document_id)
        coding = PassageCoding(first.passage_id, document.document_id)
        await tx.codebook.covered(run, "test", [coding])
        await tx.runs.release_lease(study.project_id, run.token)
    assert (await again(document)).status == "completed"  # and now it has been quoted


async def test_a_batch_asks_for_the_missing_pages_of_its_documents(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    batch_id = await new_batch(study, outside)

    async def retry(selection: Selection) -> list[Any]:
        outside.work.sent.clear()
        await batches.retry_batch(who(study), batch_id, selection, outside.ports)
        return [said(message)["document_id"] for _, message, _ in outside.work.sent]

    async with study.tenant() as tx:
        batch = await tx.batches.get(batch_id)
        async with study.database.tenant_connection(study.tenant_id) as db:
            await db.execute(
                "insert into batch_items (batch_id, tenant_id, project_id, item_id, name, document_id, state) "
                "values ($1, $2, $3, $4, 'a.txt', $4, 'registered')",
                batch_id, study.tenant_id, batch.project_id, document.document_id,
            )  # fmt: skip
    assert await retry(Selection()) == []  # it has not failed
    named = {document.document_id: Correction(language="es")}
    assert await retry(Selection(pages=True, items=named)) == [document.document_id]
    assert await retry(Selection(pages=True)) == []
    assert (await document.row()).hints["language"] == "es"
    assert await go_on(document) == "completed"


async def test_a_file_that_was_read_in_part_and_comes_with_a_batch_is_read_again(study: Study, outside: Fakes) -> None:
    document = await read_in_part(study, outside)
    data = outside.blobs.files["documents", f"{study.tenant_id}/{document.document_id}/original"]
    batch_id = await new_batch(study, outside)
    taken = await batches.ingest_files(who(study), batch_id, [("a.txt", data)], outside.ports)
    assert (taken.enqueued, (await document.row()).resume_stage) == (1, "ocr")
