"""What every route does: find the collection, read the body, wrap the answer."""

import json
from typing import Any

from aiohttp import web

from localhost.vectors.errors import wrong
from localhost.vectors.store import Collection, Store

STORE = web.AppKey("store", Store)


async def update(request: web.Request, operation: Any) -> web.Response:
    """Apply an operation; answered once it is on disk."""
    number = await the_collection(request).update(operation)
    return ok({"operation_id": number, "status": "completed"})


def the_collection(request: web.Request) -> Collection:
    """The collection that the path names."""
    return request.app[STORE].get(request.match_info["name"])


async def json_body(request: web.Request) -> Any:
    """The body as JSON."""
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise wrong(f"Format error in JSON body: {error}") from error


def ok(result: Any) -> web.Response:
    """An answer in Qdrant's envelope."""
    return web.json_response({"result": result, "status": "ok", "time": 0.0})
