"""Batches of documents, as an operator uses them."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import aiohttp

from tests.support.app import File, Json, RunningApp


def notes(*names: str) -> list[File]:
    """Small interviews, each with words of its own."""
    return [
        (
            f"{name}.txt",
            f"Interviewer: What changed?\n\nAna: After {name} left, nobody told us when to come.\n".encode(),
        )
        for name in names
    ]


def zipped(*files: File) -> bytes:
    """The files as an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def form(*files: File) -> aiohttp.FormData:
    """The files as a form."""
    data = aiohttp.FormData(quote_fields=False)
    for name, content in files:
        data.add_field("file", content, filename=name, content_type="application/octet-stream")
    return data


async def new_batch(app: RunningApp, project_id: str, name: str = "") -> str:
    answer = await app.ask("POST", "batches", json={"project_id": project_id, "name": name})
    assert answer.status == 201, answer.body
    return str(answer.body["batch_id"])


async def ingest(app: RunningApp, batch_id: str, **options: Any) -> Json:
    """What an accepted ingest answers."""
    answer = await app.ask("POST", f"batches/{batch_id}/ingest", **options)
    assert answer.status == 202, answer.body
    assert answer.headers["Location"] == f"/api/batches/{batch_id}/status"
    return answer.body


async def ended(app: RunningApp, batch_id: str) -> Json:
    """The status of a batch once all of it has ended."""

    async def over() -> bool:
        return bool((await app.get(f"batches/{batch_id}/status"))["status"] == "ended")

    await app.until(over, "the batch has ended")
    return await app.get(f"batches/{batch_id}/status")


async def test_files_of_a_form_are_imported_and_counted(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id, "Friday")
    assert (await app.get(f"batches/{batch_id}/status"))["status"] == "empty"
    taken = await ingest(app, batch_id, data=form(*notes("Berta", "Carla", "Dora")))
    assert taken == {"batch_id": batch_id, "registered": 3, "enqueued": 3, "pipeline_enqueued": True}
    status = await ended(app, batch_id)
    assert (status["total"], status["done"], status["failed"], status["progress"]) == (3, 3, 0, 100)
    assert status["by_status"] == {"completed": 3}
    assert status["by_stage"] == {"index": 3}
    assert sum(status["by_type"].values()) == 3
    assert (status["by_error"], status["seconds_left"]) == ({}, 0)
    assert status["started_at"] < status["ended_at"]


async def test_an_archive_is_unpacked_and_what_is_damaged_in_it_is_named(app: RunningApp) -> None:
    batch_id = await new_batch(app, await app.create_project(language="en"))
    data = zipped(*notes("folder/Elsa", "Frida"), ("__MACOSX/Frida.txt", b"x"), ("broken.txt", b"Unlucky " * 99))
    at = data.index(b"broken.txt") + len(b"broken.txt") + 3
    data = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
    taken = await ingest(app, batch_id, data=data, headers={"Content-Type": "application/zip"})
    assert taken["registered"] == 3
    status = await ended(app, batch_id)
    assert (status["total"], status["done"], status["failed"]) == (3, 2, 1)
    assert status["by_error"] == {"damaged": 1}
    names = await app.rows("select name from batch_items where batch_id = $1 order by name", batch_id)
    assert [row["name"] for row in names] == ["Frida.txt", "broken.txt", "folder/Elsa.txt"]


