"""Embeddings against a real server with the real SDK."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

import pytest

from shared.adapters.openai import AzureEndpoint, CompatibleEndpoint, OpenAIEmbedder
from shared.domain import errors
from tests.support.model_server import ModelServer, behaviours


@pytest.fixture
async def embedder(server: ModelServer) -> AsyncIterator[OpenAIEmbedder]:
    made = OpenAIEmbedder("embed-test", 64, CompatibleEndpoint(server.base_url))
    yield made
    await made.close()


async def test_vectors_are_of_unit_length_and_in_order(embedder: OpenAIEmbedder) -> None:
    texts = ["hiding tiredness", "ocultando el cansancio", "", "hiding tiredness"]
    vectors = await embedder.embed(texts)
    assert [math.hypot(*vector) for vector in vectors[:2]] == pytest.approx([1, 1])
    assert len(vectors) == 4
    assert vectors[0] == vectors[3] != vectors[1]
    assert vectors[0] == (await embedder.embed(["hiding tiredness"]))[0]


async def test_many_texts_go_in_batches_of_at_most_256(embedder: OpenAIEmbedder, server: ModelServer) -> None:
    vectors = await embedder.embed([f"text number {number}" for number in range(600)])
    assert len(vectors) == 600
    assert [len(asked.body["input"]) for asked in server.asked] == [256, 256, 88]


async def test_no_texts_ask_nobody(embedder: OpenAIEmbedder, server: ModelServer) -> None:
    assert await embedder.embed([]) == []
    assert not server.asked


async def test_azure_embeds_by_deployment_and_shortens_when_told(server: ModelServer) -> None:
    embedder = OpenAIEmbedder("emb", 32, AzureEndpoint(server.azure_endpoint, "2024-10-21", "key"), shorten=True)
    vectors = await embedder.embed(["one"])
    await embedder.close()
    assert len(vectors[0]) == 32 == server.asked[0].body["dimensions"]
    assert server.asked[0].path.startswith("/openai/deployments/emb/embeddings")


async def test_vectors_of_other_dimensions_than_agreed_are_refused(server: ModelServer) -> None:
    embedder = OpenAIEmbedder("emb", 1536, CompatibleEndpoint(server.base_url))
    with pytest.raises(errors.BadModelRequest, match="1536"):
        await embedder.embed(["one"])
    await embedder.close()


async def test_errors_are_ours(embedder: OpenAIEmbedder, server: ModelServer) -> None:
    server.script(behaviours.throttled(retry_after="2"), behaviours.too_long_in_words, behaviours.failing)
    for expected in (errors.Throttled, errors.TooLong, errors.Unavailable):
        with pytest.raises(expected) as caught:
            await embedder.embed(["Rosalinda"])
        assert "Rosalinda" not in str(caught.value)
        assert caught.value.__context__ is None
