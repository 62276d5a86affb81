"""Questions to a model by way of the ledger, so that no answer is paid for twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from shared import metering, prompts, tracing
from shared.domain.analysis import Brief, ModelAnswer, ModelCall, ModelRequest
from shared.domain.errors import MalformedAnswer, TheoGenError, Throttled
from shared.domain.turns import Turns
from shared.ports import Ledger, ModelBudget, ModelClient

T = TypeVar("T")


class Asker:
    """Asks one deployment. Of calls with the same key within the process one is made and the others wait for it."""

    def __init__(self, client: ModelClient, ledger: Ledger, budget: ModelBudget | None = None) -> None:
        """`budget` meters the calls of the fleet; without one every call is made at once."""
        self._client = client
        self._ledger = ledger
        self._budget = budget
        self._turns = Turns()
        self._storing: set[asyncio.Task[None]] = set()

    async def ask(self, brief: Brief, request: ModelRequest, read: Callable[[str], T]) -> T:
        """The answer as `read` understands it. A malformed one is asked for once more, and then given up.

        `read` raises MalformedAnswer, or Truncated, which asking again would hardly change.
        """
        try:
            return read((await self._answer(brief, request)).text)
        except MalformedAnswer as error:
            problem = str(error)
        complaint = prompts.load("second_try", brief.language).text.replace("{{problem}}", problem)
        again = replace(request, user=f"{request.user}\n\n{complaint}")
        return read((await self._answer(brief, again)).text)

    async def _answer(self, brief: Brief, request: ModelRequest) -> ModelAnswer:
        call = _call(brief, request, self._client.deployment)
        async with self._turns.turn((call.tenant_id, call.key)):
            known = await self._ledger.find(call.tenant_id, call.key)
            if known is not None:
                return known
            reserved = await self._reserve(call, request)
            with tracing.span(f"chat {call.deployment}", _about(call), kind="client"):
                return await self._paid(call, request, reserved)

    async def _paid(self, call: ModelCall, request: ModelRequest, reserved: int) -> ModelAnswer:
        await self._ledger.begin(call)
        try:
            answer = await self._client.complete(request)
        except Exception as error:
            await self._failed(call, error, reserved)
            raise
        tracing.note(
            gen_ai__response__model=answer.model,
            gen_ai__usage__input_tokens=answer.usage.prompt_tokens,
            gen_ai__usage__output_tokens=answer.usage.completion_tokens,
            theogen__region=answer.region,
        )
        metering.used_tokens("chat", call.deployment, answer.usage.prompt_tokens, answer.usage.completion_tokens)
        await self._surely(self._ledger.finish(call, answer))
        await self._settle(reserved, answer.usage.prompt_tokens + answer.usage.completion_tokens)
        return answer

    async def _reserve(self, call: ModelCall, request: ModelRequest) -> int:
        """Leave to make the call; gives the tokens that were reserved for it."""
        if self._budget is None:
            return 0
        tokens = _estimate(request)
        await self._budget.reserve(call.tenant_id, call.deployment, call.key, tokens)
        return tokens

    async def _failed(self, call: ModelCall, error: Exception, reserved: int) -> None:
        await self._ledger.fail(call, error.code if isinstance(error, TheoGenError) else TheoGenError.code)
        if isinstance(error, Throttled) and self._budget is not None:
            error.after = await self._budget.hold(call.deployment, error.after)
        await self._settle(reserved, 0)

    async def _settle(self, reserved: int, used: int) -> None:
        if self._budget is not None:
            await self._budget.settle(self._client.deployment, reserved, used)

    async def _surely(self, storing: Coroutine[Any, Any, None]) -> None:
        """Store even when whoever waits for the answer is cancelled meanwhile: it has been paid for."""
        task = asyncio.create_task(storing)
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        await asyncio.shield(task)


def _call(brief: Brief, request: ModelRequest, deployment: str) -> ModelCall:
    """The ledger's line. The key holds all that decides about the answer, and nothing of project or time."""
    return ModelCall(
        key=_digest(deployment, request.prompt_version, request.purpose, request.system, request.user, request.schema),
        tenant_id=brief.tenant_id,
        project_id=brief.project_id,
        purpose=request.purpose,
        deployment=deployment,
        prompt_version=request.prompt_version,
        input_sha256=_digest(request.system, request.user),
    )


def _about(call: ModelCall) -> dict[str, str]:
    """What a span says of a call before its answer, by the names that OpenTelemetry has for models."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": call.deployment,
        "theogen.purpose": call.purpose,
        "theogen.prompt_version": call.prompt_version,
        "theogen.tenant_id": call.tenant_id,
        "theogen.project_id": call.project_id,
    }


def _estimate(request: ModelRequest) -> int:
    """Tokens that a call will take, about: a token is three to four characters, an answer a third of its limit."""
    return (len(request.system) + len(request.user)) * 2 // 7 + request.max_tokens // 3


def _digest(*parts: object) -> str:
    """SHA-256 of the parts as canonical JSON."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
