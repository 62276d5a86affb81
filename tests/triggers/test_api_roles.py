"""Each operation of the document asks for its role, before it does or says anything else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import azure.functions as func
import pytest

from functions.triggers.api import EVERYBODY, MACHINE, OPERATIONS, Operation
from shared import services
from shared.domain.errors import Unauthorised
from shared.domain.runs import OPERATOR, READER, RESEARCHER, Principal
from shared.settings import Settings
from tests.support.functions import indexed
from tests.triggers.requests import plain
from tests.triggers.test_roles import Knows

GUARDED = [o for o in OPERATIONS if o.role not in {EVERYBODY, MACHINE}]
# What may be asked with the one role, and so must be refused with all the others.
OTHERS = {READER: (), RESEARCHER: (READER, OPERATOR), OPERATOR: (READER, RESEARCHER)}
CLIENT = (
    '{"taskHubName":"x","creationUrls":{},"managementUrls":{"id":"x"},"baseUrl":"http://localhost",'
    '"requiredQueryStringParameters":"","rpcBaseUrl":"http://localhost"}'
)


class Nobody:
    """Nobody has signed in."""

    async def principal(self, headers: Mapping[str, str]) -> Principal:
        raise Unauthorised


class Reached(Exception):
    """The operation went on to its work."""


class Untouched:
    """Ports that must not be used."""

    def __getattr__(self, name: str) -> Any:
        raise Reached(name)


async def call(operation: Operation) -> func.HttpResponse:
    """Ask a function with a body that is no JSON: whoever may not ask is not told so."""
    function = next(f for f in indexed() if f.get_function_name() == operation.function)
    route = {"number": "1", "table": "records"}
    route |= {
        f"{name}_id": str(uuid.uuid4()) for name in ("project", "document", "task", "batch", "theory", "dead_letter")
    }
    request = func.HttpRequest(operation.method, "http://localhost/api/x", route_params=route, body=b"{")
    clients = {"client": CLIENT} if any(b.type == "durableClient" for b in function.get_bindings()) else {}
    response: func.HttpResponse = await function.get_user_function()(req=request, **clients)
    return response


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The app where callers sign in, with nothing outside."""
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="azure"))
    monkeypatch.setattr(services, "ports", Untouched)
    return monkeypatch


@pytest.mark.parametrize("operation", GUARDED, ids=lambda operation: operation.function)
async def test_an_operation_refuses_whoever_lacks_its_role(azure: pytest.MonkeyPatch, operation: Operation) -> None:
    azure.setattr(services, "sign_in", Nobody)
    refused = await call(operation)
    assert (refused.status_code, plain(refused)["code"]) == (401, "unauthorised")
    for roles in ((), *((role,) for role in OTHERS[operation.role])):
        azure.setattr(services, "sign_in", lambda roles=roles: Knows(*roles))
        refused = await call(operation)
        assert (refused.status_code, plain(refused)["code"]) == (403, "forbidden")
    azure.setattr(services, "sign_in", lambda: Knows(operation.role))
    with suppress(Reached):
        assert (await call(operation)).status_code == 400


def test_reading_takes_a_reader_and_changing_a_researcher() -> None:
    exceptions = {o.function for o in GUARDED if o.role != (READER if o.method == "GET" else RESEARCHER)}
    letters = {o.function for o in OPERATIONS if o.path.startswith("dead-letters")}
    assert exceptions == {"search", "get_activity", "list_alerts", "verify", *letters}
