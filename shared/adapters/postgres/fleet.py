"""Counts over all tenants, through functions that give counts and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.domain.alerts import Signal
from shared.domain.warmup import Found, Warmth
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
            rows = await db.fetch(
                "select tenant_id, metric, label, detail, value from fleet_metrics() "
                "union all select tenant_id, metric, label, detail, value from fleet_model_usage()"
            )
        return [Count(**dict(row)) for row in rows]

    async def queues(self) -> dict[str, int]:
        """What waits."""
        async with self._database.connection() as db:
            return {row["queue"]: row["waiting"] for row in await db.fetch("select queue, waiting from fleet_queues()")}

    async def signals(self, span: timedelta, least: int) -> list[Signal]:
        """By the database's clock."""
        async with self._database.connection() as db:
            rows = await db.fetch(
                "select signal, subject, value, null::uuid as tenant_id from fleet_signals($1, $2) "
                "union all select signal, subject, value, tenant_id from fleet_batch_signals($1) "
                "union all select signal, subject, value, null from fleet_warmup_signals()",
                span, least,
            )  # fmt: skip
        return [Signal(row["signal"], row["subject"], row["value"], row["tenant_id"]) for row in rows]

    async def sum_up(self) -> None:
        """One caller at a time does it; the others go on at once."""
        async with self._database.connection() as db:
            await db.execute("select fleet_sum_up()")

    async def record_warmth(self, warmth: Warmth) -> None:
        """One row a process, written again with each sign of life."""
        checks = {name: asdict(found) for name, found in warmth.checks.items()}
        async with self._database.connection() as db:
            await db.execute(
                "select fleet_record_warmth($1, $2, $3, $4, $5, $6)",
                warmth.process, warmth.ready, warmth.duration_sec, warmth.latency_ms, len(warmth.errors), checks,
            )  # fmt: skip

    async def warmups(self) -> list[Warmth]:
        """By the database's clock."""
        async with self._database.connection() as db:
            rows = await db.fetch("select process, ready, duration_sec, checks, latency_ms, seen from fleet_warmups()")
        return [
            Warmth(**{**row, "checks": {name: Found(**found) for name, found in row["checks"].items()}}) for row in rows
        ]
