"""Who asks: headers are believed on one machine only."""

from __future__ import annotations

from typing import Any

import azure.functions as func
import pytest

from functions.triggers.principal import DEMO_TENANT, path_id, principal_of, sign_in
from shared import services
from shared.domain.errors import InvalidRequest, NotFound, Unauthorised
from shared.domain.runs import Principal
from shared.settings import Settings
from tests.triggers.requests import request

TENANT = "6F9619FF-8B86-4D01-B42D-00CF4FC964FF"


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the local host."""
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="local"))
    monkeypatch.delenv("WEBSITE_INSTANCE_ID", raising=False)
    monkeypatch.delenv("WEBSITE_HOSTNAME", raising=False)


async def asks(req: func.HttpRequest, role: str | None = None) -> Principal:
    """Who asks, as a trigger finds out."""
    await sign_in(req)
    return principal_of(req, role)


async def test_headers_say_who_asks() -> None:
    who = await asks(request(headers={"X-Tenant-Id": TENANT, "X-User-Id": "ana"}))
    assert (who.tenant_id, who.subject) == (TENANT.lower(), "ana")
    assert who.roles == {"reader", "researcher", "operator"}


async def test_without_headers_the_demo_tenant_asks() -> None:
    who = await asks(request())
    assert (who.tenant_id, who.subject) == (DEMO_TENANT, "demo")


@pytest.mark.parametrize("tenant", ["", "acme", "'; drop table tenants; --"])
async def test_a_tenant_that_is_no_uuid_is_refused(tenant: str) -> None:
    with pytest.raises(InvalidRequest, match="X-Tenant-Id"):
        await asks(request(headers={"X-Tenant-Id": tenant}))


@pytest.mark.parametrize("name", ["localhost:7071", "127.0.0.1:7071", "localhost"])
async def test_the_local_host_may_say_its_own_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("WEBSITE_HOSTNAME", name)
    await asks(request())


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WEBSITE_INSTANCE_ID", "0a1b"),
        ("WEBSITE_INSTANCE_ID", ""),
        ("WEBSITE_HOSTNAME", "theogen.azurewebsites.net"),
        ("WEBSITE_HOSTNAME", "localhost.example.org:80"),
        ("WEBSITE_HOSTNAME", "127.0.0.1.example.org"),
        ("WEBSITE_HOSTNAME", ""),
    ],
)
async def test_local_mode_is_refused_anywhere_else(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Unauthorised):
        await asks(request(headers={"X-Tenant-Id": TENANT, "X-User-Id": "ana"}))


async def test_in_any_other_mode_headers_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="azure"))
    with pytest.raises(Unauthorised):
        await asks(request(headers={"X-Tenant-Id": TENANT, "X-User-Id": "ana"}))


def test_no_mode_but_azure_is_the_default() -> None:
    assert Settings.model_fields["auth_mode"].default == "azure"


def test_an_id_in_the_path_is_taken_in_any_case() -> None:
    assert path_id(request(route={"project_id": TENANT}), "project_id") == TENANT.lower()


@pytest.mark.parametrize("wrong", ["", "1", "..", TENANT[:-1], "'; select 1"])
def test_an_id_that_is_no_uuid_is_answered_like_what_does_not_exist(wrong: str) -> None:
    with pytest.raises(NotFound):
        path_id(request(route={"project_id": wrong}), "project_id")


async def test_nobody_is_a_principal_by_a_body_or_a_query() -> None:
    odd: dict[str, Any] = {"params": {"x-tenant-id": TENANT, "tenant_id": TENANT}}
    assert (await asks(request(b'{"tenant_id": "x"}', **odd))).tenant_id == DEMO_TENANT
