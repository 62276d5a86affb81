"""A document's stages, each call one round trip."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from shared.adapters.postgres.documents import COLUMNS, document_of
from shared.domain.document import Document, Stage, statuses_behind
from shared.domain.errors import NotFound

if TYPE_CHECKING:
    import asyncpg


class PostgresStages:
    """`Stages` by functions of the database that name the tenant themselves (migration 0012).

    `connect` gives a connection: of the pool, and each call is a transaction of its own, or that of a transaction.
    """

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]) -> None:
        self._connect = connect

    async def begin(self, tenant_id: str, document_id: str, stage: Stage) -> Document | None:
        """The row as it was before, in one statement with its lock, the status and the event."""
        behind = statuses_behind(stage)
        async with self._connect() as db:
            row = await db.fetchrow(
                f"select {COLUMNS} from begin_stage($1, $2, $3, $4, $5)",
                tenant_id, document_id, stage.name, stage.running, behind,
            )  # fmt: skip
        if row is None:
            raise NotFound("There is no such document.")
        return None if row["status"] in behind else document_of(row)

    async def finish(self, document: Document, stage: Stage, detail: dict[str, Any]) -> int | None:
        """The time counts from when the stage first began, waits and retries included."""
        async with self._connect() as db:
            duration_ms: int | None = await db.fetchval(
                "select finish_stage($1, $2, $3, $4, $5, $6, $7, $8)",
                document.tenant_id, document.document_id, document.attempt, stage.name, stage.running, stage.done,
                stage.progress, detail,
            )  # fmt: skip
        return duration_ms

    async def advance(self, document: Document, stage: Stage, progress: int) -> bool:
        """What the stage failed at before is over."""
        async with self._connect() as db:
            moved: bool = await db.fetchval(
                "select advance_stage($1, $2, $3, $4, $5)",
                document.tenant_id, document.document_id, document.attempt, stage.running, progress,
            )  # fmt: skip
        return moved
