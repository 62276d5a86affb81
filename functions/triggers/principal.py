"""Who asks. On the local host, headers (or the demo tenant) say so; nowhere else are they believed."""

from __future__ import annotations

import os
import uuid

import azure.functions as func

from shared import services
from shared.domain.errors import InvalidRequest, Unauthorised
from shared.domain.runs import Principal

DEMO_TENANT = "00000000-0000-4000-8000-000000000001"
ROLES = frozenset({"reader", "researcher", "operator"})


def principal_of(request: func.HttpRequest) -> Principal:
    """The caller. Raises Unauthorised where nobody has signed in."""
    if services.settings().auth_mode != "local" or not _on_this_machine():
        raise Unauthorised
    tenant = request.headers.get("x-tenant-id", DEMO_TENANT)
    subject = header(request, "x-user-id") or "demo"
    return Principal(_uuid(tenant, "X-Tenant-Id"), subject, subject, ROLES)


def header(request: func.HttpRequest, name: str) -> str | None:
    """A header's text. Raises InvalidRequest where its bytes are none."""
    text: str | None = request.headers.get(name)
    if text is not None and not text.isprintable():
        raise InvalidRequest(f"Header {name} is not UTF-8 text.")
    return text


def path_id(request: func.HttpRequest, name: str) -> str:
    """An id in the path, as a uuid. What is no uuid cannot exist, so it is answered like what does not exist."""
    from shared.domain.errors import NotFound

    try:
        return str(uuid.UUID(request.route_params[name]))
    except ValueError:
        raise NotFound from None


def _on_this_machine() -> bool:
    """Azure sets WEBSITE_INSTANCE_ID on every instance, and a public name; the local host sets its own."""
    name = os.environ.get("WEBSITE_HOSTNAME", "localhost")
    return "WEBSITE_INSTANCE_ID" not in os.environ and name.split(":")[0] in {"localhost", "127.0.0.1"}


def _uuid(text: str, what: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InvalidRequest(f"{what} is not a uuid.") from None
