"""Runs, and the lease that lets one run at a time work on a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.domain.errors import LeaseLost, NotFound
from shared.domain.runs import Run

if TYPE_CHECKING:
    import asyncpg

COLUMNS = (
    "run_id, tenant_id, project_id, kind, status, token, progress, step, request, created_by, theory_id, error_code, "
    "error_message, created_at, finished_at"
)


class PostgresRuns:
    """`Runs` on tables `runs` and `project_leases`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def create(self, run: Run) -> None:
        """A queued run."""
        await self._db.execute(
            "insert into runs (run_id, tenant_id, project_id, kind, token, request, created_by) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            run.run_id, self._tenant, run.project_id, run.kind, run.token, run.request, run.created_by,
        )  # fmt: skip

    async def get(self, run_id: str) -> Run:
        """The run's row."""
        row = await self._db.fetchrow(
            f"select {COLUMNS} from runs where run_id = $1 and tenant_id = $2",
            run_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such task.")
        return Run(**dict(row))

    async def take_lease(self, project_id: str, run_id: str, token: str, ttl: int) -> tuple[str, bool] | None:
        """None when it was free; else who holds it, and whether the time is over."""
        taken = await self._db.fetchval(
            "insert into project_leases (project_id, tenant_id, run_id, token, expires_at) "
            "values ($1, $2, $3, $4, now() + make_interval(secs => $5)) on conflict do nothing returning true",
            project_id, self._tenant, run_id, token, ttl,
        )  # fmt: skip
        if taken:
            return None
        row = await self._db.fetchrow(
            "select run_id, expires_at < now() as expired from project_leases where project_id = $1 and tenant_id = $2",
            project_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such project.")
        return row["run_id"], row["expired"]

    async def seize_lease(self, project_id: str, run_id: str, token: str, ttl: int, holder: str) -> bool:
        """Only from this holder: of two that try, one wins."""
        taken = await self._db.fetchval(
            "update project_leases set run_id = $3, token = $4, expires_at = now() + make_interval(secs => $5) "
            "where project_id = $1 and tenant_id = $2 and run_id = $6 returning true",
            project_id, self._tenant, run_id, token, ttl, holder,
        )  # fmt: skip
        return bool(taken)

    async def release_lease(self, project_id: str, token: str) -> None:
        """Only one's own."""
        await self._db.execute(
            "delete from project_leases where project_id = $1 and tenant_id = $2 and token = $3",
            project_id, self._tenant, token,
        )  # fmt: skip

    async def advance(self, run_id: str, token: str, step: str, progress: int, ttl: int) -> Run:
        """Lease and row in one: a stale token changes nothing. The lease's row stays locked until the end of the
        transaction, so what is written under it cannot meet a take-over half way."""
        held = await self._db.fetchval(
            "update project_leases set expires_at = now() + make_interval(secs => $4) "
            "where run_id = $1 and tenant_id = $2 and token = $3 returning true",
            run_id, self._tenant, token, ttl,
        )  # fmt: skip
        if not held:
            raise LeaseLost
        await self._db.execute(
            "update runs set status = 'running', step = $3, progress = greatest(progress, $4), updated_at = now() "
            "where run_id = $1 and tenant_id = $2",
            run_id, self._tenant, step, progress,
        )  # fmt: skip
        return await self.get(run_id)

    async def pause(self, run_id: str, token: str, keep_for: int) -> None:
        """Status and lease in one."""
        run = await self.get(run_id)
        await self.advance(run_id, token, run.step or "", run.progress, keep_for)
        await self._db.execute(
            "update runs set status = 'waiting_review' where run_id = $1 and tenant_id = $2", run_id, self._tenant
        )

    async def tokens_spent(self, run: Run) -> int:
        """From the ledger: what was answered before costs nothing again."""
        spent: int = await self._db.fetchval(
            "select coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0)::bigint from model_calls "
            "where project_id = $1 and tenant_id = $2 and answered_at >= $3 and purpose <> 'ocr'",
            run.project_id, self._tenant, run.created_at,
        )  # fmt: skip
        return spent

    async def finish(self, run_id: str, status: str, error_code: str | None = None, message: str | None = None) -> bool:
        """The first end counts; the lease goes with it. Lease before run, as `advance` has it: they cannot deadlock."""
        await self._db.execute(
            "select 1 from project_leases where run_id = $1 and tenant_id = $2 for update",
            run_id, self._tenant,
        )  # fmt: skip
        ended = await self._db.fetchrow(
            "update runs set status = $3, error_code = $4, error_message = $5, finished_at = now(), updated_at = now(), "
            "progress = case when $3 = 'completed' then 100 else progress end "
            "where run_id = $1 and tenant_id = $2 and finished_at is null returning project_id, token",
            run_id, self._tenant, status, error_code, message,
        )  # fmt: skip
        if ended is None:
            return False
        await self.release_lease(ended["project_id"], ended["token"])
        return True

    async def plan(self, run_id: str, documents: Sequence[str]) -> None:
        """Into the request, where every later step finds them."""
        await self._db.execute(
            "update runs set request = request || jsonb_build_object('documents', $3::jsonb) "
            "where run_id = $1 and tenant_id = $2",
            run_id, self._tenant, list(documents),
        )  # fmt: skip
