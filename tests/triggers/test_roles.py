"""What each role may do, and where local mode refuses to start."""

from __future__ import annotations

from collections.abc import Mapping

import azure.functions as func
import pytest

from functions.triggers.answers import answer, answered
from functions.triggers.principal import check_place, principal_of
from shared import services
from shared.domain.errors import Unavailable
from shared.domain.runs import Principal
from shared.settings import Settings
from tests.triggers.requests import plain


class Knows:
    """Signs everybody in with these roles."""

    def __init__(self, *roles: str) -> None:
        self._roles = frozenset(roles)

    async def principal(self, headers: Mapping[str, str]) -> Principal:
        return Principal("t", "ana", "Ana", self._roles)


class Away:
    """Cannot tell now."""

    async def principal(self, headers: Mapping[str, str]) -> Principal:
        raise Unavailable("The issuer of tokens could not be reached to check them.")


@answered
async def route(req: func.HttpRequest) -> func.HttpResponse:
    """A route that wants what its method wants."""
    return answer({"who": principal_of(req).subject})


@answered
async def machine_room(req: func.HttpRequest) -> func.HttpResponse:
    """A route for operators."""
    return answer({"who": principal_of(req, "operator").subject})


@answered
async def open_door(req: func.HttpRequest) -> func.HttpResponse:
    """A route for everybody."""
    return answer({"status": "ok"})


def call(method: str) -> func.HttpRequest:
    return func.HttpRequest(method, "http://localhost/api/x", body=b"")


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="azure"))
    return monkeypatch


@pytest.mark.parametrize(
    ("roles", "read", "change", "operate"),
    [
        ((), 403, 403, 403),
        (("reader",), 200, 403, 403),
        (("researcher",), 200, 200, 403),
        (("operator",), 200, 403, 200),
        (("researcher", "operator"), 200, 200, 200),
    ],
)
async def test_reading_changing_and_operating_take_their_roles(
    signed_in: pytest.MonkeyPatch, roles: tuple[str, ...], read: int, change: int, operate: int
) -> None:
    signed_in.setattr(services, "sign_in", lambda: Knows(*roles))
    assert (await route(req=call("GET"))).status_code == read
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        assert (await route(req=call(method))).status_code == change
    refused = await machine_room(req=call("GET"))
    assert refused.status_code == operate
    if operate == 403:
        assert "operator" in plain(refused)["detail"]


async def test_a_route_for_everybody_asks_nobody(signed_in: pytest.MonkeyPatch) -> None:
    signed_in.setattr(services, "sign_in", Away)
    assert (await open_door(req=call("GET"))).status_code == 200
    assert (await route(req=call("GET"))).status_code == 503


def test_local_mode_refuses_to_start_in_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH_MODE", "local")
    monkeypatch.delenv("WEBSITE_INSTANCE_ID", raising=False)
    monkeypatch.setenv("WEBSITE_HOSTNAME", "localhost:7071")
    check_place()
    monkeypatch.setenv("WEBSITE_INSTANCE_ID", "0a1b")
    with pytest.raises(SystemExit, match="AUTH_MODE"):
        check_place()
