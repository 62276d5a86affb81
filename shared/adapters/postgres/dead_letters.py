"""Dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.postgres.restarts import restart_failed
from shared.domain.dead_letters import DeadLetter, LetterFilter
from shared.domain.document import Document
from shared.domain.errors import NotFound

if TYPE_CHECKING:
    import asyncpg

COLUMNS = (
    "dead_letter_id, tenant_id, kind, subject, queue, payload, error_code, message, project_id, stage, attempts, trace, "
    "state, settled_by, settled_at, first_seen, last_seen"
)
# What went wrong with a document on its way, from its events; where there are none (runs, messages), what is given.
TRACE = """
coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'stage', e.stage, 'status', e.status) || e.detail
    order by e.event_id) from stage_events e where $7 = 'import' and e.document_id::text = $8
    and (e.status = 'retrying' or e.status like '%\\_failed')), $13::jsonb)
"""


class PostgresDeadLetters:
    """`DeadLetters` on table `dead_letters`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def keep(self, letter: DeadLetter) -> None:
        """An upsert: the same letter may come any number of times."""
        await self._db.execute(
            "insert into dead_letters (dead_letter_id, tenant_id, project_id, queue, payload, stage, kind, subject, "
            "error_code, message, attempts, first_seen, trace) "
            f"values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12, now()), {TRACE}) "
            "on conflict (dead_letter_id) do update set last_seen = now()",
            letter.dead_letter_id, self._tenant, letter.project_id, letter.queue, letter.payload, letter.stage,
            letter.kind, letter.subject, letter.error_code, letter.message, letter.attempts, letter.first_seen,
            letter.trace,
        )  # fmt: skip

    async def get(self, dead_letter_id: str, *, lock: bool = False) -> DeadLetter:
        """The letter's row."""
        row = await self._db.fetchrow(
            f"select {COLUMNS} from dead_letters where dead_letter_id = $1 and tenant_id = $2"
            + (" for update" if lock else ""),
            dead_letter_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such dead letter.")
        return DeadLetter(**dict(row))

    async def listing(self, wanted: LetterFilter, after: str | None, limit: int) -> list[DeadLetter]:
        """Keyset page, newest first."""
        rows = await self._db.fetch(
            f"select {COLUMNS} from dead_letters where tenant_id = $1 and ($2::text is null or state = $2) "
            "and ($3::text is null or kind = $3) and ($4::text is null or stage = $4) "
            "and ($5::text is null or error_code = $5) and ($6::uuid is null or (first_seen, dead_letter_id) < "
            "(select a.first_seen, a.dead_letter_id from dead_letters a where a.dead_letter_id = $6)) "
            "order by first_seen desc, dead_letter_id desc limit $7",
            self._tenant, wanted.state, wanted.kind, wanted.stage, wanted.error, after, limit,
        )  # fmt: skip
        return [DeadLetter(**dict(row)) for row in rows]

    async def settle(self, dead_letter_ids: Sequence[str], state: str, by: str) -> None:
        """Only open ones; one that was settled with its document gets the name of who did it."""
        await self._db.execute(
            "update dead_letters set state = case when state = 'open' then $3 else state end, "
            "settled_by = coalesce(settled_by, $4), settled_at = coalesce(settled_at, now()) "
            "where dead_letter_id = any($1::uuid[]) and tenant_id = $2",
            list(dead_letter_ids), self._tenant, state, by,
        )  # fmt: skip

    async def restart_failed(self, subjects: Sequence[str]) -> list[Document]:
        """Their letters count as replayed in the same statement."""
        return await restart_failed(self._db, self._tenant, subjects)
