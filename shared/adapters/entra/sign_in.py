"""A request's headers, and who they prove to be asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.adapters.entra.claims import easy_auth_claims, principal_of_claims
from shared.adapters.entra.keys import SigningKeys
from shared.domain.errors import Unauthorised
from shared.domain.runs import Principal

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
LEEWAY = 60  # seconds that clocks may differ


class EntraSignIn:
    """`SignIn` by Easy Auth's header where App Service guards the app, and by bearer token (JWT) everywhere."""

    def __init__(self, issuer: str, audiences: list[str], *, jwks_url: str = "", easy_auth: bool = False) -> None:
        """`{tenantid}` in `issuer`: any tenant's tokens. `easy_auth`: App Service signs people in."""
        self._issuer, self._audiences, self._easy_auth = issuer, audiences, easy_auth
        self._keys = SigningKeys(issuer, jwks_url)

    async def principal(self, headers: Mapping[str, str]) -> Principal:
        """Who asks. Raises Unauthorised, or Unavailable when a token cannot be checked now."""
        told = headers.get("x-ms-client-principal")
        if self._easy_auth and told:
            return principal_of_claims(easy_auth_claims(told))
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorised
        return principal_of_claims(await self._claims(token.strip()))

    async def _claims(self, token: str) -> dict[str, Any]:
        import jwt

        if not self._issuer or not self._audiences:
            raise Unauthorised("No issuer is trusted: set AUTH_ISSUER and AUTH_AUDIENCE.")
        try:
            key = await self._keys.key(jwt.get_unverified_header(token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audiences,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthorised("The token has expired. Sign in again.") from None
        except jwt.InvalidAudienceError:
            raise Unauthorised("The token is for another app.") from None
        except (jwt.PyJWTError, ValueError, TypeError):
            raise Unauthorised("The token is not valid.") from None
        if claims["iss"] != self._issuer.replace("{tenantid}", str(claims.get("tid"))):
            raise Unauthorised("The token is from another issuer.")
        return claims
