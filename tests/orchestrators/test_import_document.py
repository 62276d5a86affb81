"""The way of one document."""

from __future__ import annotations

from typing import Any

import pytest

from tests.orchestrators.stage_play import BROKEN, BUSY, DONE, IMPORT, SLOW, play

IDS = {"tenant_id": "t", "project_id": "p", "document_id": "d"}
BEFORE = ["preprocess_document", "plan_import"]
AFTER = [
    "assemble_text", "classify_document", "extract_record", "validate_record", "publish_document", "chunk_document",
    "describe_document", "embed_document",
]  # fmt: skip
STAGES = {
    "preprocess_document": "preprocess", "plan_import": "preprocess", "read_pages": "ocr", "assemble_text": "ocr",
    "classify_document": "classify", "extract_record": "extract", "validate_record": "validate",
    "publish_document": "publish", "chunk_document": "index", "describe_document": "index", "embed_document": "index",
}  # fmt: skip


async def test_a_document_passes_its_activities_in_order() -> None:
    with play() as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "done"}
    assert stage.names == [*BEFORE, "read_pages", *AFTER]
    assert all(call.job == IDS for call in stage.calls if call.name != "read_pages")


async def test_a_stage_of_several_parts_is_one_activity_where_it_went_on_to_its_end() -> None:
    parts: dict[str, Any] = {
        "preprocess_document": [{**DONE, "ranges": [[1, 1], [2, 2]]}],
        "read_pages": [DONE, {**DONE, "assembled": True}],
    }
    with play(**parts) as stage:
        assert await stage.run("import_document", {**IMPORT, "joined": True}) == {"status": "done"}
    assert stage.names == [
        "preprocess_document", "read_pages", "read_pages", "classify_document", "extract_record", "validate_record",
        "publish_document", "index_document",
    ]  # fmt: skip
    assert stage.calls[-1].job == IDS


async def test_what_an_activity_had_done_before_is_planned_and_assembled_on_its_own() -> None:
    with play() as stage:
        await stage.run("import_document", {**IMPORT, "joined": True})
    assert stage.names == [*BEFORE, "read_pages", *AFTER[:5], "index_document"]


async def test_a_corrected_document_is_indexed_by_one_activity() -> None:
    with play() as stage:
        await stage.run("import_document", {**IMPORT, "joined": True, "resume": "publish"})
    assert stage.names == ["publish_document", "index_document"]


async def test_a_failure_of_the_joined_index_stage_is_put_on_record_under_it() -> None:
    with play(index_document=[BROKEN]) as stage:
        assert await stage.run("import_document", {**IMPORT, "joined": True}) == {"status": "failed"}
    assert stage.calls[-2].job == {**IDS, "stage": "index", "error": "truncated", "message": "Cut off."}


async def test_every_page_range_is_read_before_the_text_is_assembled() -> None:
    ranges = [[1, 10], [11, 20], [21, 23]]
    with play(plan_import=[{"status": "done", "ranges": ranges}]) as stage:
        await stage.run("import_document", IMPORT)
    assert stage.names == [*BEFORE, *["read_pages"] * 3, *AFTER]
    assert [[job["first"], job["last"]] for job in stage.jobs("read_pages")] == ranges
    assert stage.jobs("read_pages")[0] == {**IDS, "first": 1, "last": 10}


@pytest.mark.parametrize("activity", STAGES)
async def test_a_failure_ends_the_import_and_is_put_on_record_under_its_stage(activity: str) -> None:
    parts: dict[str, Any] = {activity: [BROKEN]}
    with play(**parts) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
    assert stage.names[-3:] == [activity, "fail_document", "bury_request"]
    failure = {"stage": STAGES[activity], "error": "truncated", "message": "Cut off."}
    assert stage.calls[-2].job == {**IDS, **failure}
    assert stage.calls[-1].job == {
        **failure, "tenant_id": "t", "request_id": "i", "kind": "import", "subject": "d", "request": IDS, "tries": 1,
    }  # fmt: skip


async def test_a_dead_letter_says_how_often_it_was_tried() -> None:
    with play(classify_document=[SLOW, ZeroDivisionError(), BUSY, BROKEN]) as stage:
        await stage.run("import_document", IMPORT)
    assert stage.jobs("bury_request")[0]["tries"] == 4


