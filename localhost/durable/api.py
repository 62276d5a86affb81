"""The HTTP API of Durable Functions: at the local RPC endpoint, and as webhooks on the main port."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from localhost.durable.management import (
    BadRequestError,
    ConflictError,
    FinishedError,
    Management,
    NotFinishedError,
    NotFoundError,
    parse_json,
)
from localhost.durable.presentation import history_body, status_body
from localhost.durable.protocol import FINISHED, Status, compact
from localhost.durable.requests import flag, number, read_body, which

PAGE_SIZE = 100
_TOKEN = "x-ms-continuation-token"  # noqa: S105 - the name of a header
_NO_ENTITIES = "Durable entities are not available on the local host."
_NO_REWIND = "Rewind is not available on the local host."
_ERRORS: dict[type[Exception], int] = {
    BadRequestError: 400,
    ConflictError: 409,
    FinishedError: 410,
    NotFinishedError: 412,
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DurableApi:
    """Routes under a prefix; `public` tells in which form the answers' own URLs are given."""

    def __init__(self, management: Management, public: str, hub: str, code: str) -> None:
        self._management = management
        self._public = public
        self._query = urlencode({"taskHub": hub, "connection": "Storage", "code": code})

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Return the route table; `prefix` has no slash at its end."""
        one = f"{prefix}/instances/{{id}}"
        return [
            web.post(f"{prefix}/orchestrators/{{name}}", _guard(self._start)),
            web.post(f"{prefix}/orchestrators/{{name}}/{{id}}", _guard(self._start)),
            web.get(f"{prefix}/instances", _guard(self._list), allow_head=False),
            web.get(f"{prefix}/instances/", _guard(self._list), allow_head=False),
            web.delete(f"{prefix}/instances", _guard(self._purge_all)),
            web.delete(f"{prefix}/instances/", _guard(self._purge_all)),
            web.get(one, _guard(self._status), allow_head=False),
            web.delete(one, _guard(self._purge)),
            web.post(f"{one}/raiseEvent/{{event}}", _guard(self._raise_event)),
            web.post(f"{one}/{{order:terminate|suspend|resume}}", _guard(self._order)),
            web.post(f"{one}/restart", _guard(self._restart)),
            web.post(f"{one}/rewind", _refuse(_NO_REWIND)),
            web.route("*", f"{prefix}/entities{{rest:.*}}", _refuse(_NO_ENTITIES)),
            web.post(f"{prefix}/makeprimary", _accept),
            web.route("*", f"{prefix}/{{rest:.*}}", _not_found),  # wrong verbs too
        ]

    def management_urls(self, instance_id: str) -> dict[str, str]:
        """Return the URLs with which an instance is watched and steered."""
        base = f"{self._public}/instances/{instance_id}"
        return {
            "id": instance_id,
            "statusQueryGetUri": f"{base}?{self._query}",
            "sendEventPostUri": f"{base}/raiseEvent/{{eventName}}?{self._query}",
            "terminatePostUri": f"{base}/terminate?reason={{text}}&{self._query}",
            "purgeHistoryDeleteUri": f"{base}?{self._query}",
            "restartPostUri": f"{base}/restart?{self._query}",
            "suspendPostUri": f"{base}/suspend?reason={{text}}&{self._query}",
            "resumePostUri": f"{base}/resume?reason={{text}}&{self._query}",
        }

    async def _start(self, request: web.Request) -> web.StreamResponse:
        body, query = await read_body(request), request.query
        instance_id = await self._management.start(
            request.match_info["name"],
            request.match_info.get("id"),
            body,
            query.get("version"),
        )
        if "timeout" in query:
            patience, pause = number(query["timeout"]), number(query.get("pollingInterval", "1"))
            if done := await self._wait(instance_id, patience, pause):
                return done
        return self._accepted(instance_id)

    async def _wait(self, instance_id: str, patience: float, pause: float) -> web.Response | None:
        until = asyncio.get_running_loop().time() + patience
        while asyncio.get_running_loop().time() < until:
            row = await self._management.get(instance_id)
            if Status(row["status"]) in FINISHED:
                body = status_body(row)
                if row["status"] == Status.COMPLETED:
                    return _json(200, body["output"])
                return _json(500 if row["status"] == Status.FAILED else 200, body)
            await asyncio.sleep(min(pause, max(0.0, until - asyncio.get_running_loop().time())))
        return None

    def _accepted(self, instance_id: str) -> web.Response:
        urls = self.management_urls(instance_id)
        return _json(202, urls, {"Location": urls["statusQueryGetUri"], "Retry-After": "10"})

    async def _status(self, request: web.Request) -> web.StreamResponse:
        instance_id, query = request.match_info["id"], request.query
        row = await self._management.get(instance_id)
        show_input = flag(query.get("showInput"), True)
        body = status_body(row, show_input)
        if flag(query.get("showHistory")):
            events = await self._management.history(instance_id)
            body["historyEvents"] = history_body(events, flag(query.get("showHistoryOutput")), show_input)
        if row["status"] == Status.FAILED and flag(query.get("returnInternalServerErrorOnFailure")):
            return _json(500, body)
        if Status(row["status"]) in FINISHED:
            return _json(200, body)
        location = self.management_urls(instance_id)["statusQueryGetUri"]
        return _json(202, body, {"Location": location, "Retry-After": "5"})

    async def _list(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        top = int(number(query.get("top") or str(PAGE_SIZE))) or PAGE_SIZE
        found, token = await self._management.page(which(query), top, request.headers.get(_TOKEN, ""))
        show_input = flag(query.get("showInput"), True)
        body = [status_body(row, show_input) for row in found]
        return _json(200, body, {_TOKEN: token} if token else {})

    async def _raise_event(self, request: web.Request) -> web.StreamResponse:
        instance_id = request.match_info["id"]
        await self._management.get(instance_id)
        if request.content_type != "application/json":
            raise BadRequestError("Only application/json request content is supported")
        payload = parse_json(await read_body(request))
        await self._management.raise_event(instance_id, request.match_info["event"], payload)
        return web.Response(status=202)

    async def _order(self, request: web.Request) -> web.StreamResponse:
        orders = {
            "terminate": self._management.terminate,
            "suspend": self._management.suspend,
            "resume": self._management.resume,
        }
        await orders[request.match_info["order"]](request.match_info["id"], request.query.get("reason", ""))
        return web.Response(status=202)

    async def _restart(self, request: web.Request) -> web.StreamResponse:
        instance_id = request.match_info["id"]
        fresh = flag(request.query.get("restartWithNewInstanceId"), True)
        try:
            return self._accepted(await self._management.restart(instance_id, fresh))
        except NotFoundError as error:
            raise BadRequestError(f"There is no instance with the id '{instance_id}'.") from error

    async def _purge(self, request: web.Request) -> web.StreamResponse:
        return _json(200, {"instancesDeleted": await self._management.purge(request.match_info["id"])})

    async def _purge_all(self, request: web.Request) -> web.StreamResponse:
        if not request.query.get("createdTimeFrom"):
            raise BadRequestError("Please provide value for 'createdTimeFrom' parameter.")
        deleted = await self._management.purge_all(which(request.query))
        return _json(200, {"instancesDeleted": deleted}) if deleted else web.Response(status=404)


def _guard(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotFoundError:
            return web.Response(status=404)
        except tuple(_ERRORS) as error:
            # Client 1.7 reads ExceptionMessage where newer hosts send only Message.
            return _json(_ERRORS[type(error)], {"Message": str(error), "ExceptionMessage": str(error)})

    return guarded


def _refuse(sentence: str) -> Handler:
    async def refuse(_: web.Request) -> web.StreamResponse:
        return _json(501, {"Message": sentence})

    return refuse


async def _not_found(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404)


async def _accept(_: web.Request) -> web.StreamResponse:
    return web.Response(status=200)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=status, text=compact(body), content_type="application/json", headers=headers)
