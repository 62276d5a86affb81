"""SIGKILL of the host at random moments: everything completes once, and no answer is paid for twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from localhost.stack import Stack
from shared.domain.document import FINISHED_STATUSES
from shared.domain.runs import FINISHED
from tests.support.app import File, Json, RunningApp, applications, model, quotes, sample, unresolved
from tests.support.provider import Provider, check_nothing_was_paid_for_twice, provider_process

SEED = 20260117
KILLS = 10
FRAGMENTS, INTERVIEWS = 4, 2
SETTINGS = {"CODING_FRAGMENT_CONCURRENCY": str(FRAGMENTS), "THEORY_INTERVIEW_CONCURRENCY": str(INTERVIEWS)}
# Everything that must be there once, however often the host died.
UNIQUE = {
    "documents": "project_id, sha256",
    "passages": "document_id, start_offset, end_offset",
    "pages": "document_id, number",
    "codes": "project_id, normalised_label",
    "code_applications": "code_id, document_id, start_offset, end_offset, coder",
    "passage_codings": "passage_id, coder",
    "theories": "run_id",
    "propositions": "theory_id, ordinal",
    "evidence": "claim_id, application_id, stance",
    "invoices": "document_id",
}


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    with provider_process(tmp_path / "provider.log") as running:
        yield running


@dataclass
class Killer:
    """Kills the host at random moments, and starts it again on what it left."""

    app: RunningApp
    chance: random.Random
    spans: list[tuple[float, float]] = field(default_factory=list)

    async def kill(self, longest: float) -> None:
        """Wait for a while that nobody knows, kill, start."""
        await asyncio.sleep(self.chance.uniform(0.0, longest))
        began = time.time()
        await asyncio.to_thread(self.app.kill)
        self.spans.append((began, time.time()))
        await self.app.start()


@pytest.mark.slow
async def test_an_import_and_a_run_survive_ten_kills(stack: Stack, tmp_path: Path, provider: Provider) -> None:
    async with RunningApp(stack, tmp_path / "kills", model(provider.base_url) | SETTINGS) as app:
        killer = Killer(app, random.Random(SEED))
        project_id = await app.create_project(language="es", research_question="¿Qué cambia con la aplicación?")
        await _import(app, killer, project_id)
        documents = (await app.get(f"projects/{project_id}/documents"))["items"]
        assert {document["status"] for document in documents} == {"completed"}, documents
        theory = await _run(app, killer, project_id)
        assert len(killer.spans) == KILLS

        assert await unresolved(app, quotes(theory)) == []
        assert await unresolved(app, await applications(app, project_id)) == []
        assert theory["coverage"]["passages"] == theory["coverage"]["coded_passages"]
        assert await _doubles(app) == {}
        await _each_stage_is_done_once(app, documents)
        await check_nothing_was_paid_for_twice(app, provider, killer.spans, FRAGMENTS * INTERVIEWS)
        assert len(provider.asked()) > 20


async def _import(app: RunningApp, killer: Killer, project_id: str) -> None:
    """Uploads by a client that tries again, with the host killed over and over meanwhile."""
    files = sample("entrevista-01", "entrevista-02", "entrevista-04", "factura", "interview-06", "interview-07")
    uploads = asyncio.create_task(_stubborn_upload(app, project_id, files))
    for stretch in (0, 10, 40, 65, 85):

        async def reached(least: int = stretch) -> bool:
            items = (await app.get(f"projects/{project_id}/documents"))["items"]
            return max((item["progress"] for item in items), default=0) >= least

        await app.until(reached, f"a document is at {stretch} %")
        await killer.kill(0.4)
    for document_id in await uploads:
        await app.wait_for_document(document_id)


async def _stubborn_upload(app: RunningApp, project_id: str, files: list[File]) -> list[str]:
    """One file after another, each until it is accepted."""
    ids = []
    for file in files:
        while True:
            try:
                [receipt] = await app.upload(project_id, file)
            except (aiohttp.ClientError, AssertionError, OSError):
                await asyncio.sleep(0.2)
            else:
                ids.append(receipt["document_id"])
                break
    assert all(ids)
    return ids


async def _run(app: RunningApp, killer: Killer, project_id: str) -> Json:
    """A theory with kills from its first moment on, for as long as it takes."""
    task = await app.start_theory(project_id)
    path = f"projects/{project_id}/generate-theory/status/{task}"
    alive = 0
    # Every step gets its turn, whatever the seed: one kill in each stretch of the way.
    for stretch in (0, 10, 60, 74, 90):

        async def reached(least: int = stretch) -> bool:
            status = await app.get(path)
            return status["progress"] >= least or status["status"] in FINISHED

        await app.until(reached, f"the run is at {stretch} %")
        alive += (await app.get(path))["status"] not in FINISHED
        await killer.kill(0.4)
    assert alive >= 4, "The run was over before the kills were: lengthen the model's delay."
    status = await app.wait_for_run(project_id, task)
    assert status["status"] == "completed", f"{status}{app.words()}"
    return await app.get(f"projects/{project_id}/theories/{status['theory_id']}")


async def _doubles(app: RunningApp) -> dict[str, list[Json]]:
    """Rows that say the same twice, by table."""
    found = {
        table: await app.rows(f"select {key}, count(*) from {table} group by {key} having count(*) > 1")
        for table, key in UNIQUE.items()
    }
    return {table: rows for table, rows in found.items() if rows}


async def _each_stage_is_done_once(app: RunningApp, documents: list[Json]) -> None:
    for document in documents:
        events = (await app.get(f"documents/{document['document_id']}"))["events"]
        done = [event["status"] for event in events if event["status"] in FINISHED_STATUSES]
        assert done == ["completed"], events


@pytest.mark.slow
async def test_no_text_is_embedded_again_whatever_dies(stack: Stack, tmp_path: Path, provider: Provider) -> None:
    embedding = {"EMBEDDING_DEPLOYMENT": "test-embedding", "EMBEDDING_DIMENSIONS": "64"}
    async with RunningApp(stack, tmp_path / "embedding-kills", model(provider.base_url) | embedding) as app:
        killer = Killer(app, random.Random(SEED + 2))
        project_id = await app.create_project(language="es")
        files = sample("entrevista-01", "entrevista-02", "entrevista-04", "interview-06", "interview-07")
        uploads = asyncio.create_task(_stubborn_upload(app, project_id, files))
        for _ in range(6):

            async def embedding_under_way(known: int = len(provider.embedded())) -> bool:
                items = (await app.get(f"projects/{project_id}/documents"))["items"]
                ended = [item for item in items if item["status"] == "completed"]
                return len(provider.embedded()) > known or len(ended) == len(files)

            await app.until(embedding_under_way, "something new is being embedded")
            await killer.kill(0.3)
        for document_id in await uploads:
            assert (await app.wait_for_document(document_id))["status"] == "completed"
        found = await app.search(project_id, "la aplicación")
        assert found["by_words_alone"] is None
        # Of each document one call at a time: a description or a batch of passages.
        await check_nothing_was_paid_for_twice(app, provider, killer.spans, len(files))
        assert len(provider.embedded()) > 20


@pytest.mark.slow
async def test_dropped_files_survive_kills(app: RunningApp) -> None:
    killer = Killer(app, random.Random(SEED + 1))
    project_id = await app.create_project(language="en")
    for number in range(6):
        data = f"Interviewer: Visit {number}?\n\nOlga: On visit {number} nobody opened the door, so I called again.\n"
        await app.drop_blob(f"{app.tenant}/{project_id}/visit-{number}.txt", data.encode())
    for _ in range(3):
        await killer.kill(0.7)

    async def all_there() -> bool:
        items = (await app.get(f"projects/{project_id}/documents"))["items"]
        return len(items) == 6 and all(item["status"] == "completed" for item in items)

    await app.until(all_there, "all dropped files are imported")
    container = app.blobs.get_container_client("uploads")
    prefix = f"{app.tenant}/{project_id}/"

    async def all_gone() -> bool:
        return not [blob async for blob in container.list_blobs(name_starts_with=prefix)]

    await app.until(all_gone, "all incoming blobs are removed")
    assert await _doubles(app) == {}
    await _each_stage_is_done_once(app, (await app.get(f"projects/{project_id}/documents"))["items"])
