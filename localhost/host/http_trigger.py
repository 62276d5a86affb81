"""HTTP triggers: finds the function of a request, converts the request, and writes the answer."""

import json
import logging
from typing import Any

from aiohttp import web
from azure.functions import meta

from localhost.host.functions import Function
from localhost.host.invoker import Invoker, encode, log_failure
from localhost.host.keys import Keys
from localhost.host.routes import compile_route

log = logging.getLogger("localhost.host")


class HttpTriggers:
    """All HTTP functions of the app behind one catch-all handler."""

    def __init__(self, functions: list[Function], invoker: Invoker, keys: Keys, prefix: str) -> None:
        self._invoker = invoker
        self._keys = keys
        self._routes = sorted(
            ((compile_route(f"{prefix}/{function.trigger['route']}"), function) for function in functions),
            key=lambda entry: entry[0].rank,
        )

    @property
    def routes(self) -> list[tuple[str, Function]]:
        """Templates with their functions, for people to read."""
        return [(route.template, function) for route, function in self._routes]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request: 404 without a function, 401 without a key, an empty 500 on failure."""
        found = self._find(request)
        if found is None:
            return web.Response(status=404)
        function, parameters = found
        if not self._keys.permits(request, function.trigger.get("authLevel") or "function"):
            return web.Response(status=401)
        value = await _request_datum(request, parameters)
        try:
            result = await self._invoker.invoke(function, value)
            return _response(function, result)
        except Exception as error:
            log_failure(function, error)
            return web.Response(status=500)

    def _find(self, request: web.Request) -> tuple[Function, dict[str, str]] | None:
        path = request.rel_url.raw_path
        for route, function in self._routes:
            methods = [method.upper() for method in function.trigger.get("methods") or ()]
            if methods and request.method not in methods:
                continue
            parameters = route.match(path)
            if parameters is not None:
                return function, parameters
        return None


async def _request_datum(request: web.Request, parameters: dict[str, str]) -> meta.Datum:
    # A chunked request arrives empty in Azure as well, for only a stated length makes a body there.
    body = await request.read() if request.content_length else b""
    query = {name: ",".join(request.query.getall(name)) for name in request.query}
    value = {
        "method": _text(request.method),
        "url": _text(str(request.url)),
        "headers": {name.lower(): _text(text) for name, text in request.headers.items()},
        "query": {name: _text(text) for name, text in query.items() if text},
        "params": {name: _text(text) for name, text in parameters.items()},
        "body": meta.Datum(body, "bytes"),
    }
    return meta.Datum(value, "http")


def _response(function: Function, result: Any) -> web.Response:
    if not function.returns_http:
        raise RuntimeError(f"function {function.name!r} without a $return binding returned a value")
    datum = encode("http", result)
    if datum.type == "string":
        return _from_text(datum.value)
    answer = datum.value
    headers = {name: field.value for name, field in answer["headers"].items()}
    # aiohttp states the length and the connection's fate itself.
    headers = {name: text for name, text in headers.items() if name.lower() not in ("content-length", "connection")}
    response = web.Response(status=int(answer["status_code"].value), headers=headers, body=answer["body"].value)
    for jar in answer["cookies"] or ():
        for morsel in jar.values():
            response.headers.add("Set-Cookie", morsel.OutputString())
    return response


def _from_text(text: str) -> web.Response:
    """Answer a returned string: plain text, unless it is a JSON object with a body."""
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or "body" not in parsed:
        return web.Response(text=text)
    body, status = parsed["body"], int(parsed.get("statusCode") or parsed.get("status") or 200)
    headers = {str(name): str(value) for name, value in (parsed.get("headers") or {}).items()}
    if isinstance(body, str):
        return web.Response(status=status, headers=headers, body=body.encode())
    headers.setdefault("Content-Type", "application/json")
    return web.Response(status=status, headers=headers, body=json.dumps(body).encode())


def _text(value: str) -> meta.Datum:
    return meta.Datum(value, "string")
