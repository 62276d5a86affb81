"""Twenty tenants on one app: nobody sees, or learns of, anything that is another's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from functions.triggers.api import OPERATIONS
from shared.adapters.postgres import Database
from tests.support.app import RunningApp
from tests.support.tenants import Holder, Question, fill, questions, without_ids

TENANTS = 20
# Operators look after everything of their tenant, whoever's project it is.
OF_THE_TENANT = frozenset(o.function for o in OPERATIONS if o.role == "operator")
LISTS = ["batches", "runs", "dead-letters", "activity", "projects/{project_id}/documents"]


@pytest.fixture(scope="module")
async def database(app: RunningApp) -> AsyncIterator[Database]:
    """The app's own, with its role."""
    store = Database(app.database_url, size=4, overflow=4, timeout=20, recycle=300)
    yield store
    await store.close()


@pytest.fixture(scope="module")
async def holders(database: Database) -> list[Holder]:
    """One in each tenant."""
    return [await fill(database, "ana") for _ in range(TENANTS)]


async def ask(app: RunningApp, who: Holder, asked: Question) -> tuple[int, str]:
    """Status and body, without the ids that were asked for."""
    headers = {"X-Tenant-Id": who.tenant_id, "X-User-Id": who.user, **asked.headers}
    body = {"data": b"text"} if asked.headers else {} if asked.body is None else {"json": asked.body}
    answer = await app.ask(asked.operation.method, asked.path, params=dict(asked.query), headers=headers, **body)
    return answer.status, without_ids(answer.body, asked)


async def compare(
    app: RunningApp, who: Holder, others: Holder, skipped: frozenset[str] = frozenset(), *, every_kind: bool = True
) -> tuple[list[str], set[str]]:
    """Questions whose answer about what is another's differs from that about nothing; the operations asked."""
    room = asyncio.Semaphore(8)

    async def differs(foreign: Question, missing: Question) -> str | None:
        async with room:
            first, second = await ask(app, who, foreign), await ask(app, who, missing)
        if first == second:
            return None
        return f"{foreign.operation.function} {foreign.path} {foreign.query} {foreign.body}: {first} / {second}"

    pairs = list(questions(who, others, skipped, every_kind=every_kind))
    told = await asyncio.gather(*(differs(*pair) for pair in pairs))
    return [one for one in told if one], {foreign.operation.function for foreign, _ in pairs}


@pytest.mark.slow
async def test_what_is_another_tenant_s_is_answered_like_what_does_not_exist(
    app: RunningApp, holders: list[Holder]
) -> None:
    told, asked = [], set()
    for number, (who, others) in enumerate(pairwise([*holders, holders[0]])):
        found, functions = await compare(app, who, others, every_kind=number == 0)
        told += found
        asked |= functions
    assert told == []
    with_ids = {o.function for o in OPERATIONS if "_id}" in o.path}
    assert with_ids <= asked


async def test_what_is_a_colleague_s_is_answered_like_what_does_not_exist(
    app: RunningApp, database: Database, holders: list[Holder]
) -> None:
    [holder, *_] = holders
    colleague = await fill(database, "berta", holder.tenant_id)
    told, _ = await compare(app, colleague, holder, OF_THE_TENANT)
    assert told == []


async def test_lists_show_one_s_own_and_nothing_else(app: RunningApp, holders: list[Holder]) -> None:
    fields = {"batches": "batch_id", "runs": "task_id", "dead-letters": "dead_letter_id"}
    fields["projects/{project_id}/documents"] = "document_id"

    async def look(who: Holder) -> None:
        foreign = {i for holder in holders if holder is not who for i in holder.ids.values()}
        for path in LISTS:
            headers = {"X-Tenant-Id": who.tenant_id, "X-User-Id": who.user}
            text = json.dumps(await app.get(path.format(**who.ids), headers=headers))
            assert not [i for i in foreign if i in text]
            assert path not in fields or who.ids[fields[path]] in text

    await asyncio.gather(*(look(who) for who in holders))
