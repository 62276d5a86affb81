"""What goes on in one tenant now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncpg


class PostgresActivity:
    """`Activity` on documents, their events and runs."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def stages(self) -> dict[str, int]:
        """Documents that have not ended."""
        rows = await self._db.fetch(
            "select status, count(*) as n from documents where tenant_id = $1 "
            "and status not in ('completed', 'rejected', 'needs_review') and status not like '%\\_failed' "
            "group by status order by status",
            self._tenant,
        )  # fmt: skip
        return {row["status"]: row["n"] for row in rows}

    async def retries(self, at_most: int) -> list[dict[str, Any]]:
        """The longest waiting first."""
        rows = await self._db.fetch(
            "select document_id, stage, error_code, error_message, updated_at as since from documents "
            "where tenant_id = $1 and error_code is not null "
            "and status not in ('completed', 'rejected', 'needs_review') and status not like '%\\_failed' "
            "order by updated_at limit $2",
            self._tenant, at_most,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def failures(self, since: datetime) -> list[dict[str, Any]]:
        """Stages that failed, whether they were tried again or not."""
        rows = await self._db.fetch(
            "select stage, detail ->> 'error_code' as error_code, count(*) as times, max(at) as last from stage_events "
            "where tenant_id = $1 and at >= $2 and detail ? 'error_code' group by 1, 2 order by 3 desc, 1, 2",
            self._tenant, since,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def throughput(self, minutes: int) -> list[dict[str, Any]]:
        """Every minute has a row, also those in which nothing ended."""
        rows = await self._db.fetch(
            "select m.minute, count(e.event_id) filter (where e.status = 'completed') as completed, "
            "count(e.event_id) filter (where e.status like '%\\_failed' or e.status = 'rejected') as failed "
            "from generate_series(date_trunc('minute', now()) - make_interval(mins => $2 - 1), "
            "date_trunc('minute', now()), interval '1 minute') as m (minute) "
            "left join stage_events e on e.tenant_id = $1 and e.at >= m.minute "
            "and e.at < m.minute + interval '1 minute' group by m.minute order by m.minute",
            self._tenant, minutes,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def runs(self, subject: str, status: str | None, after: str | None, limit: int) -> list[dict[str, Any]]:
        """Keyset by time and id."""
        rows = await self._db.fetch(
            "select r.run_id as task_id, r.project_id, p.name as project, r.kind, r.status, r.step, r.progress, "
            "r.error_code, r.error_message, r.created_at, r.updated_at, r.finished_at from runs r "
            "join projects p using (project_id) join project_members m using (project_id) "
            "where r.tenant_id = $1 and m.subject = $2 and ($3::text is null or r.status = $3) "
            "and ($4::uuid is null or (r.created_at, r.run_id) < (select a.created_at, a.run_id from runs a "
            "join project_members o on o.project_id = a.project_id and o.subject = $2 where a.run_id = $4)) "
            "order by r.created_at desc, r.run_id desc limit $5",
            self._tenant, subject, status, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]
