"""The keys that sign tokens: fetched once, again when they are old or a token names one that is not there."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from shared.domain.errors import Unauthorised, Unavailable

if TYPE_CHECKING:
    from jwt import PyJWK

FRESH = 6 * 3600.0  # seconds; Entra rotates keys over days and announces them before use
PATIENCE = 30.0  # at most one question in so many seconds, whatever key ids callers make up
_TIMEOUT = 10.0


class SigningKeys:
    """The JSON Web Key Set behind an issuer's OpenID configuration."""

    def __init__(self, issuer: str, jwks_url: str = "") -> None:
        """Without `jwks_url` the issuer's configuration tells it (OpenID Connect Discovery 1.0)."""
        self._issuer, self._jwks_url = issuer, jwks_url
        self._keys: dict[str, PyJWK] = {}
        self._fetched = self._asked = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str | None) -> PyJWK:
        """The key of that id. Raises Unauthorised where there is none, Unavailable where nobody can tell."""
        if key_id not in self._keys or time.monotonic() - self._fetched > FRESH:
            async with self._fetching:
                await self._refresh(key_id)
        if key_id is None or key_id not in self._keys:
            raise Unauthorised("The token is signed with a key that its issuer does not have.")
        return self._keys[key_id]

    async def _refresh(self, key_id: str | None) -> None:
        now = time.monotonic()
        if (key_id in self._keys and now - self._fetched <= FRESH) or now - self._asked < PATIENCE:
            return
        self._asked = now
        try:
            self._keys, self._fetched = await self._fetch(), now
        except (OSError, TimeoutError, ValueError) as error:
            if not self._keys:  # with keys at hand an issuer that is away for a while changes nothing
                self._asked = float("-inf")
                raise Unavailable("The issuer of tokens could not be reached to check them.") from error

    async def _fetch(self) -> dict[str, PyJWK]:
        import aiohttp
        import jwt

        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        try:
            async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
                url = self._jwks_url or (await _json(session, self._configuration))["jwks_uri"]
                key_set = jwt.PyJWKSet.from_dict(await _json(session, url))
        except (aiohttp.ClientError, jwt.PyJWTError, KeyError, TypeError) as error:
            raise ValueError(type(error).__name__) from error
        return {key.key_id: key for key in key_set.keys if key.key_id}

    @property
    def _configuration(self) -> str:
        """Where the keys of all tenants are for an app of many (`{tenantid}` in the issuer)."""
        return f"{self._issuer.replace('{tenantid}', 'common').rstrip('/')}/.well-known/openid-configuration"


async def _json(session: Any, url: str) -> Any:
    async with session.get(url) as response:
        response.raise_for_status()
        return await response.json(content_type=None)
