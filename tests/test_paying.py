"""A call that costs money, whoever is paid."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import tracing
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.errors import SpendingLimit, Throttled
from shared.paying import PaidCalls
from tests.support.ledger import MemoryLedger, ScriptedBudget

CALL = ModelCall("key", "tenant", "project", "summary", "model-1", "v1", "sha")
ANSWER = ModelAnswer("text", "model-1-2026", Usage(30, 12), "sweden")


@dataclass
class CountingBudget(ScriptedBudget):
    """Tells what was settled as well."""

    settled: list[tuple[int, int]] = field(default_factory=list)

    async def settle(self, deployment: str, reserved: int, used: int) -> None:
        self.settled.append((reserved, used))
        await super().settle(deployment, reserved, used)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def budget() -> CountingBudget:
    return CountingBudget()


async def made(ledger: MemoryLedger, budget: CountingBudget, answer: ModelAnswer | Exception = ANSWER) -> ModelAnswer:
    async def ask() -> ModelAnswer:
        ledger.events.append(("ask", CALL.purpose))
        if isinstance(answer, Exception):
            raise answer
        return answer

    return await PaidCalls("chat", ledger, budget).make(CALL, 100, ask, lambda found: ledger.finish(CALL, found))


def happened(ledger: MemoryLedger) -> list[str]:
    return [event for event, _ in ledger.events]


async def test_a_line_stands_before_the_call_and_the_answer_before_anyone_has_it(
    ledger: MemoryLedger, budget: CountingBudget
) -> None:
    assert await made(ledger, budget) == ANSWER
    assert happened(ledger) == ["begin", "ask", "finish"]
    assert budget.settled == [(100, 42)]


async def test_an_endpoint_that_does_not_count_has_used_what_was_reserved(
    ledger: MemoryLedger, budget: CountingBudget
) -> None:
    await made(ledger, budget, ModelAnswer("text", "model-1", Usage()))
    assert budget.settled == [(100, 100)]


async def test_without_leave_nothing_is_asked(ledger: MemoryLedger, budget: CountingBudget) -> None:
    budget.refuse = SpendingLimit()
    with pytest.raises(SpendingLimit):
        await made(ledger, budget)
    assert (happened(ledger), budget.settled) == ([], [])


async def test_what_failed_is_on_record_and_gives_its_tokens_back(ledger: MemoryLedger, budget: CountingBudget) -> None:
    with pytest.raises(RuntimeError):
        await made(ledger, budget, RuntimeError("broken"))
    assert (ledger.failures, budget.settled) == ([("summary", "error")], [(100, 0)])


async def test_after_a_throttled_call_the_fleet_waits_and_the_caller_learns_how_long(
    ledger: MemoryLedger, budget: CountingBudget
) -> None:
    with pytest.raises(Throttled) as busy:
        await made(ledger, budget, Throttled("busy", after=7.0))
    assert busy.value.after == 7.0
    assert budget.events[1:] == [("hold", "model-1", "7.0"), ("settle", "model-1", "failed")]


async def test_an_answer_is_stored_also_when_nobody_waits_for_it_any_more(ledger: MemoryLedger) -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    async def ask() -> ModelAnswer:
        return ANSWER

    async def slowly(answer: ModelAnswer) -> None:
        reached.set()
        await go.wait()
        await ledger.finish(CALL, answer)

    waiting = asyncio.create_task(PaidCalls("chat", ledger).make(CALL, 1, ask, slowly))
    await reached.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await ledger.find("tenant", "key") == ANSWER


async def test_the_call_s_own_span_has_model_region_and_what_storing_it_tells(
    ledger: MemoryLedger, budget: CountingBudget, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))

    async def ask() -> ModelAnswer:
        return ANSWER

    async def keep(answer: ModelAnswer) -> None:
        tracing.note(theogen__cost=0.25)  # as the ledger does, which has the prices

    with tracing.span("activity"):
        await PaidCalls("embeddings", ledger, budget).make(CALL, 1, ask, keep)
    call, activity = exporter.get_finished_spans()
    assert (call.name, activity.name) == ("embeddings model-1", "activity")
    told = dict(call.attributes or {})
    assert (told["theogen.cost"], told["theogen.region"]) == (0.25, "sweden")
    assert (told["gen_ai.response.model"], told["theogen.purpose"]) == ("model-1-2026", "summary")
    assert not activity.attributes
