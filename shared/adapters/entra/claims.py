"""From the claims of a token or of Easy Auth to a principal."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Mapping
from typing import Any

from shared.domain.errors import Unauthorised
from shared.domain.runs import Principal, known_roles

_LONG = "http://schemas.microsoft.com/identity/claims/"
_NAMES = {f"{_LONG}tenantid": "tid", f"{_LONG}objectidentifier": "oid"}


def principal_of_claims(claims: Mapping[str, Any]) -> Principal:
    """Tenant `tid`, subject `oid` (or `sub`), name, and app roles. Raises Unauthorised where tenant or subject lack."""
    subject = claims.get("oid") or claims.get("sub")
    try:
        tenant = str(uuid.UUID(str(claims.get("tid"))))
    except ValueError:
        raise Unauthorised("The token names no tenant (claim tid).") from None
    if not isinstance(subject, str) or not subject:
        raise Unauthorised("The token names no person or app (claims oid, sub).")
    roles = claims.get("roles") or []
    name = str(claims.get("name") or claims.get("preferred_username") or subject)
    return Principal(tenant, subject, name, known_roles([roles] if isinstance(roles, str) else roles))


def easy_auth_claims(header: str) -> dict[str, Any]:
    """Claims of `X-MS-CLIENT-PRINCIPAL`: base64 of `{"claims": [{"typ", "val"}], "name_typ", "role_typ"}`.

    Only App Service may set that header: it removes what a caller sends under this name. Raises Unauthorised.
    """
    try:
        data = json.loads(base64.b64decode(header, validate=True))
        pairs = [(str(claim["typ"]), str(claim["val"])) for claim in data["claims"]]
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Unauthorised("The sign-in's header cannot be read.") from None
    claims: dict[str, Any] = {"roles": []}
    for type_, value in pairs:
        name = "roles" if type_ == data.get("role_typ") else _NAMES.get(type_, type_)
        if name == "roles":
            claims["roles"].append(value)
        elif type_ == data.get("name_typ"):
            claims["name"] = value
        else:
            claims.setdefault(name, value)
    return claims
