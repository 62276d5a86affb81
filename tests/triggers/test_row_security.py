"""Without the queries' own filters by tenant, the database still keeps tenants apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import asyncpg
import azure.functions as func
import pytest

from functions.triggers.api import OPERATIONS
from localhost.stack import Stack
from shared import services
from shared.adapters.postgres import Database
from shared.domain.runs import OPERATOR, READER, RESEARCHER, Principal
from shared.settings import Settings
from tests.support.database import database, migrated_url
from tests.support.fakes import fakes
from tests.support.functions import indexed
from tests.support.tenants import Holder, Question, fill, questions, without_ids
from tests.triggers.requests import plain
from tests.triggers.test_api_roles import CLIENT

__all__ = ["database", "migrated_url"]

# `tenant_id = $2`: what is compared is dropped, and the parameter keeps its place.
_FILTER = re.compile(r"(?:\b\w+\.)?\btenant_id = (\$\d+)")
ASKED = ("fetch", "fetchrow", "fetchval", "execute")


class SignedIn:
    """Signs everybody in as this holder, with all roles."""

    def __init__(self, who: Holder) -> None:
        self._who = who

    async def principal(self, headers: object) -> Principal:
        return Principal(self._who.tenant_id, self._who.user, self._who.user, frozenset({READER, RESEARCHER, OPERATOR}))


@pytest.fixture
def superuser_url(stack: Stack, migrated_url: str) -> str:
    """The same database for the role that no row-level security holds."""
    place = migrated_url.rpartition("@")[2]
    return f"postgresql://postgres:{stack.place.passwords['postgres']}@{place}"


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Removes the filters from every query; the list has the queries that had any."""
    changed: list[str] = []

    def without(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(connection: Any, query: str, *values: Any, **options: Any) -> Any:
            if query.lstrip().startswith(("select", "with", "update", "delete")) and _FILTER.search(query):
                changed.append(query)
                query = _FILTER.sub(r"\1::uuid is not null", query)
            return ask(connection, query, *values, **options)

        return asked

    for name in ASKED:
        monkeypatch.setattr(asyncpg.Connection, name, without(getattr(asyncpg.Connection, name)))
    return changed


def sign_in(monkeypatch: pytest.MonkeyPatch, who: Holder, database: Database) -> None:
    """The app in this process, on this database, as this holder."""
    ports = fakes(database).ports
    monkeypatch.setattr(services, "settings", lambda: Settings(auth_mode="azure"))
    monkeypatch.setattr(services, "sign_in", lambda: SignedIn(who))
    monkeypatch.setattr(services, "ports", lambda: ports)


async def ask(asked: Question) -> tuple[int, str]:
    """Status and body, without the ids that were asked for."""
    function = next(f for f in indexed() if f.get_function_name() == asked.operation.function)
    clients = {"client": CLIENT} if any(b.type == "durableClient" for b in function.get_bindings()) else {}
    request = func.HttpRequest(
        asked.operation.method, "http://localhost/api/x", headers=dict(asked.headers), params=dict(asked.query),
        route_params=dict(asked.route), body=b"text" if asked.headers else json.dumps(asked.body or {}).encode(),
    )  # fmt: skip
    response = await function.get_user_function()(req=request, **clients)
    body = plain(response) if "json" in (response.mimetype or "") else response.get_body().decode()
    return response.status_code, without_ids(body, asked)


async def test_nothing_foreign_is_found_when_queries_do_not_filter_by_tenant(
    monkeypatch: pytest.MonkeyPatch, database: Database, dropped: list[str]
) -> None:
    own, others = await fill(database, "ana"), await fill(database, "ana")
    sign_in(monkeypatch, own, database)
    told, asked = [], set()
    for foreign, missing in questions(own, others):
        first, second = await ask(foreign), await ask(missing)
        asked.add(foreign.operation.function)
        if first != second:
            told.append(f"{foreign.operation.function} {foreign.path} {foreign.body}: {first} / {second}")
    assert told == []
    assert {o.function for o in OPERATIONS if "_id}" in o.path} <= asked
    assert len(set(dropped)) > 20  # the filters were there, and were removed


async def test_with_neither_filters_nor_row_security_foreign_things_would_be_found(
    monkeypatch: pytest.MonkeyPatch, database: Database, superuser_url: str, dropped: list[str]
) -> None:
    own, others = await fill(database, "ana"), await fill(database, "ana")
    unguarded = Database(superuser_url, size=1, overflow=2, timeout=20, recycle=300)
    try:
        sign_in(monkeypatch, own, unguarded)
        reads = [q for q, _ in questions(own, others, every_kind=False) if q.operation.method == "GET"]
        found = {q.operation.function for q in reads if (await ask(q))[0] == 200}
    finally:
        await unguarded.close()
    assert {"get_project", "get_document", "get_theory", "batch_status", "get_dead_letter"} <= found
