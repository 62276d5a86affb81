"""Many documents at once: made pending again, with the event and the dead letters that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.postgres.documents import COLUMNS, document_of
from shared.domain.document import FAILED_STATUSES, PENDING, REJECTED, Document

if TYPE_CHECKING:
    import asyncpg

AGAIN = [*sorted(FAILED_STATUSES), REJECTED]

# At rest, with pages that could not be read. What a theory quotes, or may be about to, keeps the text that it quotes.
READ_IN_PART = (
    "d.status in ('completed', 'needs_review') "
    "and exists (select from pages p where p.document_id = d.document_id and p.problem is not null) "
    "and not exists (select from passage_codings c where c.document_id = d.document_id) "
    "and not exists (select from project_leases l where l.project_id = d.project_id and l.expires_at > now())"
)


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


async def reread(db: asyncpg.Connection, tenant_id: str, document_ids: Sequence[str]) -> list[Document]:
    """Those of the documents that were read in part, pending again to read the pages that they lack.

    The event names these pages. Of two calls at once the second finds the document on its way.
    """
    rows = await db.fetch(
        "with again as (update documents d set status = 'pending', stage = 'registered', attempt = attempt + 1, "
        "progress = 0, error_code = null, error_message = null, updated_at = now(), resume_stage = 'ocr' "
        f"where document_id = any($1::uuid[]) and tenant_id = $2 and {READ_IN_PART} returning {COLUMNS}), "
        "told as (insert into stage_events (document_id, tenant_id, stage, status, detail) "
        "select document_id, $2, 'registered', 'pending', jsonb_build_object('restarted', true, 'resume', 'ocr', 'pages', "
        "(select jsonb_agg(number order by number) from pages p where p.document_id = a.document_id "
        "and p.problem is not null)) from again a) "
        "select * from again order by document_id",
        list(document_ids), tenant_id,
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