async def test_documents_that_are_uploaded_already_are_counted_as_they_are(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    documents = await app.import_files(project_id, *notes("Greta", "Hilda"))
    batch_id = await new_batch(app, project_id)
    known = [document["document_id"] for document in documents]
    for _ in range(2):
        taken = await ingest(app, batch_id, json={"documents": [*known, known[0]]})
        assert (taken["registered"], taken["enqueued"]) == (2, 0)
    status = await app.get(f"batches/{batch_id}/status")
    assert (status["status"], status["total"], status["done"]) == ("ended", 2, 2)
    foreign = await app.import_files(await app.create_project(language="en"), *notes("Ilse"))
    answer = await app.ask(
        "POST", f"batches/{batch_id}/ingest", json={"documents": [foreign[0]["document_id"], known[0]]}
    )
    assert answer.status == 404
    assert (await app.get(f"batches/{batch_id}/status"))["total"] == 2


async def test_uploaded_blobs_are_taken_by_prefix_whether_the_blob_trigger_was_quicker_or_not(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    files = notes(*(f"visits/{n}" for n in range(5)), "other/x")
    for name, data in files:
        await app.drop_blob(f"{app.tenant}/{project_id}/{name}", data)
    batch_id = await new_batch(app, project_id)
    assert (await ingest(app, batch_id, json={"prefix": "visits/"}))["registered"] == 5
    status = await ended(app, batch_id)
    assert (status["total"], status["done"]) == (5, 5)
    assert (await ingest(app, batch_id, json={"prefix": "visits/"}))["registered"] == 5
    assert (await app.get(f"batches/{batch_id}/status"))["total"] == 5
    twice = await app.rows(
        "select document_id from stage_events join documents using (document_id) "
        "where project_id = $1 and stage_events.status = 'completed' group by document_id having count(*) > 1",
        project_id,
    )
    assert twice == []


async def test_a_blob_that_is_not_there_fails_and_can_be_sent_later(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    await ingest(app, batch_id, json={"blobs": ["late/Jana.txt"]})
    status = await ended(app, batch_id)
    assert (status["failed"], status["by_error"]) == (1, {"not_found": 1})
    [(_, data)] = notes("Jana")
    await app.drop_blob(f"{app.tenant}/{project_id}/late/Jana.txt", data)
    again = await app.ask("POST", f"batches/{batch_id}/retry", json={"error": "not_found"})
    assert (again.status, again.body["enqueued"]) == (202, 1)
    status = await ended(app, batch_id)
    assert (status["total"], status["done"]) == (1, 1)


async def test_an_archive_among_the_uploads_is_unpacked(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    answer = await app.ask("POST", f"batches/{batch_id}/ingest", json={"archive": "all.zip"})
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    path = f"{app.tenant}/{project_id}/all.zip"
    await app.drop_blob(path, zipped(*notes("Kira", "Lena")))
    assert (await ingest(app, batch_id, json={"archive": "all.zip"}))["registered"] == 2
    assert (await ended(app, batch_id))["done"] == 2

    async def gone() -> bool:
        return await app.blob("uploads", path) is None

    await app.until(gone, "the archive is removed")


async def test_an_archive_in_a_form_is_unpacked_beside_its_other_files(app: RunningApp) -> None:
    batch_id = await new_batch(app, await app.create_project(language="en"))
    taken = await ingest(app, batch_id, data=form(("all.zip", zipped(*notes("Kira", "Lena"))), *notes("Mila")))
    assert taken["registered"] == 3
    assert (await ended(app, batch_id))["done"] == 3


async def test_a_document_that_was_refused_is_tried_again_with_what_is_known_better(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    await ingest(app, batch_id, data=form(("blank.txt", b"    "), *notes("Nora")))
    status = await ended(app, batch_id)
    assert (status["done"], status["failed"], status["by_status"]["rejected"]) == (1, 1, 1)
    [document] = (await app.get(f"projects/{project_id}/documents?status=rejected"))["items"]
    everything = await app.ask("POST", f"batches/{batch_id}/retry")
    assert everything.body["enqueued"] == 0  # what was refused for good is tried again only when it is asked for
    correction = {"document_id": document["document_id"], "type": "interview", "language": "es", "name": "Nota.txt"}
    one = await app.ask("POST", f"batches/{batch_id}/retry", json={"items": [correction]})
    assert (one.status, one.body["enqueued"]) == (202, 1)
    await ended(app, batch_id)
    again = await app.get(f"documents/{document['document_id']}")
    assert (again["status"], again["name"]) == ("rejected", "Nota.txt")
    assert [event["status"] for event in again["events"]].count("rejected") == 2


async def test_batches_are_listed_newest_first_to_members_only(app: RunningApp) -> None:
    project_id = await app.create_project(language="en")
    ids = [await new_batch(app, project_id, name) for name in ("one", "two", "three")]
    first = await app.get(f"batches?project_id={project_id}&limit=2")
    assert [item["batch_id"] for item in first["items"]] == ids[:0:-1]
    rest = await app.get(f"batches?project_id={project_id}&limit=2&after={first['next']}")
    assert ([item["batch_id"] for item in rest["items"]], rest["next"]) == (ids[:1], None)
    stranger = {"X-User-Id": "stranger"}
    assert (await app.get(f"batches?project_id={project_id}", headers=stranger))["items"] == []
    for method, path in (("GET", "status"), ("POST", "ingest"), ("POST", "retry")):
        answer = await app.ask(method, f"batches/{ids[0]}/{path}", headers=stranger, json={"prefix": "a"})
        assert answer.status in {400, 404}, (method, path, answer.body)
        if path != "retry":
            assert answer.status == 404


async def test_a_request_that_names_nothing_or_two_things_is_refused(app: RunningApp) -> None:
    batch_id = await new_batch(app, await app.create_project(language="en"))
    bodies: list[Json] = [{}, {"prefix": "a", "blobs": ["b"]}, {"documents": []}, {"documents": ["x"]}, {"unknown": 1}]
    for body in bodies:
        assert (await app.ask("POST", f"batches/{batch_id}/ingest", json=body)).status == 400, body
    answer = await app.ask(
        "POST", f"batches/{batch_id}/ingest", data=b"no archive", headers={"Content-Type": "application/zip"}
    )
    assert (answer.status, answer.body["code"]) == (422, "damaged")
