"""The pool: what the driver raises becomes what the app understands, and nothing else does."""

from __future__ import annotations

import asyncio
import socket
import uuid
from typing import Any

import asyncpg
import pytest

from shared.adapters.postgres import Database
from shared.domain.errors import TheoGenError, TimedOut, Unavailable
from tests.support.database import Study


def store(url: str, **changes: Any) -> Database:
    return Database(url, **{"size": 1, "overflow": 0, "timeout": 5, "recycle": 300, **changes})


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_database_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await store(f"postgresql://nobody:nothing@127.0.0.1:{closed_port()}/theogen").ping()


async def test_a_database_that_never_answers_times_out() -> None:
    async with await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TimedOut):
            await store(f"postgresql://nobody:nothing@127.0.0.1:{port}/theogen", timeout=0.2).ping()


async def test_a_pool_without_a_free_connection_times_out(migrated_url: str) -> None:
    database = store(migrated_url, timeout=0.2)
    async with database.connection():
        with pytest.raises(TimedOut):
            await database.ping()
    await database.ping()
    await database.close()


async def test_the_pool_holds_size_and_overflow_and_opens_again_after_it_was_closed(migrated_url: str) -> None:
    database = store(migrated_url, size=1, overflow=1, timeout=2)
    async with database.connection(), database.connection():
        pass
    await database.close()
    await database.ping()
    await database.close()


async def test_a_connection_that_is_cut_is_unavailable(migrated_url: str, postgres_owner_url: str) -> None:
    database = store(migrated_url)
    with pytest.raises(Unavailable):
        async with database.connection() as db:
            await db.execute("select pg_terminate_backend(pg_backend_pid())")
    await database.ping()
    await database.close()


@pytest.mark.parametrize(
    "kind",
    [
        asyncpg.TooManyConnectionsError,
        asyncpg.CannotConnectNowError,
        asyncpg.ConnectionDoesNotExistError,
        asyncpg.AdminShutdownError,
        asyncpg.CrashShutdownError,
        asyncpg.SerializationError,
        ConnectionResetError,
    ],
)
async def test_what_may_pass_at_the_server_is_unavailable(study: Study, kind: type[Exception]) -> None:
    async def meet() -> None:
        async with study.tenant():
            raise kind("now and then")

    with pytest.raises(Unavailable):
        await meet()


async def test_an_error_rolls_the_whole_transaction_back(study: Study) -> None:
    class StopHere(Exception):
        pass

    async def stop_half_way() -> None:
        async with study.tenant() as tx:
            await tx.documents.register(study.draft())
            raise StopHere

    with pytest.raises(StopHere):
        await stop_half_way()
    async with study.tenant() as tx:
        assert await tx.documents.listing(study.project_id, status=None, type_=None, after=None, limit=9) == []


async def test_two_that_lock_each_other_are_told_to_try_again(study: Study) -> None:
    documents = [(await study.document(data)).document_id for data in (b"1", b"2")]
    both = asyncio.Barrier(2)

    async def lock(first: str, second: str) -> str:
        try:
            async with study.tenant() as tx:
                await tx.documents.get(first, lock=True)
                await both.wait()
                await tx.documents.get(second, lock=True)
        except Unavailable:
            return "again"
        return "done"

    answers = await asyncio.gather(lock(*documents), lock(*reversed(documents)))
    assert sorted(answers) == ["again", "done"]


async def test_a_value_that_the_database_cannot_take_is_no_failure_of_the_connection(study: Study) -> None:
    async def ask(query: str, value: object) -> Exception:
        with pytest.raises(Exception) as caught:
            async with study.database.tenant_connection(study.tenant_id) as db:
                await db.fetch(query, value)
        return caught.value

    wrong = [
        await ask("select $1::int", 2**40),
        await ask("select $1::int", "text"),
        await ask("select $1::uuid", "no uuid"),
        await ask("select 1 from nowhere where $1::int = 1", 1),
    ]
    assert not any(isinstance(error, TheoGenError) for error in wrong), wrong


async def test_uuids_are_text_and_json_is_plain_values(study: Study) -> None:
    some = str(uuid.uuid4())
    async with study.database.tenant_connection(study.tenant_id) as db:
        row = await db.fetchrow("select $1::uuid as id, $2::jsonb as value", some, {"a": [1, None, "ñ"]})
    assert row is not None
    assert dict(row) == {"id": some, "value": {"a": [1, None, "ñ"]}}
