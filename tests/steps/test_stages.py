"""The frame around every stage: what happens twice, what fails, and what comes too late."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.domain.document import Inspection
from shared.domain.errors import ContentFiltered, Encrypted, NoText, Throttled, TimedOut, Unavailable
from shared.domain.runs import FailureJob, PagesJob
from shared.steps.reading import read_pages
from shared.steps.stages import fail_document
from tests.steps.conftest import WAY, Import


async def everything(document: Import) -> dict[str, list[dict[str, Any]]]:
    """All rows of the document but the times of change."""
    found = {}
    async with document.study.database.tenant_connection(document.study.tenant_id) as db:
        for table in ("documents", "stage_events", "pages", "passages", "records"):
            rows = await db.fetch(
                f"select * from {table} where document_id = $1 order by 1, 2, 3", document.document_id
            )
            found[table] = [dict(row) for row in rows]
    return found


async def test_an_import_passes_its_stages_in_order(document: Import) -> None:
    assert (await document.until("embed_document"))["status"] == "done"
    row = await document.row()
    assert (row.status, row.stage, row.progress, row.error_code) == ("completed", "index", 100, None)
    assert await document.events() == [
        "pending", "preprocessing", "preprocessed", "ocr_processing", "ocr_completed", "classifying", "classified",
        "extracting", "extracted", "validating", "validated", "publishing", "published", "indexing", "completed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name in WAY if name not in {"assemble_text", "chunk_document", "describe_document"}]
)
async def test_a_stage_that_is_done_is_not_done_again(document: Import, name: str) -> None:
    await document.until(name)
    before, puts = await everything(document), list(document.outside.blobs.puts)
    assert await document.step(name) == {"status": "done", "before": True}
    assert await everything(document) == before
    assert document.outside.blobs.puts == puts


@pytest.mark.parametrize("name", ["chunk_document", "describe_document"])
async def test_a_part_of_a_stage_done_again_changes_nothing_but_the_time(document: Import, name: str) -> None:
    await document.until(name)
    before, puts = await everything(document), list(document.outside.blobs.puts)
    assert (await document.step(name))["status"] == "done"
    after = await everything(document)
    for state in (before, after):
        del state["documents"][0]["updated_at"]
    assert after == before
    assert document.outside.blobs.puts == puts


async def test_a_whole_import_done_again_changes_nothing(document: Import) -> None:
    await document.until("embed_document")
    before, asked = await everything(document), list(document.outside.analyst.asked)
    await document.until("embed_document")
    assert await everything(document) == before
    assert document.outside.analyst.asked == asked


async def test_a_document_that_cannot_be_used_is_rejected_with_its_reason(document: Import) -> None:
    document.outside.reader.error = Encrypted()
    assert await document.step("preprocess_document") == {"status": "ended", "reason": "encrypted"}
    row = await document.row()
    assert (row.status, row.stage, row.error_code) == ("rejected", "preprocess", "encrypted")
    assert "password" in (row.error_message or "")
    assert (await document.events())[-1] == "rejected"
    document.outside.reader.error = None
    assert await document.step("preprocess_document") == {"status": "done", "before": True}
    assert (await document.row()).status == "rejected"


@pytest.mark.parametrize("error", [TimedOut("Too slow."), Unavailable("Too slow."), Throttled("Too slow.", 12.5)])
async def test_what_may_pass_is_tried_again_and_says_why_meanwhile(document: Import, error: Exception) -> None:
    document.outside.reader.error = error
    outcome = await document.step("preprocess_document")
    code = getattr(error, "code", "")
    after = {"after": 12.5} if isinstance(error, Throttled) else {}
    assert outcome == {"status": "retry", "error": code, "message": "Too slow.", **after}
    row = await document.row()
    assert (row.status, row.error_code, row.error_message) == ("preprocessing", code, "Too slow.")
    document.outside.reader.error = None
    assert (await document.step("preprocess_document"))["status"] == "done"
    row = await document.row()
    assert (row.status, row.error_code, row.error_message) == ("preprocessed", None, None)
    assert await document.events() == ["pending", "preprocessing", "retrying", "preprocessed"]


async def test_what_can_never_work_is_answered_as_failed(document: Import) -> None:
    document.outside.reader.error = ContentFiltered()
    outcome = await document.step("preprocess_document")
    assert (outcome["status"], outcome["error"]) == ("failed", "content_filter")


async def test_an_unexpected_error_passes_through(document: Import) -> None:
    document.outside.reader.error = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        await document.step("preprocess_document")
    assert (await document.row()).status == "preprocessing"


async def test_a_final_failure_is_on_record_once(document: Import) -> None:
    await document.until("preprocess_document")
    job = FailureJob(*document.ids, "ocr", "timeout", "Too slow.")
    assert await fail_document(job, document.outside.ports) == {"status": "done"}
    assert await fail_document(job, document.outside.ports) == {"status": "done", "before": True}
    row = await document.row()
    assert (row.status, row.error_code, row.error_message) == ("ocr_failed", "timeout", "Too slow.")


async def test_a_completed_document_cannot_fail_any_more(document: Import) -> None:
    await document.until("embed_document")
    await fail_document(FailureJob(*document.ids, "index", "timeout", "Late."), document.outside.ports)
    assert (await document.row()).status == "completed"


class Slow:
    """A reader that inspects only when it is let go."""

    def __init__(self, end: Exception | None = None) -> None:
        self.begun, self.let_go, self.end = asyncio.Event(), asyncio.Event(), end

    async def inspect(self, data: bytes, name: str) -> Inspection:
        self.begun.set()
        await self.let_go.wait()
        if self.end:
            raise self.end
        return Inspection("text/plain", 2)


@pytest.mark.parametrize("end", [None, NoText("Late."), TimedOut("Late.")])
async def test_the_slower_of_two_activities_does_not_take_the_document_back(
    document: Import, end: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(end)
    with monkeypatch.context() as patch:
        patch.setattr(document.outside.reader, "inspect", slow.inspect)
        late = asyncio.create_task(document.step("preprocess_document"))
        await slow.begun.wait()
    await document.until("assemble_text")
    before = await everything(document)
    slow.let_go.set()
    await late
    assert await everything(document) == before


async def test_an_activity_that_comes_after_the_final_failure_does_nothing(document: Import) -> None:
    await document.until("preprocess_document")
    await fail_document(FailureJob(*document.ids, "ocr", "timeout", "Too slow."), document.outside.ports)
    assert await document.step("read_pages") == {"status": "done", "before": True}
    assert (await document.row()).status == "ocr_failed"


async def test_a_document_that_is_read_for_the_first_time_is_not_looked_for_among_what_was_read(
    document: Import,
) -> None:
    await document.until("preprocess_document")
    first, ports = PagesJob(*document.ids, 1, 1), document.outside.ports
    asked: list[str] = []
    exists = document.outside.blobs.exists

    async def noted(container: str, path: str) -> bool:
        asked.append(path)
        return await exists(container, path)

    document.outside.blobs.exists = noted  # type: ignore[method-assign]
    assert (await read_pages(first, ports))["left"] == 0
    assert asked == []
    assert (await read_pages(first, ports))["left"] == 0
    assert asked
