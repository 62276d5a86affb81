"""Counts over all tenants, through functions that give counts and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared.domain.alerts import Signal
from shared.ports.fleet import Count

if TYPE_CHECKING:
    from shared.adapters.postgres.database import Database


class PostgresFleet:
    """`Fleet` on the functions `fleet_…`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> list[Count]:
        """Sums of complete events, and those that came after."""
        async with self._database.connection() as db:
            rows = await db.fetch("select tenant_id, metric, label, detail, value from fleet_metrics()")
        return [Count(**dict(row)) for row in rows]

    async def queues(self) -> dict[str, int]:
        """What waits."""
        async with self._database.connection() as db:
            return {row["queue"]: row["waiting"] for row in await db.fetch("select queue, waiting from fleet_queues()")}

    async def signals(self, span: timedelta, least: int) -> list[Signal]:
        """By the database's clock."""
        async with self._database.connection() as db:
            rows = await db.fetch("select signal, subject, value from fleet_signals($1, $2)", span, least)
        return [Signal(row["signal"], row["subject"], row["value"]) for row in rows]

    async def sum_up(self) -> None:
        """One caller at a time does it; the others go on at once."""
        async with self._database.connection() as db:
            await db.execute("select fleet_sum_up()")
