"""The server itself: routes, log, limits."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.support.model_server import behaviours
from tests.support.model_server.behaviours import Behaviour, Reply
from tests.support.model_server.coder import PlausibleCoder
from tests.support.model_server.requests import Asked
from tests.support.model_server.vectors import rows
from tests.support.rate_limit import RateLimit

REGION = "Sweden Central"


@web.middleware
async def _hung_up(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A client that was killed while it spoke asked for nothing."""
    try:
        return await handler(request)
    except ConnectionResetError:
        return web.Response(status=400)


class ModelServer:
    """`async with ModelServer() as server:` listens on a free port of the loopback; `server.asked` is the log.

    `delay`: seconds each answer takes. `limit`: (requests, seconds), a sliding window beyond which 429 is answered,
    with `hints` as headers, in turn. `log`: a file to which each request is appended as a JSON line when it comes in,
    and again when it is answered.
    """

    def __init__(
        self,
        *,
        invent: float = 0.2,
        delay: float = 0.0,
        limit: tuple[int, float] | None = None,
        hints: Sequence[Mapping[str, str]] = ({"Retry-After": "1"},),
        log: Path | None = None,
        dimensions: int = 64,
    ) -> None:
        self.coder = PlausibleCoder(invent)
        self.delay = delay
        self.limit = RateLimit(*limit, hints) if limit else None
        self.asked: list[Asked] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._log = log
        self._dimensions = dimensions
        self._script: deque[Behaviour] = deque()
        self._rules: list[tuple[Callable[[Asked], bool], Behaviour]] = []
        self._seen_beginnings: set[str] = set()
        self._runner: web.AppRunner | None = None
        self.port = 0

    @property
    def base_url(self) -> str:
        """For clients of OpenAI's protocol."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def azure_endpoint(self) -> str:
        """For clients of Azure OpenAI."""
        return f"http://127.0.0.1:{self.port}"

    def script(self, *steps: Behaviour) -> None:
        """The next completions behave like this, one each; after that, well again."""
        self._script.extend(steps)

    def script_clear(self) -> None:
        """Forget what is left of the script."""
        self._script.clear()

    def rules_clear(self) -> None:
        """Forget what `always` was told: the outage is over."""
        self._rules.clear()

    def always(self, behaviour: Behaviour, when: Callable[[Asked], bool] = lambda asked: True) -> None:
        """Every completion that `when` picks behaves like this, unless the script says otherwise."""
        self._rules.append((when, behaviour))

    def purposes(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.purpose for asked in self.asked]

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=64 * 2**20, middlewares=[_hung_up])
        for prefix in ("/v1", "/openai/deployments/{deployment}"):
            app.router.add_post(f"{prefix}/chat/completions", self._complete)
            app.router.add_post(f"{prefix}/embeddings", self._embed)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def _complete(self, request: web.Request) -> web.Response:
        asked = await self._received(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            behaviour = self._behaviour(asked)
            asked.behaviour = behaviour.name
            if self.delay:
                await asyncio.sleep(self.delay)
            reply = await behaviour.act(json.dumps(self.coder.answer(asked), ensure_ascii=False), asked.body)
        finally:
            self.in_flight -= 1
        payload = self._completion(asked, reply) if reply.status == 200 else reply.body
        return self._answered(asked, reply.status, payload, reply.headers)

    async def _embed(self, request: web.Request) -> web.Response:
        asked = await self._received(request)
        if self._script:
            reply = await self._script.popleft().act("", asked.body)
            return self._answered(asked, reply.status, reply.body, reply.headers)
        if self.delay:
            await asyncio.sleep(self.delay)
        texts = [asked.body["input"]] if isinstance(asked.body["input"], str) else asked.body["input"]
        dimensions = asked.body.get("dimensions", self._dimensions)
        data = rows(texts, dimensions, asked.body.get("encoding_format", "float"))
        used = sum(map(len, texts)) // 4
        usage = {"prompt_tokens": used, "total_tokens": used}
        return self._answered(asked, 200, {"object": "list", "data": data, "model": asked.model, "usage": usage})

    async def _received(self, request: web.Request) -> Asked:
        body = await request.json()
        model = request.match_info.get("deployment") or body.get("model", "")
        asked = Asked(request.path_qs, model, body, dict(request.headers), time.time())
        self.asked.append(asked)
        self._write("asked", asked)
        return asked

    def _behaviour(self, asked: Asked) -> Behaviour:
        if self.limit is not None and (told := self.limit.refusal()) is not None:
            return behaviours.throttled(**told)
        if self._script:
            return self._script.popleft()
        return next((behaviour for when, behaviour in self._rules if when(asked)), behaviours.good)

    def _completion(self, asked: Asked, reply: Reply) -> dict[str, Any]:
        message = {"role": "assistant", "content": reply.body, "refusal": reply.refusal}
        prompt, beginning = len(asked.system + asked.user) // 4, (asked.system + asked.user)[:4096]
        cached = 1024 if beginning in self._seen_beginnings and prompt >= 1024 else 0
        self._seen_beginnings.add(beginning)
        said = len(reply.body or "") // 4
        return {
            "id": f"chatcmpl-{asked.key[:12]}",
            "object": "chat.completion",
            "created": int(asked.at),
            "model": f"{asked.model}-2026-01-01",
            "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason, "logprobs": None}],
            "usage": {
                "prompt_tokens": prompt,
                "completion_tokens": said,
                "total_tokens": prompt + said,
                "prompt_tokens_details": {"cached_tokens": cached},
            },
        }

    def _answered(self, asked: Asked, status: int, payload: Any, headers: dict[str, str] | None = None) -> web.Response:
        asked.status = status
        self._write("answered", asked)
        return web.json_response(payload, status=status, headers={"x-ms-region": REGION, **(headers or {})})

    def _write(self, event: str, asked: Asked) -> None:
        if self._log is None:
            return
        line = {
            "event": event,
            "key": asked.key,
            "input_sha256": asked.input_sha256,
            "purpose": asked.purpose,
            "model": asked.model,
            "time": time.time(),
            "status": asked.status,
            "texts": asked.text_sha256s,
        }
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
