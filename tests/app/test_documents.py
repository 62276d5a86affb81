"""Documents over HTTP: from upload to passages that search finds."""

from __future__ import annotations

import json
import uuid
from itertools import pairwise
from urllib.parse import quote

import pytest

from shared.domain.document import STAGES
from tests.app.conftest import Study
from tests.support.app import ROOT, Json, RunningApp, sample


@pytest.mark.slow
async def test_every_format_walks_through_all_stages(app: RunningApp, study: Study) -> None:
    media = {document["media_type"] for document in study.documents.values()}
    assert {"application/pdf", "text/plain"} < media
    assert any("wordprocessingml" in kind for kind in media)
    for document in study.documents.values():
        assert (document["status"], document["stage"], document["progress"]) == ("completed", "index", 100)
        assert (document["type"], document["error_code"]) == ("interview", None)
        told = [event["status"] for event in document["events"]]
        way = ["pending", *(status for stage in STAGES.values() for status in (stage.running, stage.done))]
        assert list(dict.fromkeys(told)) == way


async def test_progress_never_falls_and_ends_at_a_hundred(app: RunningApp) -> None:
    project_id = await app.create_project()
    [receipt] = await app.upload(project_id, ("one.txt", b"Anna: I came here in spring, and I stayed. " * 60))
    seen: list[int] = []

    async def ended() -> bool:
        document = await app.get(f"documents/{receipt['document_id']}")
        seen.append(document["progress"])
        return bool(document["status"] == "completed")

    await app.until(ended, "the import has ended")
    assert seen == sorted(seen)
    assert seen[-1] == 100


async def test_an_upload_is_answered_at_once_with_a_receipt_for_each_file(app: RunningApp) -> None:
    project_id = await app.create_project()
    receipts = await app.upload(project_id, ("a.txt", b"One day we met."), ("b.txt", b"Another day we parted."))
    assert [receipt["name"] for receipt in receipts] == ["a.txt", "b.txt"]
    assert all(receipt["task_id"] == receipt["document_id"] and receipt["status"] == "pending" for receipt in receipts)
    assert all("duplicate_of" not in receipt for receipt in receipts)
    for receipt in receipts:
        await app.wait_for_document(receipt["document_id"])


