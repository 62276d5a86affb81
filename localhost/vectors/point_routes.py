"""Points: store, find, count, change, delete."""

import asyncio
from collections.abc import Callable
from typing import Any

import qdrant_edge as edge
from aiohttp import web

from localhost.vectors.exchange import json_body, ok, the_collection, update
from localhost.vectors.fields import known, required
from localhost.vectors.filters import to_filter
from localhost.vectors.points import id_json, ids, record_json, scored_json, to_points
from localhost.vectors.queries import payload_choice, to_count, to_query, to_scroll, vector_choice

routes = web.RouteTableDef()


@routes.put("/collections/{name}/points")
async def upsert(request: web.Request) -> web.Response:
    """Store points, replacing those of the same id."""
    body = known(await json_body(request), ("points", "batch"), "the upsert")
    sizes = the_collection(request).sizes
    points = await asyncio.to_thread(to_points, body, sizes)
    return await update(request, edge.UpdateOperation.upsert_points(points))


@routes.post("/collections/{name}/points")
async def retrieve(request: web.Request) -> web.Response:
    """Points by id, in the order asked; those that do not exist are left out."""
    body = known(await json_body(request), ("ids", "with_payload", "with_vector"), "the request")
    wanted = ids(required(body, "ids", "the request"))
    payload, vector = (
        payload_choice(body.get("with_payload", True)),
        vector_choice(body.get("with_vector", False)),
    )
    records = await the_collection(request).read(lambda shard: shard.retrieve(wanted, payload, vector))
    return ok([record_json(record) for record in records])


@routes.post("/collections/{name}/points/query")
async def query(request: web.Request) -> web.Response:
    """The nearest points."""
    collection = the_collection(request)
    question = to_query(await json_body(request), collection.sizes)
    found = await collection.read(lambda shard: shard.query(question))
    return ok({"points": [scored_json(point) for point in found]})


@routes.post("/collections/{name}/points/query/batch")
async def query_batch(request: web.Request) -> web.Response:
    """Several questions in one request."""
    collection = the_collection(request)
    searches = required(known(await json_body(request), ("searches",), "the batch"), "searches", "the batch")
    questions = edge.QueryBatchRequest([to_query(search, collection.sizes) for search in searches])
    found = await collection.read(lambda shard: shard.query_batch(questions))
    return ok([{"points": [scored_json(point) for point in points]} for points in found])


@routes.post("/collections/{name}/points/scroll")
async def scroll(request: web.Request) -> web.Response:
    """A page of points in the order of their ids."""
    page = to_scroll(await json_body(request))
    records, after = await the_collection(request).read(lambda shard: shard.scroll(page))
    points = [record_json(record) for record in records]
    return ok({"points": points, "next_page_offset": None if after is None else id_json(after)})


@routes.post("/collections/{name}/points/count")
async def count(request: web.Request) -> web.Response:
    """How many points match."""
    question = to_count(await json_body(request))
    return ok({"count": await the_collection(request).read(lambda shard: shard.count(question))})


@routes.post("/collections/{name}/points/delete")
async def delete_points(request: web.Request) -> web.Response:
    """Remove points by id or by filter."""
    make = edge.UpdateOperation
    operation = _selected(await json_body(request), make.delete_points, make.delete_points_by_filter)
    return await update(request, operation)


@routes.post("/collections/{name}/points/payload")
async def set_payload(request: web.Request) -> web.Response:
    """Change some fields."""
    make = edge.UpdateOperation
    return await _update_payload(request, ("payload", "key"), make.set_payload, make.set_payload_by_filter)


@routes.put("/collections/{name}/points/payload")
async def overwrite_payload(request: web.Request) -> web.Response:
    """Replace all fields."""
    make = edge.UpdateOperation
    return await _update_payload(request, ("payload",), make.overwrite_payload, make.overwrite_payload_by_filter)


@routes.post("/collections/{name}/points/payload/delete")
async def delete_payload(request: web.Request) -> web.Response:
    """Remove some fields."""
    make = edge.UpdateOperation
    return await _update_payload(request, ("keys",), make.delete_payload, make.delete_payload_by_filter)


@routes.post("/collections/{name}/points/payload/clear")
async def clear_payload(request: web.Request) -> web.Response:
    """Remove all fields."""
    make = edge.UpdateOperation
    return await _update_payload(request, (), make.clear_payload, make.clear_payload_by_filter)


def _selected(body: Any, by_ids: Callable[..., Any], by_filter: Callable[..., Any], *rest: Any) -> Any:
    """An operation on the points that the body names or describes."""
    parts = known(body, ("points", "filter"), "the selection of points")
    if "points" in parts:
        return by_ids(ids(parts["points"]), *rest)
    return by_filter(to_filter(required(parts, "filter", "the selection of points")) or edge.Filter(), *rest)


async def _update_payload(
    request: web.Request, keys: tuple[str, ...], by_ids: Callable[..., Any], by_filter: Callable[..., Any]
) -> web.Response:
    body = known(await json_body(request), ("points", "filter", *keys), "the request")
    rest = [body.pop(key, None) if key == "key" else required(body, key, "the request") for key in keys]
    selection = {key: value for key, value in body.items() if key not in keys}
    return await update(request, _selected(selection, by_ids, by_filter, *rest))