@pytest.mark.parametrize("activity", STAGES)
async def test_a_document_that_has_ended_goes_no_further_and_has_not_failed(activity: str) -> None:
    parts: dict[str, Any] = {activity: [{"status": "ended", "reason": "encrypted"}]}
    with play(**parts) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "ended"}
    assert stage.names[-1] == activity


@pytest.mark.parametrize(("stage_name", "first"), [("extract", "extract_record"), ("validate", "validate_record")])
async def test_a_corrected_document_goes_on_from_the_stage_that_needs_it(stage_name: str, first: str) -> None:
    with play() as stage:
        assert await stage.run("import_document", {**IMPORT, "resume": stage_name}) == {"status": "done"}
    assert stage.names == AFTER[AFTER.index(first) :]
    assert all(call.job == IDS for call in stage.calls)


async def test_a_range_that_fails_keeps_the_next_ones_from_being_read() -> None:
    plan: list[Any] = [{"status": "done", "ranges": [[1, 1], [2, 2], [3, 3]]}]
    with play(plan_import=plan, read_pages=[DONE, BROKEN]) as stage:
        await stage.run("import_document", IMPORT)
    assert stage.names == [*BEFORE, "read_pages", "read_pages", "fail_document", "bury_request"]


def archive(members: int, batch: int = 50, pages: int = 0) -> dict[str, Any]:
    """The parts of an import whose document has members, all of which are taken out at the first go."""
    ranges = [[1, pages]] if pages else []
    return {
        "plan_import": [{**DONE, "ranges": ranges, "members": members, "batch": batch}],
        "import_members": lambda job: {**DONE, "next": job["last"] + 1},
    }


async def test_an_archive_has_its_members_taken_out_in_batches_and_is_completed() -> None:
    with play(**archive(7, 3)) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "done"}
    assert stage.names == [*BEFORE, *["import_members"] * 3, "complete_container"]
    assert [(job["first"], job["last"]) for job in stage.jobs("import_members")] == [(1, 3), (4, 6), (7, 7)]
    assert stage.jobs("import_members")[0] == {**IDS, "first": 1, "last": 3}


async def test_an_e_mail_has_its_attachments_taken_out_before_it_is_read() -> None:
    with play(**archive(2, pages=1)) as stage:
        await stage.run("import_document", IMPORT)
    assert stage.names == [*BEFORE, "import_members", "read_pages", *AFTER]


async def test_members_that_take_long_take_several_turns() -> None:
    parts: dict[str, Any] = archive(6, 5) | {"import_members": [{**DONE, "next": at} for at in (3, 5, 7)]}
    with play(**parts) as stage:
        await stage.run("import_document", IMPORT)
    assert [(job["first"], job["last"]) for job in stage.jobs("import_members")] == [(1, 5), (3, 6), (5, 6)]


async def test_a_container_that_went_on_meanwhile_is_not_gone_through_again() -> None:
    with play(**(archive(500) | {"import_members": [{**DONE, "before": True}]})) as stage:
        await stage.run("import_document", IMPORT)
    assert stage.names == [*BEFORE, "import_members", "complete_container"]


@pytest.mark.parametrize("activity", ["import_members", "complete_container"])
async def test_a_failure_with_a_container_is_put_on_record(activity: str) -> None:
    with play(**(archive(3) | {activity: [BROKEN]})) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
    assert stage.names[-3:] == [activity, "fail_document", "bury_request"]
    assert stage.calls[-2].job["stage"] == {"import_members": "ocr", "complete_container": "index"}[activity]


async def test_five_thousand_members_make_a_small_history() -> None:
    with play(**archive(5000)) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "done"}
    jobs = stage.jobs("import_members")
    assert [number for job in jobs for number in range(job["first"], job["last"] + 1)] == list(range(1, 5001))
    document, _ = stage.documents["i"][-1]
    assert len(jobs) == 100
    assert len(document) < 200_000


async def test_putting_a_failure_on_record_is_tried_again_too() -> None:
    with play(classify_document=[BROKEN], fail_document=[SLOW, ZeroDivisionError(), DONE]) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
    assert stage.waits("fail_document") == [5, 60]


async def test_the_instance_tells_its_stage() -> None:
    with play() as stage:
        await stage.run("import_document", IMPORT)
        row = await stage.lab.management.get("i")
    assert '"index"' in str(row["custom_status"])
