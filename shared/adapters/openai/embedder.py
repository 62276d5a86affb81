"""Embeddings behind the `openai` SDK."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared import metering, tracing
from shared.adapters.openai.client import REGION_HEADER
from shared.adapters.openai.endpoints import Endpoint
from shared.adapters.openai.errors import translated
from shared.domain.analysis import Usage
from shared.domain.errors import BadModelRequest, Unavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from shared.ports import Owner

BATCH = 256
BLANK = " "  # stands for texts of nothing, which most endpoints refuse


@dataclass(frozen=True, slots=True)
class Embedded:
    """Unit vectors of some texts, in their order; `region` where the provider tells it."""

    vectors: list[list[float]]
    model: str
    usage: Usage
    region: str | None = None


class OpenAIEmbedder:
    """Embedder over Azure OpenAI or any endpoint with its protocol. Nothing is remembered: see `PaidEmbedder`."""

    def __init__(
        self,
        deployment: str,
        dimensions: int,
        endpoint: Endpoint,
        *,
        shorten: bool = False,
        timeout: float = 60.0,
    ) -> None:
        """`dimensions` is what comes back; with `shorten` it is asked for (of models that can give fewer)."""
        self.name = f"{deployment}/{dimensions}"
        self.dimensions = dimensions
        self.deployment = deployment
        self._endpoint = endpoint
        self._shorten = shorten
        self._timeout = timeout
        self._client: AsyncOpenAI | None = None

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        """One unit vector a text, in order; asked for in batches of at most 256. The same text is sent once."""
        distinct = list(dict.fromkeys(texts))
        vectors: dict[str, list[float]] = {}
        for at in range(0, len(distinct), BATCH):
            batch = distinct[at : at + BATCH]
            vectors.update(zip(batch, (await self.ask(batch)).vectors, strict=True))
        return [vectors[text] for text in texts]

    async def close(self) -> None:
        """Give the connections back."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def ask(self, texts: Sequence[str]) -> Embedded:
        """One call for at most 256 texts."""
        try:
            return await self._ask(list(texts))
        except Exception as error:
            failure = translated(error)
        raise failure  # out here, so that the SDK's error does not hang on as context

    async def _ask(self, texts: list[str]) -> Embedded:
        raw = await self._embedded(texts)
        answer, region = raw.parse(), raw.headers.get(REGION_HEADER)
        used = _used(answer)
        tracing.note(gen_ai__usage__input_tokens=used, theogen__texts=len(texts))
        metering.used_tokens("embeddings", self.deployment, used)
        vectors = self._checked(answer, len(texts))
        return Embedded(vectors, getattr(answer, "model", None) or self.deployment, Usage(used), region)

    async def _embedded(self, texts: list[str]) -> Any:
        if self._client is None:
            self._client = self._endpoint.connect(self._timeout)
        extra: dict[str, Any] = {"dimensions": self.dimensions} if self._shorten else {}
        async with asyncio.timeout(self._timeout):
            return await self._client.embeddings.with_raw_response.create(
                model=self.deployment,
                input=[text if text.strip() else BLANK for text in texts],
                encoding_format="float",
                **extra,
            )

    def _checked(self, answer: Any, count: int) -> list[list[float]]:
        rows = sorted(getattr(answer, "data", None) or [], key=lambda row: row.index)
        if len(rows) != count:
            raise Unavailable("The embedding endpoint answered for fewer texts than it was asked for.")
        if any(len(row.embedding) != self.dimensions for row in rows):
            raise BadModelRequest(
                f"The embedding model's vectors do not have {self.dimensions} dimensions. "
                "Check the setting of the embedding model's dimensions."
            )
        return [_unit(row.embedding) for row in rows]


def _used(answer: Any) -> int:
    """Tokens by the endpoint's count; 0 where it does not count."""
    told = getattr(getattr(answer, "usage", None), "total_tokens", None)
    return told if isinstance(told, int) and told > 0 else 0


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(math.fsum(value * value for value in vector))
    return [value / length for value in vector] if length else list(vector)
