"""Bearer tokens and Easy Auth's header: who they prove to be asking, and what is refused."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestServer

from shared.adapters.entra import EntraSignIn, keys
from shared.domain.errors import Unauthorised, Unavailable
from shared.domain.runs import Principal
from tests.adapters.entra.issuer import AUDIENCE, TENANT, Issuer


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    server = TestServer(issuer.app())
    await server.start_server()
    issuer.url = str(server.make_url("")).rstrip("/")
    yield issuer
    await server.close()


async def asks(sign_in: EntraSignIn, token: str, scheme: str = "Bearer") -> Principal:
    return await sign_in.principal({"authorization": f"{scheme} {token}"})


async def test_a_token_names_tenant_person_and_roles(issuer: Issuer) -> None:
    sign_in = EntraSignIn(issuer.url, [AUDIENCE])
    who = await asks(sign_in, issuer.token(roles=["researcher", "operator", "emperor"]))
    assert who == Principal(TENANT, "ana-oid", "Ana", frozenset({"researcher", "operator"}))
    assert (await asks(sign_in, issuer.token(roles=None), "bearer")).roles == frozenset()
    assert issuer.asked == 1


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"exp": int(time.time()) - 3600}, "expired"),
        ({"exp": None}, "not valid"),
        ({"nbf": int(time.time()) + 3600}, "not valid"),
        ({"aud": "api://another"}, "another app"),
        ({"aud": None}, "not valid"),
        ({"iss": "https://login.example.org/"}, "another issuer"),
        ({"tid": None}, "no tenant"),
        ({"tid": "acme"}, "no tenant"),
        ({"oid": None, "sub": None}, "no person"),
    ],
)
async def test_a_token_that_does_not_fit_is_refused(issuer: Issuer, claims: dict[str, Any], said: str) -> None:
    with pytest.raises(Unauthorised, match=said):
        await asks(EntraSignIn(issuer.url, [AUDIENCE]), issuer.token(**claims))


async def test_forged_tokens_are_refused(issuer: Issuer) -> None:
    sign_in, good = EntraSignIn(issuer.url, [AUDIENCE]), issuer.token()
    head, payload, signature = good.split(".")
    claims = {**jwt.decode(good, options={"verify_signature": False}), "tid": "00000000-0000-4000-8000-000000000001"}
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    unsigned = jwt.encode(claims, "", "none", {"kid": issuer.key_id})
    shared_secret = jwt.encode(claims, "s" * 64, "HS256", {"kid": issuer.key_id})
    for forged in (
        f"{head}.{changed}.{signature}",
        unsigned,
        shared_secret,
        "a.b.c",
        "x" * 20_000,
        f"{head}.{payload}.",
    ):
        with pytest.raises(Unauthorised):
            await asks(sign_in, forged)


async def test_without_a_token_nobody_is_signed_in(issuer: Issuer) -> None:
    sign_in = EntraSignIn(issuer.url, [AUDIENCE])
    for headers in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer "}):
        with pytest.raises(Unauthorised):
            await sign_in.principal(headers)


async def test_a_rotated_key_is_fetched_once_and_made_up_ones_do_not_make_us_ask(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in = EntraSignIn(issuer.url, [AUDIENCE])
    await asks(sign_in, issuer.token())
    issuer.rotate()
    with pytest.raises(Unauthorised):  # asked a moment ago
        await asks(sign_in, issuer.token())
    monkeypatch.setattr(keys, "PATIENCE", 0.0)
    await asks(sign_in, issuer.token())
    assert issuer.asked == 2
    monkeypatch.setattr(keys, "PATIENCE", 60.0)
    for n in range(5):
        with pytest.raises(Unauthorised, match="does not have"):
            await asks(sign_in, issuer.token(key_id=f"made-up-{n}"))
    assert issuer.asked == 2


async def test_an_issuer_that_is_away_is_no_refusal_and_with_keys_at_hand_no_trouble(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.away = True
    sign_in = EntraSignIn(issuer.url, [AUDIENCE])
    with pytest.raises(Unavailable):
        await asks(sign_in, issuer.token())
    issuer.away = False
    await asks(sign_in, issuer.token())
    issuer.away = True
    monkeypatch.setattr(keys, "FRESH", 0.0)
    monkeypatch.setattr(keys, "PATIENCE", 0.0)
    assert (await asks(sign_in, issuer.token())).subject == "ana-oid"


async def test_an_app_for_many_tenants_takes_each_tenant_s_own_issuer(issuer: Issuer) -> None:
    sign_in = EntraSignIn("https://login.example.org/{tenantid}/v2.0", [AUDIENCE], jwks_url=f"{issuer.url}/keys")
    assert (await asks(sign_in, issuer.token(iss=f"https://login.example.org/{TENANT}/v2.0"))).tenant_id == TENANT
    with pytest.raises(Unauthorised):
        await asks(sign_in, issuer.token(iss="https://login.example.org/another/v2.0"))


def easy(**claims: Any) -> str:
    pairs = [{"typ": typ, "val": val} for typ, vals in claims.items() for val in vals]
    pairs += [
        {"typ": "http://schemas.microsoft.com/identity/claims/tenantid", "val": TENANT},
        {"typ": "http://schemas.microsoft.com/identity/claims/objectidentifier", "val": "eva-oid"},
    ]
    return base64.b64encode(
        json.dumps({"auth_typ": "aad", "claims": pairs, "name_typ": "name", "role_typ": "roles"}).encode()
    ).decode()


async def test_app_service_s_own_sign_in_is_believed_only_where_it_is_switched_on() -> None:
    headers = {"x-ms-client-principal": easy(name=["Eva"], roles=["reader", "operator"])}
    who = await EntraSignIn("", [], easy_auth=True).principal(headers)
    assert who == Principal(TENANT, "eva-oid", "Eva", frozenset({"reader", "operator"}))
    with pytest.raises(Unauthorised):
        await EntraSignIn("", []).principal(headers)


@pytest.mark.parametrize(
    "header", ["", "!!", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"claims": 1}').decode()]
)
async def test_a_header_that_cannot_be_read_signs_nobody_in(header: str) -> None:
    with pytest.raises(Unauthorised):
        await EntraSignIn("", [], easy_auth=True).principal({"x-ms-client-principal": header})


async def test_without_an_issuer_in_the_settings_no_token_is_good(issuer: Issuer) -> None:
    with pytest.raises(Unauthorised, match="AUTH_ISSUER"):
        await asks(EntraSignIn("", [AUDIENCE]), issuer.token())