async def test_a_raw_body_with_its_name_in_a_header_is_a_file_too(app: RunningApp) -> None:
    project_id = await app.create_project()
    name = "informe año.txt"
    answer = await app.ask(
        "POST",
        f"projects/{project_id}/documents",
        data="Ayer llegué tarde a casa.".encode(),
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
    assert answer.status == 202
    assert answer.headers["Location"] == f"/api/projects/{project_id}/documents"
    document = await app.wait_for_document(answer.body[0]["document_id"])
    assert (document["name"], document["status"]) == (name, "completed")


async def test_a_request_without_a_file_is_refused(app: RunningApp) -> None:
    project_id = await app.create_project()
    no_name = await app.ask("POST", f"projects/{project_id}/documents", data=b"some text")
    no_file = await app.ask(
        "POST",
        f"projects/{project_id}/documents",
        data=b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    broken = await app.ask(
        "POST", f"projects/{project_id}/documents", data=b"", headers={"Content-Type": "multipart/form-data"}
    )
    assert [(a.status, a.body["code"]) for a in (no_name, no_file, broken)] == [(400, "invalid_request")] * 3


async def test_pages_and_passages_resolve_in_the_text(app: RunningApp, study: Study) -> None:
    for document in study.documents.values():
        text = await app.text(document["document_id"])
        assert document["page_count"] == len(document["pages"])
        for page in document["pages"]:
            shown = await app.get(f"documents/{document['document_id']}/pages/{page['number']}")
            assert text[page["start_offset"] : page["end_offset"]] == shown["text"]
            assert all(shown["text"][line["start"] : line["end"]].strip() for line in shown["lines"])
        assert "\f".join(text[p["start_offset"] : p["end_offset"]] for p in document["pages"]) == text
        passages = await _passages(app, document)
        assert passages
        for passage in passages:
            assert 0 <= passage["context_start"] <= passage["start_offset"] < passage["end_offset"] <= len(text)
            assert _page_of(document, passage["start_offset"]) == passage["page"]
            runs = _runs(passage)
            following = [*(at for at, _, _ in runs[1:]), len(passage["text"])]
            for (at, start, end), until in zip(runs, following, strict=True):
                assert passage["start_offset"] <= start <= end <= passage["end_offset"]
                if end - start == until - at:  # one to one, but for ends of lines that became spaces
                    assert passage["text"][at:until].split() == text[start:end].split()


async def test_passages_for_coding_do_not_overlap_and_leave_nothing_out(app: RunningApp, study: Study) -> None:
    for document in study.documents.values():
        passages = await _passages(app, document)
        spans = [(passage["start_offset"], passage["end_offset"]) for passage in passages]
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        text = await app.text(document["document_id"])
        covered = sum(end - start for start, end in spans)
        assert covered > 0.9 * len(text.strip())


@pytest.mark.parametrize(
    ("query", "language", "name"),
    [
        ("la pulsera y el mapa que vigila a las trabajadoras", "es", "entrevista"),
        ("how nurses and carers talk to each other about a patient", "en", "interview-06"),
    ],
)
async def test_search_finds_passages_in_both_languages(
    app: RunningApp, study: Study, query: str, language: str, name: str
) -> None:
    hits = await _search(app, study.project_id, query=query, limit=5)
    assert len(hits) == 5
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert any(hit["language"] == language and hit["document"].startswith(name) for hit in hits[:3])
    for hit in hits:
        document = study.documents[hit["document"]]
        text = await app.text(document["document_id"])
        assert _page_of(document, hit["start"]) == hit["page"]
        assert hit["quote"] == text[hit["start"] : hit["end"]]
        assert set(hit["found_by"]) <= {"vectors", "text"}


async def test_a_word_is_found_without_its_accent_and_a_phrase_only_as_it_stands(app: RunningApp, study: Study) -> None:
    hits = await _search(app, study.project_id, query="cronometro")
    assert "cronómetro" in hits[0]["quote"]
    assert "text" in hits[0]["found_by"]
    phrase = await _search(app, study.project_id, query='"PULSERA como las de los presos"')
    assert phrase
    assert all("pulsera como las de los presos" in " ".join(hit["quote"].split()) for hit in phrase)
    assert await _search(app, study.project_id, query='"presos los de las como"') == []


async def test_a_search_is_read_page_by_page_without_a_hit_twice(app: RunningApp, study: Study) -> None:
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        path = f"projects/{study.project_id}/search"
        answer = await app.ask("POST", path, json={"query": "la confianza", "limit": 4, "after": after})
        seen += [hit["passage_id"] for hit in answer.body["items"]]
        after = answer.body["next"]
    assert len(seen) == len(set(seen)) > 8


@pytest.mark.parametrize(
    ("query", "code"), [("", "query_empty"), ("  ", "query_empty"), ("a" * 2001, "query_too_long")]
)
async def test_a_query_that_cannot_be_is_refused_by_name(app: RunningApp, study: Study, query: str, code: str) -> None:
    answer = await app.ask("POST", f"projects/{study.project_id}/search", json={"query": query})
    assert (answer.status, answer.body["code"]) == (422, code)


async def test_search_knows_dates_and_parties_of_business_papers(app: RunningApp) -> None:
    project_id = await app.create_project()
    [bill] = await app.import_files(project_id, *sample("factura-2026-0117"))
    assert bill["status"] == "completed"
    in_time = {"date_from": "2026-03-01", "date_to": "2026-03-31"}
    assert await _search(app, project_id, query="pegatinas", **in_time)
    assert await _search(app, project_id, query="pegatinas", party=["TALLER DIGITAL"], type=["invoice"])
    assert await _search(app, project_id, query="pegatinas", party=["B00417329"])
    assert await _search(app, project_id, query="pegatinas", date_from="2026-04-01") == []
    assert await _search(app, project_id, query="pegatinas", party=["Iberdrola"]) == []


async def test_search_keeps_to_its_filters_and_to_its_project(app: RunningApp, study: Study) -> None:
    english = [d for name, d in study.documents.items() if name.startswith("interview")]
    wanted = english[0]["document_id"]
    assert {h["document_id"] for h in await _search(app, study.project_id, document_id=[wanted])} == {wanted}
    assert {h["language"] for h in await _search(app, study.project_id, language=["en"])} == {"en"}
    assert await _search(app, study.project_id, type=["invoice"]) == []
    assert await _search(app, await app.create_project()) == []


async def test_many_documents_at_once_all_arrive(app: RunningApp) -> None:
    project_id = await app.create_project()
    files = [(f"{n}.txt", f"Ana: En la visita {n} hablamos de la confianza y del mapa.".encode()) for n in range(40)]
    documents = await app.import_files(project_id, *files)
    assert {document["status"] for document in documents} == {"completed"}
    assert len({document["document_id"] for document in documents}) == len(files)
    hits = await _search(app, project_id, query="la confianza", limit=100)
    assert {hit["document"] for hit in hits} == {name for name, _ in files}


async def test_the_same_bytes_twice_are_one_document(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = b"Interviewer: What changed?\nBen: The hours changed, and with them everything."
    [first] = await app.upload(project_id, ("one.txt", data))
    await app.wait_for_document(first["document_id"])
    again, renamed = await app.upload(project_id, ("one.txt", data), ("copy of one.txt", data))
    assert {again["duplicate_of"], renamed["duplicate_of"]} == {first["document_id"]}
    assert renamed["status"] == "completed"
    assert len((await app.get(f"projects/{project_id}/documents"))["items"]) == 1
    document = await app.wait_for_document(first["document_id"])
    assert [event["status"] for event in document["events"]].count("completed") == 1
    names = await app.rows("select name from document_names where document_id = $1 order by 1", first["document_id"])
    assert [row["name"] for row in names] == ["copy of one.txt", "one.txt"]


async def test_the_same_bytes_in_one_form_are_one_document(app: RunningApp) -> None:
    project_id = await app.create_project()
    data = b"Said twice in one breath, and still said once."
    receipts = await app.upload(project_id, ("a.txt", data), ("b.txt", data))
    assert len({receipt["document_id"] for receipt in receipts}) == 1
    document = await app.wait_for_document(receipts[0]["document_id"])
    assert [event["status"] for event in document["events"]].count("completed") == 1


async def test_the_same_bytes_in_another_project_are_another_document(app: RunningApp) -> None:
    data = b"What is said in one study says nothing in another."
    ids = []
    for _ in range(2):
        [document] = await app.import_files(await app.create_project(), ("a.txt", data))
        ids.append(document["document_id"])
    assert len(set(ids)) == 2


async def test_a_list_is_read_page_by_page(app: RunningApp, study: Study) -> None:
    seen: list[str] = []
    following: str | None = ""
    while following is not None:
        page = await app.get(f"projects/{study.project_id}/documents?limit=2{following and f'&after={following}'}")
        seen += [item["name"] for item in page["items"]]
        following = page["next"]
    assert sorted(seen) == sorted(study.documents)
    path = f"projects/{study.project_id}/documents"
    assert (await app.get(f"{path}?status=rejected"))["items"] == []
    assert len((await app.get(f"{path}?type=interview&status=completed"))["items"]) == len(study.documents)


async def test_a_foreign_document_is_answered_like_a_missing_one(app: RunningApp, study: Study) -> None:
    [document, *_] = study.documents.values()
    for path in ("", "/text", "/pages/1"):
        foreign = await app.ask(
            "GET", f"documents/{document['document_id']}{path}", headers={"X-Tenant-Id": str(uuid.uuid4())}
        )
        missing = await app.ask("GET", f"documents/{uuid.uuid4()}{path}")
        assert foreign.status == missing.status == 404
        assert foreign.body == missing.body


async def test_a_member_of_no_project_sees_no_document_of_it(app: RunningApp, study: Study) -> None:
    [document, *_] = study.documents.values()
    answer = await app.ask("GET", f"documents/{document['document_id']}", headers={"X-User-Id": "not-a-member"})
    missing = await app.ask("GET", f"documents/{uuid.uuid4()}")
    assert (answer.status, answer.body) == (404, missing.body)


async def test_a_page_that_does_not_exist_is_not_found(app: RunningApp, study: Study) -> None:
    [document, *_] = study.documents.values()
    for number in ("0", "999"):
        answer = await app.ask("GET", f"documents/{document['document_id']}/pages/{number}")
        assert answer.status == 404


async def test_an_invoice_becomes_a_record(app: RunningApp) -> None:
    project_id = await app.create_project()
    [document] = await app.import_files(project_id, *sample("factura-2026-0117"))
    assert (document["status"], document["type"]) == ("completed", "invoice"), document["error_message"]
    truth = json.loads((ROOT / "sample/texts/factura-2026-0117.json").read_text())
    assert document["record"]["findings"] == []
    [row] = await app.rows(
        "select number, total, currency, issue_date, seller_tax_id from invoices where document_id = $1",
        document["document_id"],
    )
    assert row["number"] in json.dumps(truth)
    assert row["total"].rstrip("0") == "980.1"
    assert row["currency"] == "EUR"


async def _passages(app: RunningApp, document: Json) -> list[Json]:
    return await app.rows(
        "select start_offset, end_offset, context_start, page, text, runs::text as runs from passages "
        "where document_id = $1 order by ordinal",
        document["document_id"],
    )


def _runs(passage: Json) -> list[list[int]]:
    return list(json.loads(passage["runs"]))


async def _search(app: RunningApp, project_id: str, **wish: Json) -> list[Json]:
    answer = await app.ask("POST", f"projects/{project_id}/search", json={"query": "the app", **wish})
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def _page_of(document: Json, offset: int) -> int:
    return int(max(page["number"] for page in document["pages"] if page["start_offset"] <= offset))
