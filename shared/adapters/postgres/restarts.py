"""Many documents at once: made pending again, with the event and the dead letters that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.postgres.documents import COLUMNS, document_of
from shared.domain.document import FAILED_STATUSES, PENDING, REJECTED, Document

if TYPE_CHECKING:
    import asyncpg

AGAIN = [*sorted(FAILED_STATUSES), REJECTED]


async def restart_failed(
    db: asyncpg.Connection, tenant_id: str, document_ids: Sequence[str], statuses: Sequence[str] = AGAIN
) -> list[Document]:
    """Those of the documents whose status is among `statuses`, pending again and one attempt later."""
    rows = await db.fetch(
        "with again as (update documents set status = 'pending', stage = 'registered', attempt = attempt + 1, "
        "error_code = null, error_message = null, updated_at = now() "
        f"where document_id = any($1::uuid[]) and tenant_id = $2 and status = any($3::text[]) returning {COLUMNS}), "
        "told as (insert into stage_events (document_id, tenant_id, stage, status, detail) "
        "select document_id, $2, 'registered', 'pending', '{\"restarted\": true}' from again), "
        "settled as (update dead_letters set state = 'replayed', settled_at = now() "
        "where subject in (select document_id::text from again) and kind = 'import' and state = 'open' and tenant_id = $2) "
        "select * from again order by document_id",
        list(document_ids), tenant_id, list(statuses),
    )  # fmt: skip
    return [document_of(row) for row in rows]


async def pending_of(db: asyncpg.Connection, tenant_id: str, document_ids: Sequence[str]) -> list[Document]:
    """Those of the documents that wait to be started."""
    rows = await db.fetch(
        f"select {COLUMNS} from documents where document_id = any($1::uuid[]) and tenant_id = $2 and status = $3 "
        "order by document_id",
        list(document_ids), tenant_id, PENDING,
    )  # fmt: skip
    return [document_of(row) for row in rows]
