"""Questions to a model by way of the ledger, so that no answer is paid for twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from shared import metering, prompts, tracing
from shared.domain.analysis import Brief, ModelAnswer, ModelCall, ModelRequest
from shared.domain.errors import MalformedAnswer
from shared.domain.turns import Turns
from shared.paying import PaidCalls
from shared.ports import Ledger, ModelBudget, ModelClient

T = TypeVar("T")


class Asker:
    """Asks one deployment. Of calls with the same key within the process one is made and the others wait for it."""

    def __init__(self, client: ModelClient, ledger: Ledger, budget: ModelBudget | None = None) -> None:
        """`budget` meters the calls of the fleet; without one every call is made at once."""
        self._client = client
        self._ledger = ledger
        self._calls = PaidCalls("chat", ledger, budget)
        self._turns = Turns()

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
            return await self._calls.make(
                call,
                _estimate(request),
                lambda: self._complete(request),
                lambda answer: self._ledger.finish(call, answer),
            )

    async def _complete(self, request: ModelRequest) -> ModelAnswer:
        answer = await self._client.complete(request)
        question, told = answer.usage.prompt_tokens, answer.usage.completion_tokens
        tracing.note(gen_ai__usage__input_tokens=question, gen_ai__usage__output_tokens=told)
        metering.used_tokens("chat", self._client.deployment, question, told)
        return answer


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


def _estimate(request: ModelRequest) -> int:
    """Tokens that a call will take, about: a token is three to four characters, an answer a third of its limit."""
    return (len(request.system) + len(request.user)) * 2 // 7 + request.max_tokens // 3


def _digest(*parts: object) -> str:
    """SHA-256 of the parts as canonical JSON."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
