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
