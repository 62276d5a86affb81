"""Embeddings by a model: in the ledger, counted, limited; and a search that goes on without them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localhost.stack import Stack
from tests.app.test_theory import talk
from tests.support.app import RunningApp, model
from tests.support.model_server import ModelServer, behaviours

EMBEDDING = {"EMBEDDING_DEPLOYMENT": "test-embedding", "EMBEDDING_DIMENSIONS": "64"}
# A million tokens of embedding cost a thousand of whatever money; nothing else costs anything.
PRICES = {"MODEL_PRICES": "test-embedding=1000/0"}


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(invent=0.0) as running:
        yield running


async def test_what_is_embedded_is_on_record_and_counted_and_asked_once(
    stack: Stack, tmp_path: Path, server: ModelServer
) -> None:
    settings = model(server.base_url) | EMBEDDING | PRICES
    async with RunningApp(stack, tmp_path / "embeddings", settings) as app:
        project_id = await app.create_project(language="en")
        await app.import_files(project_id, talk("Irene"))
        query = "How did the days begin?"
        found = await app.search(project_id, query)
        assert found["by_words_alone"] is None
        assert any("vectors" in hit["found_by"] for hit in found["items"])
        assert await app.search(project_id, query) == found

        embedded = [one for one in server.asked if one.purpose == "embedding"]
        rows = await app.rows("select * from model_calls where purpose = 'embedding'")
        assert {row["input_sha256"] for row in rows} == {one.input_sha256 for one in embedded}
        assert {(row["state"], row["attempts"]) for row in rows} == {("answered", 1)}
        assert {(row["deployment"], str(row["project_id"])) for row in rows} == {("test-embedding", project_id)}
        assert all(row["region"] and row["prompt_tokens"] for row in rows)
        spent = "select sum(cost) > 0 and sum(cost) = (select cost from tenant_spending) from model_calls"
        assert await app.value(spent)
        labels = f'deployment="test-embedding",purpose="embedding",tenant_id="{app.tenant}"'
        metrics = (await app.ask("GET", "metrics")).body.decode()
        assert f"theogen_model_calls_total{{{labels}}} {len(embedded)}.0" in metrics

        # The same words in another project of the tenant are known.
        await app.import_files(await app.create_project(language="en"), talk("Irene"))
        assert len([one for one in server.asked if one.purpose == "embedding"]) == len(embedded)


async def test_at_the_spending_limit_documents_wait_for_a_replay_and_search_goes_by_words(
    stack: Stack, tmp_path: Path, server: ModelServer
) -> None:
    settings = model(server.base_url) | EMBEDDING | PRICES | {"TENANT_SPENDING_LIMIT": "0.02"}
    async with RunningApp(stack, tmp_path / "embedding-limit", settings) as app:
        project_id = await app.create_project(language="en")
        [first] = await app.import_files(project_id, talk("Julia"))
        assert first["status"] == "completed"
        asked = len(server.asked)
        [receipt] = await app.upload(project_id, talk("Karin"))
        second = await app.wait_for_document(receipt["document_id"])
        assert (second["status"], second["error_code"]) == ("index_failed", "spending_limit")

        async def buried() -> bool:
            letters = (await app.get("dead-letters?error=spending_limit"))["items"]
            return [letter["stage"] for letter in letters] == ["index"]

        await app.until(buried, "the document's request is a dead letter")
        found = await app.search(project_id, "days")
        assert found["by_words_alone"] == "spending_limit"
        assert {tuple(hit["found_by"]) for hit in found["items"]} == {("text",)}
        assert len(server.asked) == asked


async def test_a_search_does_not_wait_for_an_embedding_that_cannot_come(
    stack: Stack, tmp_path: Path, server: ModelServer
) -> None:
    async with RunningApp(stack, tmp_path / "embedding-away", model(server.base_url) | EMBEDDING) as app:
        project_id = await app.create_project(language="en")
        await app.import_files(project_id, talk("Lena"))
        server.script(behaviours.throttled(retry_after="60"))
        found = await app.search(project_id, "days")
        assert found["by_words_alone"] == "rate_limit"
        assert found["items"]
