"""A ledger in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.analysis import ModelAnswer, ModelCall


@dataclass
class MemoryLedger:
    """Keeps what a table would keep; `events` lists what happened, in order."""

    answers: dict[tuple[str, str], ModelAnswer] = field(default_factory=dict)
    calls: dict[str, ModelCall] = field(default_factory=dict)
    events: list[tuple[str, str]] = field(default_factory=list)
    embeddings: dict[tuple[str, str], dict[bytes, bytes]] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)

    async def find(self, tenant_id: str, key: str) -> ModelAnswer | None:
        return self.answers.get((tenant_id, key))

    async def begin(self, call: ModelCall) -> None:
        self.calls[call.key] = call
        self.events.append(("begin", call.purpose))

    async def finish(self, call: ModelCall, answer: ModelAnswer) -> None:
        self.answers[call.tenant_id, call.key] = answer
        self.events.append(("finish", call.purpose))

    async def vectors(self, tenant_id: str, embedder: str, texts: Sequence[bytes]) -> dict[bytes, bytes]:
        stored = self.embeddings.get((tenant_id, embedder), {})
        return {text: stored[text] for text in texts if text in stored}

    async def finish_embedding(
        self, call: ModelCall, answer: ModelAnswer, embedder: str, vectors: Mapping[bytes, bytes]
    ) -> None:
        stored = self.embeddings.setdefault((call.tenant_id, embedder), {})
        stored.update({text: vector for text, vector in vectors.items() if text not in stored})
        await self.finish(call, answer)

    async def fail(self, call: ModelCall, code: str) -> None:
        self.failures.append((call.purpose, code))
        self.events.append(("fail", call.purpose))


@dataclass
class ScriptedBudget:
    """Lets every call go unless told to refuse; `events` lists what happened, in order."""

    refuse: Exception | None = None
    events: list[tuple[str, ...]] = field(default_factory=list)

    async def reserve(self, tenant_id: str, deployment: str, key: str, tokens: int) -> None:
        self.events.append(("reserve", tenant_id, deployment))
        if self.refuse:
            raise self.refuse

    async def settle(self, deployment: str, reserved: int, used: int) -> None:
        self.events.append(("settle", deployment, "used" if used else "failed"))

    async def hold(self, deployment: str, after: float | None) -> float:
        self.events.append(("hold", deployment, str(after)))
        return after or 0.25
