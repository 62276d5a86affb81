"""What a tenant may ask, counted in its own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

WINDOW = 60.0  # seconds


class PostgresQuotas:
    """`Quotas` on table `tenant_requests`: a log of the requests within the window, so the window slides exactly."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def admit(self, kind: str, a_minute: int) -> float:
        """Requests of one tenant and kind wait for each other here; the clock is read after that."""
        await self._db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{kind}:{self._tenant}")
        now = await self._db.fetchval("select clock_timestamp()")
        await self._db.execute(
            "delete from tenant_requests where tenant_id = $1 and kind = $2 and at <= $3::timestamptz - make_interval(secs => $4)",
            self._tenant, kind, now, WINDOW,
        )  # fmt: skip
        # Of the newest `a_minute` requests the oldest has to leave the window before there is room.
        gate = await self._db.fetchval(
            "select at from tenant_requests where tenant_id = $1 and kind = $2 order by at desc offset $3 limit 1",
            self._tenant, kind, a_minute - 1,
        )  # fmt: skip
        if gate is not None:
            return float(WINDOW - (now - gate).total_seconds())
        await self._db.execute(
            "insert into tenant_requests (tenant_id, kind, at) values ($1, $2, $3)", self._tenant, kind, now
        )  # fmt: skip
        return 0.0

    async def stored(self) -> int:
        """From the documents' rows."""
        return int(await self._db.fetchval(
            "select coalesce(sum(size), 0) from documents where tenant_id = $1", self._tenant
        ))  # fmt: skip
