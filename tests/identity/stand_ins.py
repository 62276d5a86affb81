"""App Service's identity endpoint, and a key vault, on loopback."""

from __future__ import annotations

import ssl
import time
import uuid
from collections import Counter
from typing import Any

import jwt
import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer

HEADER = "stand-in"
TENANT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


class IdentityEndpoint:
    """Gives tokens as App Service does; `asked` counts questions by resource, `lifetime` is how long tokens last.

    `token_of` may give a fixed token for a resource, such as the password of a role in a database.
    """

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.clients: set[str] = set()
        self.lifetime = 3600
        self.token_of: dict[str, str] = {}

    def app(self) -> web.Application:
        """The endpoint's web server."""
        app = web.Application()
        app.router.add_get("/msi/token", self._token)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        if request.headers.get("X-IDENTITY-HEADER") != HEADER:
            return web.json_response({"message": "no"}, status=401)
        resource = request.query["resource"]
        self.asked[resource] += 1
        self.clients.add(request.query.get("client_id", ""))
        token = self.token_of.get(resource) or made(resource, self.lifetime)
        return web.json_response(
            {"access_token": token, "expires_on": str(int(time.time()) + self.lifetime), "resource": resource,
             "token_type": "Bearer", "client_id": request.query.get("client_id", "")}
        )  # fmt: skip


def made(resource: str, lifetime: int) -> str:
    """A token that looks like one of Entra ID's."""
    now = int(time.time())
    claims = {
        "aud": resource, "iss": f"https://sts.windows.net/{TENANT}/", "iat": now, "nbf": now - 60,
        "exp": now + lifetime, "tid": TENANT, "oid": str(uuid.uuid4()), "jti": uuid.uuid4().hex,
    }  # fmt: skip
    return jwt.encode(claims, "not checked by who has no keys of Entra ID, nor this", "HS256")


class Vault:
    """Secrets for whoever brings a token; `away` answers 503, `seen` are the tokens."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = secrets
        self.away = False
        self.seen: list[str] = []

    def app(self) -> web.Application:
        """The vault's web server."""
        app = web.Application()
        app.router.add_get("/secrets/{name}{version:/?.*}", self._secret)
        return app

    async def _secret(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        if not token:
            challenge = (
                f'Bearer authorization="https://login.microsoftonline.com/{TENANT}", resource="https://vault.azure.net"'
            )
            return web.json_response({}, status=401, headers={"WWW-Authenticate": challenge})
        self.seen.append(token)
        if self.away:
            return web.json_response({"error": {"code": "Unavailable"}}, status=503)
        name = request.match_info["name"]
        if name not in self.secrets:
            return web.json_response({"error": {"code": "SecretNotFound", "message": name}}, status=404)
        body: dict[str, Any] = {
            "id": f"https://localhost/secrets/{name}/1", "value": self.secrets[name], "attributes": {"enabled": True},
        }  # fmt: skip
        return web.json_response(body)


async def serving(app: web.Application, certificate: trustme.LeafCert | None = None) -> TestServer:
    """The app on a free port of the loopback, with TLS where a certificate is given."""
    server = TestServer(app)
    context: ssl.SSLContext | None = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
    await server.start_server(ssl=context)
    return server
