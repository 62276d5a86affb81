"""Embeddings through the ledger: each text once, in the name of whom it belongs to."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator

import pytest

from shared.adapters.openai import CompatibleEndpoint, OpenAIEmbedder, PaidEmbedder
from shared.domain import errors
from shared.ports import Owner
from tests.support.ledger import MemoryLedger, ScriptedBudget
from tests.support.model_server import ModelServer, behaviours
from tests.support.model_server.server import REGION

OURS, THEIRS = Owner("ours", "project"), Owner("theirs", "project")


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def budget() -> ScriptedBudget:
    return ScriptedBudget()


@pytest.fixture
async def embedder(server: ModelServer, ledger: MemoryLedger, budget: ScriptedBudget) -> AsyncIterator[PaidEmbedder]:
    model = OpenAIEmbedder("embed-test", 64, CompatibleEndpoint(server.base_url))
    made = PaidEmbedder(model, ledger, budget)
    yield made
    await made.close()


def sent(server: ModelServer) -> list[list[str]]:
    return [asked.body["input"] for asked in server.asked]


async def test_only_texts_that_are_new_are_sent(embedder: PaidEmbedder, server: ModelServer) -> None:
    first = await embedder.embed(["one", "two", "one"], OURS)
    again = await embedder.embed(["two", "three", "one"], OURS)
    assert sent(server) == [["one", "two"], ["three"]]
    assert [again[2], again[0], first[0]] == [first[0], first[1], first[2]]
    assert [math.hypot(*vector) for vector in again] == pytest.approx([1, 1, 1])


async def test_what_comes_from_the_ledger_is_what_came_from_the_model(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger
) -> None:
    now = await embedder.embed(["hiding tiredness", "ocultando"], OURS)
    model = OpenAIEmbedder("embed-test", 64, CompatibleEndpoint(server.base_url))
    later = await PaidEmbedder(model, ledger).embed(["hiding tiredness", "ocultando"], OURS)
    assert later == now
    exact = await model.embed(["hiding tiredness"])
    assert sum(a * b for a, b in zip(now[0], exact[0], strict=True)) == pytest.approx(1, abs=1e-5)
    await model.close()


async def test_the_ledger_says_what_was_sent_where_for_whom(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger
) -> None:
    await embedder.embed(["one", ""], OURS)
    [call] = ledger.calls.values()
    assert (call.tenant_id, call.project_id, call.purpose) == ("ours", "project", "embedding")
    assert (call.deployment, call.input_sha256) == ("embed-test", server.asked[0].input_sha256)
    [answer] = ledger.answers.values()
    assert (answer.text, answer.region, answer.usage.prompt_tokens > 0) == ("", REGION, True)
    assert ledger.events == [("begin", "embedding"), ("finish", "embedding")]


async def test_tenants_share_no_vectors(embedder: PaidEmbedder, server: ModelServer) -> None:
    assert await embedder.embed(["one"], OURS) == await embedder.embed(["one"], THEIRS)
    assert sent(server) == [["one"], ["one"]]


async def test_a_query_that_comes_again_is_not_even_looked_up(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger
) -> None:
    first = await embedder.embed(["who opened the door?"], OURS)
    ledger.embeddings.clear()
    assert await embedder.embed(["who opened the door?"], OURS) == first
    assert len(server.asked) == 1


async def test_texts_that_are_asked_for_at_the_same_time_are_sent_once(
    embedder: PaidEmbedder, server: ModelServer
) -> None:
    server.delay = 0.05
    batches = [["one", "two"], ["two", "three"], ["three", "one"], ["one"]]
    await asyncio.gather(*(embedder.embed(batch, OURS) for batch in batches))
    texts = [text for batch in sent(server) for text in batch]
    assert sorted(texts) == ["one", "three", "two"]


async def test_texts_of_nobody_go_straight_to_the_model(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger, budget: ScriptedBudget
) -> None:
    await embedder.embed(["ready?"])
    await embedder.embed(["ready?"])
    assert (len(server.asked), ledger.events, budget.events) == (2, [], [])


async def test_every_batch_asks_for_leave_in_its_tenant_s_name(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger, budget: ScriptedBudget
) -> None:
    await embedder.embed([f"text number {number}" for number in range(300)], OURS)
    assert budget.events == [("reserve", "ours", "embed-test"), ("settle", "embed-test", "used")] * 2
    budget.events.clear()
    server.script(behaviours.throttled(retry_after="-1"))
    with pytest.raises(errors.Throttled) as busy:
        await embedder.embed(["one"], OURS)
    assert busy.value.after == 0.25
    assert budget.events[1:] == [("hold", "embed-test", "None"), ("settle", "embed-test", "failed")]
    assert ledger.failures == [("embedding", "rate_limit")]
    asked, budget.refuse = len(server.asked), errors.SpendingLimit()
    with pytest.raises(errors.SpendingLimit):
        await embedder.embed(["one"], OURS)
    await embedder.embed(["text number 1", "text number 299"], OURS)  # what is known costs nothing
    assert len(server.asked) == asked


async def test_vectors_are_stored_also_when_nobody_waits_for_them_any_more(
    embedder: PaidEmbedder, server: ModelServer, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go = asyncio.Event(), asyncio.Event()
    store = ledger.finish

    async def slowly(call, answer):  # type: ignore[no-untyped-def]
        reached.set()
        await go.wait()
        await store(call, answer)

    monkeypatch.setattr(ledger, "finish", slowly)
    waiting = asyncio.create_task(embedder.embed(["one", "two"], OURS))
    await reached.wait()
    waiting.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0.05)
    await embedder.embed(["one", "two"], OURS)
    assert len(server.asked) == 1
