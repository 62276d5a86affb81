"""Batches against the real database, with everything else in memory."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.batches import Correction, Selection
from shared.domain.dead_letters import IMPORTS_QUEUE
from shared.domain.errors import ImportsDisabled, NoQueue, NotFound, TooManyItems, Unavailable
from shared.domain.runs import Principal
from shared.steps import batches, leftovers
from shared.steps.batches import Taken
from shared.steps.leftovers import send_items_again, take_leftovers
from tests.steps.conftest import Import
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes, said


def who(study: Study, subject: str = "ana") -> Principal:
    return Principal(study.tenant_id, subject, subject, frozenset({"researcher", "operator"}))


async def new_batch(study: Study, outside: Fakes) -> str:
    return (await batches.create_batch(who(study), study.project_id, "Friday", outside.ports)).batch_id


async def take(study: Study, outside: Fakes, batch_id: str, *texts: str) -> Taken:
    files = [(f"{text}.txt", text.encode()) for text in texts]
    return await batches.ingest_files(who(study), batch_id, files, outside.ports)


async def status(study: Study, outside: Fakes, batch_id: str) -> dict[str, Any]:
    return await batches.batch_status(who(study), batch_id, outside.ports)


async def set_status(study: Study, document_id: str, status: str, **more: Any) -> None:
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            "update documents set status = $2, stage = $3, type = $4, error_code = $5, progress = $6 "
            "where document_id = $1",
            document_id, status, more.get("stage", "index"), more.get("type"), more.get("error"),
            more.get("progress", 0),
        )  # fmt: skip


async def ids_of(study: Study) -> list[str]:
    """Documents by name."""
    async with study.database.tenant_connection(study.tenant_id) as db:
        return [row["document_id"] for row in await db.fetch("select document_id from documents order by name")]


async def test_files_are_stored_registered_and_then_sent_one_message_each(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    assert await take(study, outside, batch_id, "uno", "dos") == Taken(2, 2, True)
    documents = await ids_of(study)
    assert {queue for queue, _, _ in outside.work.sent} == {IMPORTS_QUEUE}
    assert {message.id for _, message, _ in outside.work.sent} == {f"import-{d}-0" for d in documents}
    assert {said(message)["document_id"] for _, message, _ in outside.work.sent} == set(documents)
    assert sorted(outside.blobs.files.values()) == [b"dos", b"uno"]


async def test_the_same_request_twice_adds_nothing_and_sends_what_still_waits(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, "uno", "dos")
    [first, _] = await ids_of(study)
    await set_status(study, first, "ocr_processing")
    assert await take(study, outside, batch_id, "uno", "dos") == Taken(2, 1, True)
    assert (await status(study, outside, batch_id))["total"] == 2
    assert len({message.id for _, message, _ in outside.work.sent}) == 2


async def test_what_cannot_be_sent_is_on_record_and_waits(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    for error in (Unavailable(), NoQueue()):
        outside.work.error = error
        assert await take(study, outside, batch_id, "uno") == Taken(1, 0, False)
    rows = await study.database.waiting_documents(-1, 10_000)
    assert await ids_of(study) == [row["document_id"] for row in rows if row["tenant_id"] == study.tenant_id]


async def test_the_same_bytes_under_two_names_are_two_items_of_one_document(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    files = [("a.txt", b"same"), ("b.txt", b"same")]
    assert await batches.ingest_files(who(study), batch_id, files, outside.ports) == Taken(2, 1, True)
    [document_id] = await ids_of(study)
    await set_status(study, document_id, "completed")
    found = await status(study, outside, batch_id)
    assert (found["total"], found["done"], found["status"]) == (2, 2, "ended")


async def test_a_document_that_had_failed_starts_anew_when_it_is_sent_again(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, "uno")
    [document_id] = await ids_of(study)
    await set_status(study, document_id, "ocr_failed")
    assert (await take(study, outside, batch_id, "uno")).enqueued == 1
    assert outside.work.sent[-1][1].id == f"import-{document_id}-1"


async def test_a_batch_is_counted_by_status_stage_type_and_error(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, *"abcdef")
    a, b, c, d, e, _ = await ids_of(study)
    await set_status(study, a, "completed", type="invoice")
    await set_status(study, b, "needs_review", type="invoice", stage="validate", error="needs_review")
    await set_status(study, c, "ocr_failed", stage="ocr", error="timeout")
    await set_status(study, d, "rejected", stage="preprocess", error="encrypted")
    await set_status(study, e, "classifying", stage="classify", error="unavailable", progress=30)
    found = await status(study, outside, batch_id)
    assert (found["status"], found["total"], found["done"], found["failed"]) == ("running", 6, 2, 2)
    assert found["progress"] == (400 + 30) // 6
    assert found["by_status"] == {
        "classifying": 1, "completed": 1, "needs_review": 1, "ocr_failed": 1, "pending": 1, "rejected": 1,
    }  # fmt: skip
    assert found["by_stage"] == {
        "classify": 1, "index": 1, "ocr": 1, "preprocess": 1, "registered": 1, "validate": 1,
    }  # fmt: skip
    assert found["by_type"] == {"invoice": 2}
    assert found["by_error"] == {"encrypted": 1, "timeout": 1}
    assert found["retrying"] == {"unavailable": 1}
    assert found["ended_at"] is None
    for document_id in await ids_of(study):
        await set_status(study, document_id, "completed")
    found = await status(study, outside, batch_id)
    assert (found["status"], found["progress"], found["seconds_left"]) == ("ended", 100, 0)
    assert found["created_at"] <= found["started_at"] < found["ended_at"]


async def test_the_time_left_is_told_by_the_stages_done_of_late(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, "a", "b")
    assert (await status(study, outside, batch_id))["seconds_left"] is None
    a, _ = await ids_of(study)
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute("update batches set started_at = now() - interval '60 seconds' where batch_id = $1", batch_id)
        await db.execute(
            "insert into stage_events (document_id, tenant_id, stage, status, duration_ms) "
            "select $1, $2, 'x', 'x', 1 from generate_series(1, 2)",
            a, study.tenant_id,
        )  # fmt: skip
    await set_status(study, a, "ocr_completed", stage="ocr")
    # Two stages a minute, five left of the one and seven of the other.
    assert 355 <= (await status(study, outside, batch_id))["seconds_left"] <= 365


async def test_failed_ones_are_tried_again_by_error_by_stage_or_one_by_one(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, *"abcde")
    a, b, c, d, e = await ids_of(study)
    await set_status(study, a, "ocr_failed", stage="ocr", error="timeout")
    await set_status(study, b, "index_failed", error="timeout")
    await set_status(study, c, "index_failed", error="unavailable")
    await set_status(study, d, "rejected", stage="preprocess", error="encrypted")
    await set_status(study, e, "completed")

    async def again(selection: Selection) -> set[str]:
        outside.work.sent.clear()
        taken = await batches.retry_batch(who(study), batch_id, selection, outside.ports)
        assert taken.enqueued == len(outside.work.sent)
        return {str(said(message)["document_id"]) for _, message, _ in outside.work.sent}

    assert await again(Selection(error="timeout", stage="ocr")) == {a}
    assert await again(Selection(error="timeout")) == {b}
    assert await again(Selection(items={e: Correction(), a: Correction()})) == set()
    assert await again(Selection()) == {c}
    assert await again(Selection()) == set()
    assert await again(Selection(error="encrypted")) == {d}
    assert [(await study.read(one)).attempt for one in (a, b, c, d, e)] == [1, 1, 1, 1, 0]


async def test_what_an_operator_knows_better_goes_before_what_is_found_out(study: Study, outside: Fakes) -> None:
    batch_id = await new_batch(study, outside)
    text = "Interviewer: How was it?\n\nAna: Nobody told us when to come."
    outside.reader.texts = [text]
    await take(study, outside, batch_id, text)
    [document_id] = await ids_of(study)
    await set_status(study, document_id, "classify_failed", stage="classify", error="timeout")
    better = Correction("Recibo de la luz.txt", "receipt", "en")
    await batches.retry_batch(who(study), batch_id, Selection(items={document_id: better}), outside.ports)
    run = Import(study, outside, await study.read(document_id))
    await run.until("classify_document")
    row = await run.row()
    assert (row.name, row.type, row.language, row.type_confidence) == ("Recibo de la luz.txt", "receipt", "en", 1.0)


async def test_a_batch_is_full_at_its_limit_and_not_before(study: Study) -> None:
    outside = fakes(study.database, items_per_batch=3)
    batch_id = await new_batch(study, outside)
    await take(study, outside, batch_id, "a", "b", "c")
    await take(study, outside, batch_id, "c", "b", "a")
    for more in (["d"], ["a", "d"]):
        with pytest.raises(TooManyItems):
            await take(study, outside, batch_id, *more)
    with pytest.raises(TooManyItems):
        await batches.ingest_blobs(who(study), batch_id, ["x"], outside.ports)
    assert (await status(study, outside, batch_id))["total"] == 3
    assert len(outside.blobs.files) == 3


async def test_imports_can_be_switched_off(study: Study) -> None:
    on, off = fakes(study.database), fakes(study.database, imports_enabled=False)
    batch_id = await new_batch(study, on)
    with pytest.raises(ImportsDisabled, match="IMPORTS_ENABLED"):
        await new_batch(study, off)
    with pytest.raises(ImportsDisabled):
        await take(study, off, batch_id, "a")
    with pytest.raises(ImportsDisabled):
        await batches.retry_batch(who(study), batch_id, Selection(), off.ports)
    assert (await status(study, off, batch_id))["total"] == 0


async def test_a_batch_of_others_does_not_exist(study: Study, outside: Fakes) -> None:
    batch_id, stranger, other = await new_batch(study, outside), who(study, "eve"), await Study.begin(study.database)
    for caller in (stranger, who(other)):
        with pytest.raises(NotFound, match="no such batch"):
            await batches.batch_status(caller, batch_id, outside.ports)
        with pytest.raises(NotFound, match="no such batch"):
            await batches.ingest_files(caller, batch_id, [("a", b"a")], outside.ports)
        with pytest.raises(NotFound, match="no such batch"):
            await batches.retry_batch(caller, batch_id, Selection(), outside.ports)
        with pytest.raises(NotFound):
            await batches.create_batch(caller, study.project_id, "", outside.ports)
    document = await other.document()
    with pytest.raises(NotFound, match=document.document_id):
        await batches.ingest_documents(who(study), batch_id, [document.document_id], outside.ports)


async def blob_item(study: Study, outside: Fakes, name: str = "in/a.txt") -> tuple[str, str]:
    """A batch with one blob that waits: ids of batch and item."""
    batch_id = await new_batch(study, outside)
    await batches.ingest_blobs(who(study), batch_id, [name], outside.ports)
    return batch_id, str(said(outside.work.sent[-1][1])["item_id"])


async def test_a_blob_becomes_a_document_once(study: Study, outside: Fakes) -> None:
    path = f"{study.tenant_id}/{study.project_id}/in/a.txt"
    await outside.blobs.put("uploads", path, b"palabras")
    batch_id, item_id = await blob_item(study, outside)
    found = [await batches.admit_item(study.tenant_id, batch_id, item_id, outside.ports) for _ in range(2)]
    assert {document.name for document in found if document} == {"in/a.txt"}
    assert ("uploads", path) not in outside.blobs.files
    assert len(await ids_of(study)) == 1


async def test_a_blob_that_was_stored_and_not_linked_when_the_process_died_is_found_by_its_name(
    study: Study, outside: Fakes
) -> None:
    batch_id, item_id = await blob_item(study, outside)
    document = await study.document(b"palabras", "in/a.txt")  # and its blob is gone
    admitted = await batches.admit_item(study.tenant_id, batch_id, item_id, outside.ports)
    assert admitted is not None
    assert admitted.document_id == document.document_id


async def test_items_whose_message_was_lost_are_sent_again_with_another_id(study: Study, outside: Fakes) -> None:
    _, item_id = await blob_item(study, outside)
    outside.work.sent.clear()
    assert await send_items_again(3600, 10_000, outside.ports) == 0
    await send_items_again(-1, 10_000, outside.ports)
    assert f"item-{item_id}-1" in {message.id for _, message, _ in outside.work.sent}


async def test_files_that_nobody_took_are_taken_in(study: Study, outside: Fakes) -> None:
    await outside.blobs.put("uploads", f"{study.tenant_id}/{study.project_id}/in/lost.txt", b"words")
    assert await take_leftovers(0, 100, outside.ports) == 1
    [document_id] = await ids_of(study)
    assert (await study.read(document_id)).name == "in/lost.txt"
    assert list(outside.blobs.files) == [("documents", f"{study.tenant_id}/{document_id}/original")]


@pytest.mark.parametrize("fault", [None, ZeroDivisionError("a bug")])
async def test_files_that_cannot_be_taken_in_are_put_aside_with_a_dead_letter(
    study: Study, outside: Fakes, fault: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{study.tenant_id}/{study.project_id if fault else study.tenant_id}/poison.pdf"
    await outside.blobs.put("uploads", path, b"poison")

    async def broken(*_: Any) -> None:
        raise ZeroDivisionError("a bug")

    if fault:
        monkeypatch.setattr(leftovers, "register_document", broken)
    for _ in range(2):
        await take_leftovers(0, 100, outside.ports)
    assert outside.blobs.files == {("rejected", path): b"poison"}
    async with study.database.tenant_connection(study.tenant_id) as db:
        [row] = await db.fetch("select kind, subject, payload from dead_letters")
    assert (row["kind"], row["subject"], row["payload"]) == ("blob", path, {"path": path, "rejected": path})


async def test_files_that_cannot_be_taken_in_now_stay(study: Study, outside: Fakes) -> None:
    path = f"{study.tenant_id}/{study.project_id}/a.txt"
    await outside.blobs.put("uploads", path, b"words")
    before = outside.blobs.get

    async def away(container: str, path: str, *, fresh: bool = False) -> bytes:
        raise Unavailable

    outside.blobs.get = away  # type: ignore[method-assign]
    assert await take_leftovers(0, 100, outside.ports) == 1
    outside.blobs.get = before  # type: ignore[method-assign]
    assert list(outside.blobs.files) == [("uploads", path)]
