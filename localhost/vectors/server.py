"""Qdrant's REST, as far as the unmodified qdrant-client of this app uses it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import web

from localhost.vectors import collection_routes, point_routes
from localhost.vectors.errors import VectorError, unsupported
from localhost.vectors.exchange import STORE
from localhost.vectors.store import Store

VERSION = "1.20.0"  # of the Qdrant whose REST this speaks: the client compares it with its own
FLUSH_EVERY = 5.0  # seconds
LARGEST_BODY = 256 * 1024 * 1024

routes = web.RouteTableDef()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(data: Path) -> web.Application:
    """The server over one folder; it opens the collections when it starts and closes them when it stops."""
    app = web.Application(middlewares=[_answer_errors], client_max_size=LARGEST_BODY)
    app[STORE] = Store(data)
    for table in (routes, collection_routes.routes, point_routes.routes):
        app.add_routes(table)
    app.cleanup_ctx.append(_keep_open)
    return app


@routes.get("/")
async def version(_: web.Request) -> web.Response:
    """What the client asks first."""
    return web.json_response({"title": "qdrant - vector search engine", "version": VERSION})


@routes.get("/healthz")
@routes.get("/readyz")
@routes.get("/livez")
async def health(_: web.Request) -> web.Response:
    """It listens, so its collections are open."""
    return web.Response(text="healthz check passed")


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    started = time.perf_counter()
    try:
        return await handler(request)
    except VectorError as error:
        refusal = error
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        refusal = unsupported(f"{request.method} {request.path}")
    body = {"status": {"error": str(refusal)}, "time": time.perf_counter() - started}
    return web.json_response(body, status=refusal.status)


async def _keep_open(app: web.Application) -> AsyncIterator[None]:
    await app[STORE].open()
    flushing = asyncio.create_task(_flush_now_and_then(app[STORE]))
    yield
    flushing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await flushing
    await app[STORE].close()


async def _flush_now_and_then(store: Store) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY)
        with contextlib.suppress(VectorError):  # removed meanwhile, or the disk is full: writers are told
            await store.flush()
