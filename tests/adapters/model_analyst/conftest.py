from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from shared.adapters.model_analyst import ModelAnalyst
from shared.adapters.openai import CompatibleEndpoint, OpenAIClient
from shared.domain.analysis import Brief, CodeInContext, Evidence, Fragment
from tests.support.ledger import MemoryLedger
from tests.support.model_server import ModelServer
from tests.support.model_server.vectors import vector

TEXT = (
    "I stopped telling my colleagues that I was tired, because nobody wants to hear it. "
    "On Fridays I switch the telephone off and the children know that I am theirs. "
    "My manager says that availability is not required, but promotions go to those who answer at night."
)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(invent=0.0) as running:
        yield running


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
async def new_analyst(server: ModelServer, ledger: MemoryLedger) -> AsyncIterator[Callable[[], ModelAnalyst]]:
    """Makes an analyst as a fresh process would: own client, own locks, the same ledger."""
    clients: list[OpenAIClient] = []

    def make() -> ModelAnalyst:
        clients.append(OpenAIClient("gpt-test", CompatibleEndpoint(server.base_url, "key"), timeout=20))
        return ModelAnalyst(clients[-1], ledger)

    yield make
    for client in clients:
        await client.close()


@pytest.fixture
def analyst(new_analyst: Callable[[], ModelAnalyst]) -> ModelAnalyst:
    return new_analyst()


@pytest.fixture
def brief() -> Brief:
    return Brief("tenant", "project", "en", "How do people keep work out of their evenings?")


@pytest.fixture
def fragment() -> Fragment:
    return Fragment("passage-1", "document-1", TEXT, "en", "Ana")


def a_code(label: str, quotes: Sequence[str] = ("as said",), at: Sequence[float] | None = None) -> CodeInContext:
    """A code with an application in one document for each quote; its vector from its letters unless given."""
    evidence = tuple(
        Evidence(f"{label}/{n}", f"id {label}", f"document-{n}", f"Interview {n}", f"passage-{n}", quote)
        for n, quote in enumerate(quotes, 1)
    )
    direction = at or [value / 3 for value in vector(label, 64)]
    return CodeInContext(f"id {label}", label, f"About {label}.", evidence, tuple(direction))
