"""A model deployment behind the `openai` SDK."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from shared.adapters.openai.dialect import Dialect
from shared.adapters.openai.endpoints import Endpoint
from shared.adapters.openai.errors import translated
from shared.domain.analysis import ModelAnswer, ModelRequest, Usage
from shared.domain.errors import (
    BadModelRequest,
    ContentFiltered,
    MalformedAnswer,
    TheoGenError,
    Truncated,
    Unavailable,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

REGION_HEADER = "x-ms-region"


class OpenAIClient:
    """ModelClient over Azure OpenAI or any endpoint with its protocol. One call is one request, never repeated."""

    def __init__(self, deployment: str, endpoint: Endpoint, *, timeout: float = 120.0, region: str = "") -> None:
        """`timeout`: seconds for the whole answer, however slowly its bytes come in. `region`: where it says none."""
        self.deployment = deployment
        self._endpoint = endpoint
        self._timeout, self._region = timeout, region or None
        self._dialect = Dialect()
        self._client: AsyncOpenAI | None = None

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """One whole answer. A request that was refused for a parameter is put again without it (nothing was paid)."""
        dialect = self._dialect
        while True:
            try:
                return await self._ask(dialect.arguments(request))
            except Exception as error:
                failure, next_dialect = _understood(error, dialect)
            # Raised out here so that the SDK's error, which may quote key and text, does not hang on as context.
            if next_dialect is None:
                raise failure
            self._dialect = dialect = self._dialect.joined(next_dialect)

    def prepare(self) -> None:
        """Build the SDK's client, which is done at the first question otherwise. Nothing is asked."""
        if self._client is None:
            self._client = self._endpoint.connect(self._timeout)

    async def close(self) -> None:
        """Give the connections back."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _ask(self, arguments: dict[str, Any]) -> ModelAnswer:
        self.prepare()
        assert self._client is not None
        async with asyncio.timeout(self._timeout):
            raw = await self._client.chat.completions.with_raw_response.create(model=self.deployment, **arguments)
        return _whole(raw.parse(), raw.headers.get(REGION_HEADER) or self._region, self.deployment)


def _understood(error: Exception, dialect: Dialect) -> tuple[TheoGenError, Dialect | None]:
    """Our error, and the dialect to try instead when all that was wrong is a parameter."""
    failure = translated(error)
    if isinstance(failure, BadModelRequest) and getattr(error, "status_code", None) in (400, 422):
        return failure, dialect.without(getattr(error, "param", None), str(error))
    return failure, None


def _whole(completion: Any, region: str | None, deployment: str) -> ModelAnswer:
    """The answer, if it is one: not filtered, refused, cut off or empty."""
    choices = getattr(completion, "choices", None)
    if not choices:
        raise Unavailable("The model's endpoint answered without an answer.")
    message, reason = choices[0].message, choices[0].finish_reason
    if reason == "content_filter":
        raise ContentFiltered("The model's content filter blocked the answer to this text.")
    if getattr(message, "refusal", None):
        raise ContentFiltered("The model refused to answer on this text.")
    if reason == "length":
        raise Truncated()
    if not (message.content or "").strip():
        raise MalformedAnswer("The model's answer is empty.")
    return ModelAnswer(message.content, completion.model or deployment, _usage(completion.usage), region)


def _usage(usage: Any) -> Usage:
    if usage is None:
        return Usage()
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None)
    return Usage(usage.prompt_tokens or 0, usage.completion_tokens or 0, cached or 0)
