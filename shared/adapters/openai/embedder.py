"""Embeddings behind the `openai` SDK."""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared import metering, tracing
from shared.adapters.openai.endpoints import Endpoint
from shared.adapters.openai.errors import translated
from shared.domain.errors import BadModelRequest, TheoGenError, Throttled, Unavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from shared.ports import ModelBudget

BATCH = 256


class OpenAIEmbedder:
    """Embedder over Azure OpenAI or any endpoint with its protocol."""

    def __init__(
        self,
        deployment: str,
        dimensions: int,
        endpoint: Endpoint,
        *,
        shorten: bool = False,
        timeout: float = 60.0,
        budget: ModelBudget | None = None,
        payer: str = "",
    ) -> None:
        """`dimensions` is what comes back; with `shorten` it is asked for (of models that can give fewer).

        `budget` meters the calls of the fleet, all in the name of the tenant `payer`; without one all are made at once.
        """
        self.name = f"{deployment}/{dimensions}"
        self.dimensions = dimensions
        self._deployment = deployment
        self._endpoint = endpoint
        self._shorten = shorten
        self._timeout = timeout
        self._client: AsyncOpenAI | None = None
        self._budget, self._payer = budget, payer

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text, in order; asked for in batches of at most 256. The same text is sent once."""
        distinct = list(dict.fromkeys(texts))
        vectors: dict[str, list[float]] = {}
        for at in range(0, len(distinct), BATCH):
            batch = distinct[at : at + BATCH]
            vectors.update(zip(batch, await self._batch(batch), strict=True))
        return [vectors[text] for text in texts]

    async def close(self) -> None:
        """Give the connections back."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _batch(self, texts: list[str]) -> list[list[float]]:
        reserved = await self._reserve(texts)
        try:
            answer = await self._ask(texts)
        except Exception as error:
            failure = translated(error)
        else:
            await self._settle(reserved, _used(answer, reserved))
            return self._checked(answer, len(texts))
        await self._failed(failure, reserved)
        raise failure  # out here, so that the SDK's error does not hang on as context

    async def _reserve(self, texts: list[str]) -> int:
        """Leave to make the call; gives the tokens that were reserved for it: one for three to four characters."""
        if self._budget is None:
            return 0
        tokens = sum(map(len, texts)) * 2 // 7 + 1
        key = hashlib.sha256("\x1f".join(texts).encode()).hexdigest()
        await self._budget.reserve(self._payer, self._deployment, key, tokens)
        return tokens

    async def _failed(self, failure: TheoGenError, reserved: int) -> None:
        if isinstance(failure, Throttled) and self._budget is not None:
            failure.after = await self._budget.hold(self._deployment, failure.after)
        await self._settle(reserved, 0)

    async def _settle(self, reserved: int, used: int) -> None:
        if self._budget is not None:
            await self._budget.settle(self._deployment, reserved, used)

    async def _ask(self, texts: list[str]) -> Any:
        about = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": self._deployment}
        with tracing.span(f"embeddings {self._deployment}", about | {"theogen.texts": len(texts)}, kind="client"):
            answer = await self._embedded(texts)
            used = getattr(answer.usage, "prompt_tokens", None)
            tracing.note(gen_ai__usage__input_tokens=used)
            metering.used_tokens("embeddings", self._deployment, used or 0)
            return answer

    async def _embedded(self, texts: list[str]) -> Any:
        if self._client is None:
            self._client = self._endpoint.connect(self._timeout)
        extra: dict[str, Any] = {"dimensions": self.dimensions} if self._shorten else {}
        async with asyncio.timeout(self._timeout):
            return await self._client.embeddings.create(
                model=self._deployment,
                input=[text if text.strip() else " " for text in texts],  # "" is refused by most endpoints
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


def _used(answer: Any, reserved: int) -> int:
    """Tokens by the endpoint's count, or as reserved where it does not count."""
    told = getattr(getattr(answer, "usage", None), "total_tokens", None)
    return told if isinstance(told, int) and told > 0 else reserved


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(math.fsum(value * value for value in vector))
    return [value / length for value in vector] if length else list(vector)
