"""The host's own addresses: whether it runs, what it runs, and how to run a timer out of turn."""

import os
from datetime import UTC, datetime

from aiohttp import web
from azure.functions import meta

from localhost.durable.protocol import compact
from localhost.host.functions import FunctionTable
from localhost.host.invoker import Invoker, log_failure
from localhost.host.timer_trigger import timer_value

STATUS = "/admin/host/status"
FUNCTIONS = "/admin/functions"
_ON_DEMAND = ("timerTrigger", "warmupTrigger")


class Admin:
    """Answers what concerns the host rather than the app."""

    def __init__(self, table: FunctionTable, invoker: Invoker) -> None:
        self._table = table
        self._invoker = invoker

    def routes(self) -> list[web.RouteDef]:
        """Return the route table."""
        return [
            web.get("/", self._home),
            web.get("/admin/host/ping", self._ping),
            web.get(STATUS, self._status),
            web.post(f"{FUNCTIONS}/{{name}}", self._run),
        ]

    async def _home(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="The function host is running.")

    async def _ping(self, _: web.Request) -> web.StreamResponse:
        return web.Response()

    async def _status(self, _: web.Request) -> web.StreamResponse:
        body = {
            "state": "Running",
            "processId": os.getpid(),
            "functions": [{"name": item.name, "trigger": item.kind} for item in self._table.functions],
            "errors": [f"{name}: {reason}" for name, reason in self._table.refused],
        }
        return web.Response(text=compact(body), content_type="application/json")

    async def _run(self, request: web.Request) -> web.StreamResponse:
        """Run a timer or warm-up function now and answer when it has ended."""
        name = request.match_info["name"].casefold()
        function = next((item for item in self._table.functions if item.name.casefold() == name), None)
        if function is None or function.kind not in _ON_DEMAND:
            return web.Response(status=404)
        now = datetime.now(UTC)
        timer = function.kind == "timerTrigger"
        value = timer_value(now, now, past_due=False) if timer else meta.Datum("", "string")
        try:
            await self._invoker.invoke(function, value)
        except Exception as error:
            log_failure(function, error)
            return web.Response(status=500)
        return web.Response(status=202)
