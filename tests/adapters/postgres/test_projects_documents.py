"""Projects, documents, pages and passages as Postgres keeps them."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import nullcontext
from dataclasses import replace

import pytest

from shared.adapters.postgres.stages import PostgresStages
from shared.domain.document import (
    CLASSIFY,
    INDEX,
    OCR,
    PREPROCESS,
    Classification,
    Description,
    DocumentType,
    Inspection,
    Page,
    Scan,
    page_starts,
)
from shared.domain.errors import NotFound
from shared.domain.runs import Project
from tests.support.database import Study, passage, passages_of


async def test_a_project_created_again_under_the_same_key_is_the_same_project(study: Study) -> None:
    drafts = [Project(str(uuid.uuid4()), study.tenant_id, "ana", name, "es") for name in ("Una", "Otra")]
    async with study.tenant() as tx:
        first, second = [await tx.projects.create(draft, "ana:key") for draft in drafts]
        third = await tx.projects.create(replace(drafts[1], project_id=str(uuid.uuid4())), "ana:another")
    assert second == first
    assert third.project_id != first.project_id


async def test_a_project_is_there_for_its_members_only(study: Study) -> None:
    other = await Study.begin(study.database)
    async with study.tenant() as tx:
        assert (await tx.projects.get(study.project_id, "ana")).name == "Turnos"
        for project_id, subject in [(study.project_id, "eva"), (other.project_id, None), (str(uuid.uuid4()), "ana")]:
            with pytest.raises(NotFound):
                await tx.projects.get(project_id, subject)


async def test_a_document_registered_twice_is_one_document_with_two_names(study: Study) -> None:
    async with study.tenant() as tx:
        first, is_new = await tx.documents.register(study.draft(name="a.txt"))
        second, is_new_again = await tx.documents.register(study.draft(name="b.txt"))
        events = await tx.documents.events(first.document_id)
    assert (is_new, is_new_again) == (True, False)
    assert second == first
    assert [event["status"] for event in events] == ["pending"]
    async with study.database.tenant_connection(study.tenant_id) as db:
        rows = await db.fetch("select name from document_names where document_id = $1", first.document_id)
    assert {row["name"] for row in rows} == {"a.txt", "b.txt"}


async def test_two_that_register_the_same_bytes_at_once_make_one_document(study: Study) -> None:
    async def register() -> bool:
        async with study.tenant() as tx:
            return (await tx.documents.register(study.draft()))[1]

    assert sorted(await asyncio.gather(*(register() for _ in range(4)))) == [False, False, False, True]


async def test_stages_move_status_progress_and_events_in_order(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        for stage in (PREPROCESS, OCR):
            document = await tx.stages.begin(study.tenant_id, document_id, stage)
            assert document
            assert (await tx.documents.get(document_id)).status == stage.running
            took = await tx.stages.finish(document, stage, {"n": 1})
            assert took is not None
            assert took >= 0
            assert (await tx.documents.get(document_id)).progress == stage.progress
        events = await tx.documents.events(document_id)
    assert [event["status"] for event in events] == [
        "pending", "preprocessing", "preprocessed", "ocr_processing", "ocr_completed",
    ]  # fmt: skip
    assert [event["duration_ms"] is None for event in events] == [True, True, False, True, False]
    assert events[-1]["detail"] == {"n": 1}


async def test_a_stage_begins_and_ends_for_its_own_tenant_and_attempt_only(study: Study) -> None:
    document, stages = await study.document(), study.database.stages
    other = await Study.begin(study.database)
    with pytest.raises(NotFound):
        await stages.begin(other.tenant_id, document.document_id, PREPROCESS)
    begun = await stages.begin(study.tenant_id, document.document_id, PREPROCESS)
    assert begun
    assert begun.status == "pending"  # as it was before
    again = await stages.begin(study.tenant_id, document.document_id, PREPROCESS)
    assert again
    assert again.status == "preprocessing"
    for late in (replace(again, attempt=1), replace(again, tenant_id=other.tenant_id)):
        assert not await stages.advance(late, PREPROCESS, 5)
        assert await stages.finish(late, PREPROCESS, {}) is None
    assert await stages.advance(again, PREPROCESS, 5)
    assert await stages.finish(again, PREPROCESS, {}) is not None
    assert await stages.finish(again, PREPROCESS, {}) is None
    assert await stages.begin(study.tenant_id, document.document_id, PREPROCESS) is None
    async with study.tenant() as tx:
        events = await tx.documents.events(document.document_id)
    assert [event["status"] for event in events] == ["pending", "preprocessing", "preprocessed"]


async def test_a_tenant_named_for_a_stage_is_forgotten_with_it(study: Study) -> None:
    document = await study.document()
    async with study.database.connection() as db:
        stages = PostgresStages(lambda: nullcontext(db))
        assert await stages.begin(study.tenant_id, document.document_id, PREPROCESS)
        assert await db.fetchval("select count(*)::int from documents") == 0


async def test_progress_never_goes_back(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        await tx.documents.progress(document_id, 75)
        await tx.documents.progress(document_id, 20)
        document = await tx.stages.begin(study.tenant_id, document_id, CLASSIFY)
        assert document
        assert await tx.stages.advance(document, CLASSIFY, 30)
        assert await tx.stages.finish(document, CLASSIFY, {}) is not None
        assert (await tx.documents.get(document_id)).progress == 75


async def test_a_retry_shows_its_reason_until_the_stage_is_done(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        document = await tx.stages.begin(study.tenant_id, document_id, INDEX)
        assert document
        await tx.documents.retrying(document_id, INDEX, "timeout", "Later.")
        waiting = await tx.documents.get(document_id)
        await tx.stages.advance(document, INDEX, 75)
        going_on = await tx.documents.get(document_id)
        await tx.documents.retrying(document_id, INDEX, "timeout", "Later.")
        await tx.stages.finish(document, INDEX, {})
        done = await tx.documents.get(document_id)
    assert (waiting.status, waiting.error_code, waiting.error_message) == ("indexing", "timeout", "Later.")
    assert (going_on.error_code, going_on.error_message) == (None, None)
    assert (done.status, done.error_code, done.error_message) == ("completed", None, None)


async def test_a_document_that_ends_badly_says_why_and_can_start_again(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        await tx.stages.begin(study.tenant_id, document_id, OCR)
        await tx.documents.end(document_id, "ocr", "ocr_failed", "timeout", "Too slow.")
        ended = await tx.documents.get(document_id)
        again = await tx.documents.restart(document_id)
        events = await tx.documents.events(document_id)
    assert (ended.status, ended.stage, ended.error_code, ended.error_message) == (
        "ocr_failed", "ocr", "timeout", "Too slow.",
    )  # fmt: skip
    assert (again.status, again.stage, again.attempt, again.error_code) == ("pending", "registered", 1, None)
    assert events[-1]["detail"] == {"restarted": True}


async def test_a_warning_is_kept_once(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        await tx.documents.warn(document_id, ["Page 2: faint.", "Page 2: faint."])
        await tx.documents.warn(document_id, ["Page 2: faint.", "Page 3: blank."])
        await tx.documents.warn(document_id, [])
        assert sorted((await tx.documents.get(document_id)).warnings) == ["Page 2: faint.", "Page 3: blank."]


async def test_what_stages_find_out_is_on_the_row(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        await tx.documents.inspected(document_id, Inspection("application/pdf", 3, ("Scanned.",)), Scan("clean"))
        await tx.documents.classified(document_id, Classification(DocumentType.INTERVIEW, 0.5), "es")
        await tx.documents.described(document_id, Description("Título", "es", "Breve.", people=("Ana",)))
        document = await tx.documents.get(document_id)
    assert (document.media_type, document.page_count, document.warnings) == ("application/pdf", 3, ["Scanned."])
    assert (document.type, document.type_confidence, document.language) == ("interview", 0.5, "es")
    assert document.description is not None
    assert (document.description["title"], document.description["people"]) == ("Título", ["Ana"])


async def test_pages_are_replaced_as_a_whole_with_their_places(study: Study) -> None:
    document_id = (await study.document()).document_id
    texts = ["uno", "", "tres"]
    pages = [Page(n, text, "ocr", 0.5, problem=None if text else "Blank.") for n, text in enumerate(texts, 1)]
    async with study.tenant() as tx:
        await tx.documents.replace_pages(document_id, [Page(1, "x", "native"), Page(9, "y", "native")], [0, 2])
        await tx.documents.replace_pages(document_id, pages, page_starts(texts))
        rows = await tx.documents.pages(document_id)
    assert [(row["number"], row["start_offset"], row["end_offset"]) for row in rows] == [
        (1, 0, 3),
        (2, 4, 4),
        (3, 5, 9),
    ]
    assert [row["problem"] for row in rows] == [None, "Blank.", None]


async def test_a_listing_goes_on_after_the_last_id_and_keeps_to_its_filters(study: Study) -> None:
    documents = [await study.document(bytes([n])) for n in range(5)]
    async with study.tenant() as tx:
        first = await tx.stages.begin(study.tenant_id, documents[0].document_id, INDEX)
        assert first
        await tx.stages.finish(first, INDEX, {})
        await tx.documents.classified(documents[0].document_id, Classification(DocumentType.OTHER, 1.0), "es")
        found, after = [], None
        while page := await tx.documents.listing(study.project_id, status=None, type_=None, after=after, limit=2):
            found += [document.document_id for document in page]
            after = found[-1]
        completed = await tx.documents.listing(study.project_id, status="completed", type_="other", after=None, limit=9)
        none = await tx.documents.listing(study.project_id, status="completed", type_="receipt", after=None, limit=9)
    assert found == sorted(document.document_id for document in documents)
    assert [document.document_id for document in completed] == [documents[0].document_id]
    assert none == []


async def test_passages_written_again_keep_their_rows_and_marks(study: Study) -> None:
    before = await study.with_passages("uno uno", "dos dos", "tres")
    document = await study.read(before[0].document_id)
    async with study.tenant() as tx:
        await tx.corpus.embedded([before[0].passage_id], "e/1")
        await tx.corpus.replace_passages(document, before[:2])
        assert await tx.corpus.passages(document.document_id) == before[:2]
        assert await tx.corpus.passages(document.document_id, 1, 1) == before[1:2]
        assert await tx.corpus.to_embed(document.document_id, "e/1") == before[1:2]
        assert await tx.corpus.to_embed(document.document_id, "e/2") == before[:2]


async def test_a_passage_that_is_cut_in_two_moves_the_ones_behind_it(study: Study) -> None:
    document = await study.document()
    before = passages_of(document, "uno uno", "dos dos")
    after = [passage(document, 0, 0, "uno"), passage(document, 1, 4, "uno"), replace(before[1], ordinal=2)]
    async with study.tenant() as tx:
        await tx.corpus.replace_passages(document, before)
        await tx.corpus.embedded([before[1].passage_id], "e/1")
        await tx.corpus.replace_passages(document, after)
        assert await tx.corpus.passages(document.document_id) == after
        assert await tx.corpus.to_embed(document.document_id, "e/1") == after[:2]


async def test_found_passages_bring_their_document_along_and_unknown_ids_are_left_out(study: Study) -> None:
    [passage] = await study.with_passages("uno", name="entrevista.txt")
    other = await Study.begin(study.database)
    [foreign] = await other.with_passages("uno", name="ajena.txt")
    async with study.tenant() as tx:
        found = await tx.corpus.found([passage.passage_id, foreign.passage_id, str(uuid.uuid4())])
    assert list(found) == [passage.passage_id]
    assert found[passage.passage_id]["document"] == "entrevista.txt"


async def test_text_with_nul_or_half_a_surrogate_does_not_refuse_a_row(study: Study) -> None:
    document_id = (await study.document()).document_id
    async with study.tenant() as tx:
        await tx.documents.warn(document_id, ["a\x00b", r"C:\u0000 stays", "half \ud83d of a pair"])
        await tx.documents.retrying(document_id, OCR, "timeout", "it said \x00 and \ud83d")
        await tx.documents.end(document_id, "ocr", "ocr_failed", "timeout", "it said \x00")
        document = await tx.documents.get(document_id)
    assert {"ab", r"C:\u0000 stays"} <= set(document.warnings)
    assert document.error_message == "it said "


async def test_waiting_documents_and_runs_are_ids_of_every_tenant_and_nothing_else(study: Study) -> None:
    other = await Study.begin(study.database)
    documents = [(await each.document()).document_id for each in (study, other)]
    runs = [(await each.run()).run_id for each in (study, other)]
    begun = await study.document(b"begun")
    async with study.tenant() as tx:
        await tx.stages.begin(study.tenant_id, begun.document_id, PREPROCESS)
    waiting = [await study.database.waiting_documents(0, 9999), await study.database.waiting_runs(0, 9999)]
    assert set(waiting[0][0]) == {"tenant_id", "project_id", "document_id", "attempt"}
    assert set(waiting[1][0]) == {"tenant_id", "project_id", "run_id"}
    found = {row["document_id"] for row in waiting[0]}
    assert set(documents) <= found
    assert begun.document_id not in found
    assert set(runs) <= {row["run_id"] for row in waiting[1]}
    assert len(await study.database.waiting_documents(0, 1)) == 1
    assert documents[0] not in {row["document_id"] for row in await study.database.waiting_documents(3600, 9999)}
