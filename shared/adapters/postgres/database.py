"""The pool, and transactions in the name of one tenant."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, cast

from shared.adapters.postgres.activity import PostgresActivity
from shared.adapters.postgres.batches import PostgresBatches
from shared.adapters.postgres.codebook import PostgresCodebook
from shared.adapters.postgres.corpus import PostgresCorpus
from shared.adapters.postgres.dead_letters import PostgresDeadLetters
from shared.adapters.postgres.documents import PostgresDocuments
from shared.adapters.postgres.fleet import PostgresFleet
from shared.adapters.postgres.members import PostgresMembers
from shared.adapters.postgres.projects import PostgresProjects
from shared.adapters.postgres.quotas import PostgresQuotas
from shared.adapters.postgres.records import PostgresRecords
from shared.adapters.postgres.runs import PostgresRuns
from shared.adapters.postgres.stages import PostgresStages
from shared.adapters.postgres.theories import PostgresTheories
from shared.domain.errors import TimedOut, Unavailable
from shared.ports import (
    Activity,
    Batches,
    Codebook,
    Corpus,
    DeadLetters,
    Documents,
    Fleet,
    Members,
    Projects,
    Quotas,
    Records,
    Runs,
    Stages,
    Theories,
)

if TYPE_CHECKING:
    import asyncpg


class TenantTransaction:
    """The stores, all on one connection within one transaction."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self.projects: Projects = PostgresProjects(connection, tenant_id)
        self.documents: Documents = PostgresDocuments(connection, tenant_id)
        self.stages: Stages = PostgresStages(lambda: nullcontext(connection))
        self.members: Members = PostgresMembers(connection, tenant_id)
        self.corpus: Corpus = PostgresCorpus(connection, tenant_id)
        self.records: Records = PostgresRecords(connection, tenant_id)
        self.runs: Runs = PostgresRuns(connection, tenant_id)
        self.codebook: Codebook = PostgresCodebook(connection, tenant_id)
        self.theories: Theories = PostgresTheories(connection, tenant_id)
        self.quotas: Quotas = PostgresQuotas(connection, tenant_id)
        self.activity: Activity = PostgresActivity(connection, tenant_id)
        self.batches: Batches = PostgresBatches(connection, tenant_id)
        self.dead_letters: DeadLetters = PostgresDeadLetters(connection, tenant_id)


async def _prepare(connection: asyncpg.Connection) -> None:
    """Ids are text and JSON is plain values on our side."""
    for name, encoder, decoder in (("uuid", str, str), ("text", _text, str), ("jsonb", _json, json.loads)):
        await connection.set_type_codec(name, encoder=encoder, decoder=decoder, schema="pg_catalog", format="text")


async def _leave(connection: asyncpg.Connection) -> None:
    """Nothing is left to reset: the tenant is known within its transaction only, and that has ended (asyncpg sees to
    it). The usual reset is a round trip in each of thousands of small transactions."""


# PostgreSQL's text holds neither NUL nor half a surrogate pair. A model's answer can have both, and one of them would
# refuse the whole row, at every try.
_HALVES = re.compile("[\ud800-\udfff]")
_ESCAPED_NUL = re.compile(r"(\\\\)|\\u0000")  # the first half passes over escaped backslashes


def _literal(value: str) -> str:
    """A text as SQL has it, whatever `standard_conforming_strings` says. Raises ValueError for what no text can hold."""
    if "\x00" in value:
        raise ValueError("A NUL is in no tenant's id.")
    return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _text(value: str) -> str:
    return _HALVES.sub("\ufffd", value.replace("\x00", ""))


def _json(value: Any) -> str:
    return _HALVES.sub("\ufffd", _ESCAPED_NUL.sub(r"\1", json.dumps(value, ensure_ascii=False, default=str)))


class Database:
    """Postgres with the app's role. The pool opens when first asked, once an event loop."""

    def __init__(
        self,
        url: str,
        *,
        size: int,
        overflow: int,
        timeout: float,
        recycle: float,
        password: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        """`size` + `overflow` connections at most; `timeout` seconds to wait for one; idle ones close after `recycle`.

        `password` is asked for each new connection: a token that has been renewed, or a secret that was rotated.
        """
        self._url, self._size, self._overflow, self._password = url, size, overflow, password
        self._timeout, self._recycle = timeout, recycle
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self.fleet: Fleet = PostgresFleet(self)
        self.stages: Stages = PostgresStages(self.connection)

    @asynccontextmanager
    async def tenant(self, tenant_id: str) -> AsyncIterator[TenantTransaction]:
        """A transaction that sees only this tenant's rows."""
        async with self.tenant_connection(tenant_id) as connection:
            yield TenantTransaction(connection, tenant_id)

    @asynccontextmanager
    async def tenant_connection(self, tenant_id: str) -> AsyncIterator[asyncpg.Connection]:
        """The bare connection of such a transaction; `connection.transaction()` does not nest in it."""
        async with self.connection() as connection:
            # Begun and named in one round trip: an import is some twenty of these transactions.
            begin = f"begin; select set_config('app.tenant_id', {_literal(tenant_id)}, true)"
            try:
                await connection.execute(begin)
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("rollback")
                raise
            await connection.execute("commit")

    async def waiting_documents(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Ids of documents of any tenant that have been pending for `older_than` seconds."""
        query = "select * from fleet_waiting_documents(make_interval(secs => $1), $2)"
        async with self.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, older_than, at_most)]

    async def waiting_runs(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Ids of runs of any tenant that have been queued for `older_than` seconds."""
        query = "select * from fleet_waiting_runs(make_interval(secs => $1), $2)"
        async with self.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, older_than, at_most)]

    async def waiting_items(self, older_than: float, at_most: int) -> list[dict[str, Any]]:
        """Ids of items of any tenant that have waited to become documents for `older_than` seconds."""
        query = "select * from fleet_waiting_items(make_interval(secs => $1), $2)"
        async with self.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, older_than, at_most)]

    async def ping(self) -> None:
        """Ask the simplest question."""
        async with self.connection() as connection:
            await connection.fetchval("select 1")

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the pool; driver errors that may pass become ours."""
        import asyncpg

        try:
            pool = self._pool or await self._open()
            async with pool.acquire(timeout=self._timeout) as connection:
                yield cast("asyncpg.Connection", connection)
        except TimeoutError as error:
            raise TimedOut("The database had no free connection in time.") from error
        except (
            OSError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,  # a connection that broke while it was being used
            asyncpg.PostgresConnectionError,
            asyncpg.CannotConnectNowError,
            asyncpg.TooManyConnectionsError,
        ) as error:
            raise Unavailable("The database could not be reached.") from error
        except (
            asyncpg.DeadlockDetectedError,
            asyncpg.SerializationError,
            asyncpg.AdminShutdownError,
            asyncpg.CrashShutdownError,
        ) as error:
            raise Unavailable("The database could not do this now.") from error

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _open(self) -> asyncpg.Pool:
        import asyncpg

        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    password=self._password,
                    min_size=1,
                    max_size=self._size + self._overflow,
                    max_inactive_connection_lifetime=self._recycle,
                    timeout=self._timeout,
                    command_timeout=60,
                    init=_prepare,
                    reset=_leave,
                )
        return self._pool
