"""Calls that cost money, whoever is paid: leave first, a line in the ledger, the answer stored before it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from shared import tracing
from shared.domain.analysis import ModelAnswer, ModelCall
from shared.domain.errors import TheoGenError, Throttled
from shared.ports import CallLines, ModelBudget

Ask = Callable[[], Awaitable[ModelAnswer]]
Keep = Callable[[ModelAnswer], Coroutine[Any, Any, None]]


class PaidCalls:
    """Makes the calls of one kind. That no two of the same key are made at once is their owner's care."""

    def __init__(self, operation: str, lines: CallLines, budget: ModelBudget | None = None) -> None:
        """`operation`: what spans call them, `chat` and `embeddings` as OpenTelemetry does, or `ocr`.

        `budget` meters the calls of the fleet; without one every call is made at once.
        """
        self._operation, self._lines, self._budget = operation, lines, budget
        self._storing: set[asyncio.Task[None]] = set()

    async def make(self, call: ModelCall, tokens: int, ask: Ask, keep: Keep) -> ModelAnswer:
        """What `ask` brings, once `keep` has stored it; `tokens` is what the call will take, estimated.

        Raises Throttled and SpendingLimit of the budget, and what `ask` raises, which is on record then. After
        Throttled by the provider nobody of the fleet asks it for as long as it said.
        """
        if self._budget is not None:
            await self._budget.reserve(call.tenant_id, call.deployment, call.key, tokens)
        with tracing.span(f"{self._operation} {call.deployment}", self._about(call), kind="client"):
            await self._lines.begin(call)
            try:
                answer = await ask()
            except Exception as error:
                await self._failed(call, error, tokens)
                raise
            tracing.note(gen_ai__response__model=answer.model, theogen__region=answer.region)
            await self._surely(keep(answer))
        used = answer.usage.prompt_tokens + answer.usage.completion_tokens
        await self._settle(call, tokens, used or tokens)  # some endpoints do not count
        return answer

    def _about(self, call: ModelCall) -> dict[str, str]:
        """What a span says of a call before its answer, by the names that OpenTelemetry has for models."""
        return {
            "gen_ai.operation.name": self._operation,
            "gen_ai.request.model": call.deployment,
            "theogen.purpose": call.purpose,
            "theogen.prompt_version": call.prompt_version,
            "theogen.tenant_id": call.tenant_id,
            "theogen.project_id": call.project_id,
        }

    async def _failed(self, call: ModelCall, error: Exception, reserved: int) -> None:
        await self._lines.fail(call, error.code if isinstance(error, TheoGenError) else TheoGenError.code)
        if isinstance(error, Throttled) and self._budget is not None:
            error.after = await self._budget.hold(call.deployment, error.after)
        await self._settle(call, reserved, 0)

    async def _settle(self, call: ModelCall, reserved: int, used: int) -> None:
        if self._budget is not None:
            await self._budget.settle(call.deployment, reserved, used)

    async def _surely(self, storing: Coroutine[Any, Any, None]) -> None:
        """Store even when whoever waits for the answer is cancelled meanwhile: it has been paid for."""
        task = asyncio.create_task(storing)
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        await asyncio.shield(task)
