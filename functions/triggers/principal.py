"""Who asks, and whether they may. On the local host headers (or the demo tenant) say so, and nowhere else."""

from __future__ import annotations

import os
import uuid
from contextvars import ContextVar

import azure.functions as func

from shared import services
from shared.domain.errors import Forbidden, InvalidRequest, TheoGenError, Unauthorised
from shared.domain.runs import OPERATOR, READER, RESEARCHER, Principal

DEMO_TENANT = "00000000-0000-4000-8000-000000000001"
ROLES = frozenset({READER, RESEARCHER, OPERATOR})

_signed_in: ContextVar[Principal | TheoGenError] = ContextVar("signed_in")


def check_place() -> None:
    """Stop the app where it would believe anybody. Raises SystemExit with a sentence."""
    # Read from the environment itself: the settings' library is too heavy for a cold start.
    if os.environ.get("AUTH_MODE", "").lower() == "local" and not on_this_machine():
        raise SystemExit("Setting AUTH_MODE: `local` believes every caller and works on one machine only; use `azure`.")


async def sign_in(request: func.HttpRequest) -> None:
    """Find out who asks, for `principal_of`. Routes for everybody never ask, so a bad token does not hurt them."""
    try:
        _signed_in.set(await _principal(request))
    except TheoGenError as error:
        _signed_in.set(error)


def principal_of(request: func.HttpRequest, role: str | None = None) -> Principal:
    """The caller. Without `role`, reading takes a reader and everything else a researcher.

    Raises Unauthorised where nobody has signed in, Forbidden without the role.
    """
    who = _signed_in.get(Unauthorised())
    if isinstance(who, TheoGenError):
        raise who
    needed = role or (READER if request.method in {"GET", "HEAD"} else RESEARCHER)
    if not who.may(needed):
        raise Forbidden(f"This takes the role {needed}.")
    return who


async def _principal(request: func.HttpRequest) -> Principal:
    if services.settings().auth_mode != "local":
        return await services.sign_in().principal({name.lower(): value for name, value in request.headers.items()})
    if not on_this_machine():
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


def on_this_machine() -> bool:
    """Azure sets WEBSITE_INSTANCE_ID on every instance, and a public name; the local host sets its own."""
    name = os.environ.get("WEBSITE_HOSTNAME", "localhost")
    return "WEBSITE_INSTANCE_ID" not in os.environ and name.split(":")[0] in {"localhost", "127.0.0.1"}


def _uuid(text: str, what: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise InvalidRequest(f"{what} is not a uuid.") from None
