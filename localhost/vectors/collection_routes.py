"""Collections: list, describe, create, delete, index."""

import qdrant_edge as edge
from aiohttp import web

from localhost.vectors.exchange import STORE, json_body, ok, the_collection, update
from localhost.vectors.schema import created_vectors, description, index_operation

routes = web.RouteTableDef()


@routes.get("/collections")
async def list_collections(request: web.Request) -> web.Response:
    """Names."""
    names = sorted(request.app[STORE].collections)
    return ok({"collections": [{"name": name} for name in names]})


@routes.get("/collections/{name}")
async def get_collection(request: web.Request) -> web.Response:
    """Size, parameters and indexes."""
    collection = the_collection(request)
    return ok(description(collection.vectors, await collection.read(lambda shard: shard.info())))


@routes.get("/collections/{name}/exists")
async def collection_exists(request: web.Request) -> web.Response:
    """Whether there is one."""
    return ok({"exists": request.match_info["name"] in request.app[STORE].collections})


@routes.put("/collections/{name}")
async def create_collection(request: web.Request) -> web.Response:
    """Make an empty one."""
    await request.app[STORE].create(request.match_info["name"], created_vectors(await json_body(request)))
    return ok(True)


@routes.delete("/collections/{name}")
async def delete_collection(request: web.Request) -> web.Response:
    """Remove it with its points."""
    return ok(await request.app[STORE].delete(request.match_info["name"]))


@routes.put("/collections/{name}/index")
async def create_index(request: web.Request) -> web.Response:
    """Index a payload field."""
    return await update(request, index_operation(await json_body(request)))


@routes.delete("/collections/{name}/index/{field}")
async def delete_index(request: web.Request) -> web.Response:
    """Forget an index."""
    return await update(request, edge.UpdateOperation.delete_field_index(request.match_info["field"]))
