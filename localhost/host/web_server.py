"""The two HTTP servers: the app's own on the main port, and the engine's RPC endpoint."""

import socket
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from aiohttp.typedefs import Middleware

from localhost.durable.api import DurableApi
from localhost.host.admin import FUNCTIONS, STATUS, Admin
from localhost.host.client_binding import RPC, WEBHOOKS
from localhost.host.cors import allowed_origins, cors
from localhost.host.http_trigger import HttpTriggers
from localhost.host.keys import Keys

DEFAULT_BODY_LIMIT = 104_857_600

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Servers:
    """Both servers of one host."""

    def __init__(self) -> None:
        self._runners: list[web.AppRunner] = []

    async def serve(self, app: web.Application, listener: socket.socket) -> None:
        """Serve an application on a socket that listens already."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=10.0)
        await runner.setup()
        self._runners.append(runner)
        await web.SockSite(runner, listener).start()

    async def stop(self) -> None:
        """Take no more requests and let those in work be answered."""
        for runner in self._runners:
            await runner.cleanup()


def rpc_app(api: DurableApi) -> web.Application:
    """Build the engine's own endpoint, which knows neither keys nor a limit of size."""
    app = web.Application(client_max_size=0)
    app.add_routes(api.routes(RPC))
    return app


def main_app(
    triggers: HttpTriggers, api: DurableApi, admin: Admin, keys: Keys, environ: Mapping[str, str]
) -> web.Application:
    """Build the app's endpoint: functions, Durable webhooks, and the host's own addresses."""
    limit = int(environ.get("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", DEFAULT_BODY_LIMIT))
    app = web.Application(client_max_size=limit, middlewares=[cors(allowed_origins(environ)), _webhook_key(keys)])
    app.add_routes(api.routes(WEBHOOKS))
    app.add_routes(admin.routes())
    app.add_routes([web.route("*", "/{path:.*}", triggers.handle)])
    return app


def _webhook_key(keys: Keys) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        levels = {WEBHOOKS: "system", STATUS: "admin", FUNCTIONS: "admin"}
        for prefix, level in levels.items():
            if request.path.startswith(prefix) and not keys.permits(request, level):
                return web.Response(status=401)
        return await handler(request)

    return check
