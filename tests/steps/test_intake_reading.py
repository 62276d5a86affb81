"""Registration, page ranges, pages and the canonical text."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.document import PREPROCESS, Line, Page, Word, page_path
from shared.domain.errors import NotFound, TimedOut
from shared.domain.runs import FailureJob, ImportJob, PagesJob
from shared.steps.intake import plain_name, plan_import, register_document
from shared.steps.reading import load_page, load_text, read_pages
from shared.steps.stages import fail_document, stage
from tests.steps.conftest import Import
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes


async def test_the_same_bytes_twice_are_one_document_and_one_blob(study: Study, outside: Fakes) -> None:
    first, new = await register_document(study.tenant_id, study.project_id, "a.txt", b"x", outside.ports)
    again, new_again = await register_document(study.tenant_id, study.project_id, "b.txt", b"x", outside.ports)
    assert (new, new_again, again) == (True, False, first)
    assert outside.blobs.puts == [f"{study.tenant_id}/{first.document_id}/original"]


async def test_the_same_bytes_in_another_project_are_another_document(study: Study, outside: Fakes) -> None:
    other = await Study.begin(study.database, study.tenant_id)
    documents = [
        (await register_document(study.tenant_id, project_id, "a.txt", b"x", outside.ports))[0].document_id
        for project_id in (study.project_id, other.project_id)
    ]
    assert len(set(documents)) == 2


async def test_nothing_is_stored_for_a_project_of_another_tenant(study: Study, outside: Fakes) -> None:
    other = await Study.begin(study.database)
    for project_id in (other.project_id, str(uuid.uuid4())):
        with pytest.raises(NotFound):
            await register_document(study.tenant_id, project_id, "a.txt", b"x", outside.ports)
    assert outside.blobs.files == {}


async def test_a_document_that_had_failed_starts_anew_when_it_comes_again(document: Import) -> None:
    study, ports = document.study, document.outside.ports
    data = document.outside.blobs.files["documents", f"{study.tenant_id}/{document.document_id}/original"]
    await fail_document(FailureJob(*document.ids, "preprocess", "timeout", "Slow."), ports)
    again, new = await register_document(study.tenant_id, study.project_id, "a.txt", data, ports)
    assert (again.document_id, again.status, again.attempt, new) == (document.document_id, "pending", 1, False)
    await document.until("embed_document")
    once_more, _ = await register_document(study.tenant_id, study.project_id, "a.txt", data, ports)
    assert (once_more.status, once_more.attempt) == ("completed", 1)


@given(
    st.text(max_size=600)
    | st.lists(st.sampled_from(["..", ".", "/", "\\", "C:", "a", " ", "\u202e", "\n"])).map("".join)
)
@example("a:../b")
@example("x../" + "b" * 252)
@example("C:/C:/../../etc/passwd")
@example("e\u200d\u0301")
@example("\x00\ud800")
@example("a\u2028b")
def test_a_name_holds_nothing_that_could_do_harm(name: str) -> None:
    shown = plain_name(name)
    assert 0 < len(shown) <= 255
    assert shown.isprintable() or all(c.isprintable() or c.isspace() for c in shown)
    assert not set(shown) & set("\n\r\x00\\\u2028\u2029\u202e")
    assert not shown.startswith("/")
    assert not {"", ".", ".."} & set(shown.split("/"))
    assert shown == shown.strip()
    assert plain_name(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("entrevista 1.txt", "entrevista 1.txt"),
        ("carpeta/año.pdf", "carpeta/año.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        (r"C:\Users\ana\nota.txt", "Users/ana/nota.txt"),
        ("factura\u202egpj.exe", "facturagpj.exe"),
        ("an\u0303o.txt", "año.txt"),
        ("a" * 300 + ".txt", "a" * 251 + ".txt"),
        ("\x00 /./ ", "document"),
    ],
)
def test_a_name_is_shown_as_it_was_meant(name: str, shown: str) -> None:
    assert plain_name(name) == shown


@pytest.mark.parametrize(("pages", "ranges"), [(1, [[1, 1]]), (3, [[1, 3]]), (7, [[1, 3], [4, 6], [7, 7]])])
async def test_page_ranges_cover_every_page_once(study: Study, pages: int, ranges: list[list[int]]) -> None:
    document = await Import.of(study, fakes(study.database, pages_per_activity=3), *(["x"] * pages))
    assert (await document.until("preprocess_document"))["ranges"] == ranges
    assert await plan_import(ImportJob(*document.ids), document.outside.ports) == {"status": "done", "ranges": ranges}


async def test_preprocess_plans_unless_it_was_done_before(document: Import) -> None:
    assert (await document.step("preprocess_document"))["ranges"] == [[1, 2]]
    assert "ranges" not in await document.step("preprocess_document")


async def test_pages_that_are_stored_are_not_read_again(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, "uno", "dos", "tres", "cuatro", "cinco")
    await document.until("preprocess_document")
    for first, last in ((2, 2), (4, 4), (1, 5), (1, 5)):
        await read_pages(PagesJob(*document.ids, first, last), outside.ports)
    assert outside.reader.asked == [(2, 2), (4, 4), (1, 1), (3, 3), (5, 5)]


async def test_pages_read_before_an_error_are_kept(study: Study, outside: Fakes) -> None:
    document = await Import.of(study, outside, "uno", "dos", "tres")
    await document.until("preprocess_document")
    await read_pages(PagesJob(*document.ids, 1, 2), outside.ports)
    outside.reader.error = TimedOut()
    assert (await document.step("read_pages"))["status"] == "retry"
    outside.reader.error = None
    outcome = await document.step("read_pages")
    assert (outcome["status"], outcome["left"], outcome["assembled"]) == ("done", 0, True)
    assert outside.reader.asked == [(1, 2), (3, 3), (3, 3)]


async def test_a_page_comes_back_as_it_was_read(document: Import) -> None:
    await document.until("read_pages")
    page = await load_page(await document.row(), 2, document.outside.ports)
    assert (page.number, page.text, page.source) == (2, "Me enfadé mucho aquel día.", "native")


async def test_the_canonical_text_is_the_pages_joined_by_form_feeds(document: Import) -> None:
    outcome = await document.until("read_pages")
    text = await load_text(await document.row(), document.outside.ports)
    assert text == "Nadie me avisó del cambio.\fMe enfadé mucho aquel día."
    done = {"status": "done", "left": 0, "assembled": True}
    assert outcome == {**done, "pages": 2, "not_read": [], "sources": {"native": 2}}
    async with document.study.tenant() as tx:
        pages = await tx.documents.pages(document.document_id)
    assert [text[page["start_offset"] : page["end_offset"]] for page in pages] == text.split("\f")


async def test_pages_that_could_not_be_read_are_named(document: Import) -> None:
    document.outside.reader.problems = {2: "The scan is too faint."}
    outcome = await document.until("read_pages")
    assert outcome["not_read"] == [2]
    assert "Page 2: The scan is too faint." in (await document.row()).warnings
    async with document.study.tenant() as tx:
        assert [page["problem"] for page in await tx.documents.pages(document.document_id)] == [
            None,
            "The scan is too faint.",
        ]


async def test_a_document_without_any_text_is_rejected_and_says_what_was_wrong(document: Import) -> None:
    document.outside.reader.problems = {1: "The scan is too faint.", 2: "The scan is too faint."}
    assert await document.until("read_pages") == {"status": "ended", "reason": "no_text"}
    row = await document.row()
    assert row.status == "rejected"
    assert row.error_message == "No text could be read in the document. The scan is too faint."


async def test_a_text_whose_pages_were_all_read_before_is_assembled_on_its_own(document: Import) -> None:
    await document.until("preprocess_document")
    await read_pages(PagesJob(*document.ids, 1, 1), document.outside.ports)
    page_2 = await read_pages(PagesJob(*document.ids, 2, 2), document.outside.ports)
    assert page_2["assembled"]
    async with document.study.database.tenant_connection(document.study.tenant_id) as db:
        await db.execute("update documents set status = 'ocr_processing' where document_id = $1", document.document_id)
    assert (await document.step("assemble_text"))["pages"] == 2


async def test_a_page_that_was_never_stored_fails_the_document_instead_of_missing_silently(document: Import) -> None:
    await document.until("preprocess_document")
    await read_pages(PagesJob(*document.ids, 1, 1), document.outside.ports)
    del document.outside.blobs.files["documents", page_path(*document.ids[::2], 1)]
    for outcome in (
        await read_pages(PagesJob(*document.ids, 2, 2), document.outside.ports),
        await document.step("assemble_text"),
    ):
        assert (outcome["status"], outcome["error"]) == ("failed", "not_found")


async def test_a_stored_page_is_plain_json(document: Import) -> None:
    await document.until("read_pages")
    stored = json.loads(document.outside.blobs.files["documents", page_path(*document.ids[::2], 1)])
    assert {"number", "text", "source", "confidence", "lines", "problem", "rotated"} <= set(stored)


async def test_a_page_comes_back_with_its_words(document: Import) -> None:
    await document.until("read_pages")
    path = page_path(*document.ids[::2], 1)
    box = (0.1, 0.2, 0.3, 0.4)
    line = Line(0, 5, box, 0.9, (Word(0, 5, box, 0.8),))
    page = Page(1, "Nadie", "ocr", lines=(line, Line(0, 5)))
    document.outside.blobs.files["documents", path] = json.dumps(asdict(page)).encode()
    assert await load_page(await document.row(), 1, document.outside.ports) == page


async def test_a_page_that_was_stored_before_words_were_kept_can_still_be_read(document: Import) -> None:
    await document.until("read_pages")
    path = page_path(*document.ids[::2], 1)
    stored = json.loads(document.outside.blobs.files["documents", path])
    stored["lines"] = [{"start": 0, "end": 5, "box": [0.1, 0.2, 0.3, 0.4], "confidence": 0.9}]
    document.outside.blobs.files["documents", path] = json.dumps(stored).encode()
    page = await load_page(await document.row(), 1, document.outside.ports)
    assert page.lines == (Line(0, 5, (0.1, 0.2, 0.3, 0.4), 0.9),)


async def test_reading_that_takes_long_stops_by_itself_and_keeps_what_it_read(
    study: Study, outside: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.steps.reading.OCR_SOFT_LIMIT", -1.0)
    outside.reader.media_type = "application/pdf"
    document = await Import.of(study, outside, "uno", "dos", "tres", "cuatro", "cinco")
    await document.until("preprocess_document")
    outcomes = [await read_pages(PagesJob(*document.ids, 1, 5), outside.ports) for _ in range(3)]
    assert [outcome["left"] for outcome in outcomes] == [3, 1, 0]  # two pages are under way at once
    assert outside.reader.asked == [(n, n) for n in range(1, 6)]
    assert [(await document.row()).progress, outcomes[-1]["assembled"]] == [30, True]


async def test_a_page_that_could_not_be_read_is_read_again_when_the_document_starts_anew(document: Import) -> None:
    study, outside = document.study, document.outside
    data = outside.blobs.files["documents", f"{study.tenant_id}/{document.document_id}/original"]
    outside.reader.problems = {2: "The scan is too faint."}
    for _ in range(2):
        await document.until("read_pages")
    assert outside.reader.asked == [(1, 2)]  # within one attempt it is not asked about again
    await fail_document(FailureJob(*document.ids, "ocr", "timeout", "Slow."), outside.ports)
    outside.reader.problems = {}
    await register_document(study.tenant_id, study.project_id, "a.txt", data, outside.ports)
    await document.until("assemble_text")
    assert outside.reader.asked == [(1, 2), (2, 2)]
    assert "enfadé" in await load_text(await document.row(), outside.ports)


async def test_a_stage_that_hangs_is_given_up_and_tried_again(document: Import) -> None:
    async def hang(*_: object) -> Any:
        await asyncio.sleep(60)

    slow = stage(PREPROCESS, limit=0.05)(hang)
    outcome = await slow(ImportJob(*document.ids), document.outside.ports)
    assert (outcome["status"], outcome["error"]) == ("retry", "timeout")
    assert (await document.row()).error_code == "timeout"
