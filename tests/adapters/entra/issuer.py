"""An issuer of tokens on loopback: its OpenID configuration, its keys, and tokens as Entra ID writes them."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

AUDIENCE = "api://theogen"
TENANT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


class Issuer:
    """`rotate` signs with a new key from then on; `away` answers 500; `asked` counts questions for the keys."""

    def __init__(self) -> None:
        self.url, self.asked, self.away = "", 0, False
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self.key_id = ""
        self.rotate()

    def rotate(self) -> None:
        """A new key, published with the old ones."""
        self.key_id = uuid.uuid4().hex
        self._keys[self.key_id] = rsa.generate_private_key(65537, 2048)

    def token(self, key_id: str | None = None, **claims: Any) -> str:
        """A good token, or one with these claims changed (None: left out)."""
        now = int(time.time())
        usual = {
            "iss": self.url, "aud": AUDIENCE, "exp": now + 3600, "nbf": now - 10, "tid": TENANT, "oid": "ana-oid",
            "sub": "pairwise", "name": "Ana", "roles": ["researcher"],
        }  # fmt: skip
        payload = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(payload, self._keys[self.key_id], "RS256", {"kid": key_id or self.key_id})

    def app(self) -> web.Application:
        """The issuer's web server."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._configuration)
        app.router.add_get("/keys", self._published)
        return app

    async def _configuration(self, request: web.Request) -> web.Response:
        if self.away:
            raise web.HTTPInternalServerError
        return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})

    async def _published(self, request: web.Request) -> web.Response:
        self.asked += 1
        keys = [
            {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}
            for kid, key in self._keys.items()
        ]
        return web.json_response({"keys": keys})
