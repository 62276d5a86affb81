"""Embeddings: who makes them, and the ledger of those that cost money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.analysis import ModelAnswer, ModelCall
from shared.ports.models import CallLines


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom something belongs to, and so who pays for it."""

    tenant_id: str
    project_id: str


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` identifies model and version: vectors of different names never mix."""

    name: str
    dimensions: int

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        """One unit vector a text, in order. The same text always gives the same vector, whatever stands beside it.

        `owner` is whose texts they are: an embedder that costs money asks in that name, and never twice. Texts of ours,
        such as a check's, have none.
        """


class EmbeddingLedger(CallLines, Protocol):
    """Embeddings that were paid for, by text: looked up before, stored before use. Vectors are opaque bytes here."""

    async def vectors(self, tenant_id: str, embedder: str, texts: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is known of these texts, each named by its SHA-256."""

    async def finish_embedding(
        self, call: ModelCall, answer: ModelAnswer, embedder: str, vectors: Mapping[bytes, bytes]
    ) -> None:
        """Store what a call brought, with its usage and cost, in one transaction; `answer` has no text."""
