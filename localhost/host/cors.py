"""Pages of which other origins may call the app: CORS_ALLOWED_ORIGINS, as the platform does it in Azure."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

SETTING = "CORS_ALLOWED_ORIGINS"
_AN_HOUR = "3600"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def allowed_origins(environ: Mapping[str, str]) -> frozenset[str]:
    """The origins, separated by commas. Raises ValueError for `*` and for what is none."""
    origins = frozenset(part.strip().rstrip("/") for part in environ.get(SETTING, "").split(",") if part.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or "*" in origin:
            raise ValueError(f"{SETTING}: {origin!r} is no origin; name each as https://host or http://host:port.")
    return origins


def cors(origins: frozenset[str]) -> Middleware:
    """Answers a browser's question before a request, and marks answers that a page of these origins may read."""

    @web.middleware
    async def permit(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin", "")
        wanted = request.headers.get("Access-Control-Request-Method")
        if origin not in origins:
            return await handler(request)
        if request.method == "OPTIONS" and wanted:
            named = request.headers.get("Access-Control-Request-Headers", "")
            headers = {"Access-Control-Allow-Methods": wanted, "Access-Control-Max-Age": _AN_HOUR}
            response: web.StreamResponse = web.Response(status=204, headers=headers)
            if named:
                response.headers["Access-Control-Allow-Headers"] = named
        else:
            response = await handler(request)
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
        return response

    return permit
