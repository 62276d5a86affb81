"""Documents, stages, pages and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from shared.domain.document import Classification, Description, Document, Inspection, Page, Scan, Stage
from shared.domain.errors import NotFound
from shared.domain.remarks import from_plain, to_plain

if TYPE_CHECKING:
    import asyncpg

COLUMNS = (
    "document_id, tenant_id, project_id, name, sha256, size, status, stage, progress, attempt, media_type, type, "
    "type_confidence, language, page_count, description, warnings, error_code, error_message, created_at, updated_at, "
    "resume_stage, depth, root_id, member_count, scan, hints"
)

# Each warning once.
_WITH_WARNINGS = "(select coalesce(jsonb_agg(distinct w), '[]') from jsonb_array_elements(warnings || {}::jsonb) w)"


def document_of(row: asyncpg.Record) -> Document:
    """A row of COLUMNS as a document, its warnings as remarks."""
    return Document(**{**dict(row), "warnings": [from_plain(warning) for warning in row["warnings"]]})


class PostgresDocuments:
    """`Documents` on tables `documents`, `document_names`, `stage_events` and `pages`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def register(self, document: Document) -> tuple[Document, bool]:
        """Insert, or find the document with the same bytes; either way the name becomes one of its names."""
        row = await self._db.fetchrow(
            "with new as (insert into documents (document_id, tenant_id, project_id, name, sha256, size, depth, root_id) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning *), "
            "named as (insert into document_names (document_id, tenant_id, name) select $1, $2, $4 from new), "
            "noted as (insert into stage_events (document_id, tenant_id, stage, status) "
            f"select $1, $2, 'registered', 'pending' from new) select {COLUMNS} from new",
            document.document_id, self._tenant, document.project_id, document.name, document.sha256, document.size,
            document.depth, document.root_id,
        )  # fmt: skip
        if row is not None:
            return document_of(row), True
        await self._db.execute(
            "update documents set depth = $3, root_id = $4 where document_id = $1 and tenant_id = $2 and depth > $3",
            document.document_id, self._tenant, document.depth, document.root_id,
        )  # fmt: skip
        await self._db.execute(
            "insert into document_names (document_id, tenant_id, name) values ($1, $2, $3) on conflict do nothing",
            document.document_id, self._tenant, document.name,
        )  # fmt: skip
        return await self.get(document.document_id), False

    async def get(self, document_id: str, *, lock: bool = False) -> Document:
        """The document's row."""
        row = await self._db.fetchrow(
            f"select {COLUMNS} from documents where document_id = $1 and tenant_id = $2"
            + (" for update" if lock else ""),
            document_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such document.")
        return document_of(row)

    async def listing(
        self, project_id: str, *, status: str | None, type_: str | None, after: str | None, limit: int
    ) -> list[Document]:
        """Keyset page by id."""
        rows = await self._db.fetch(
            f"select {COLUMNS} from documents where project_id = $1 and tenant_id = $2 "
            "and ($3::text is null or status = $3) and ($4::text is null or type = $4) "
            "and ($5::uuid is null or document_id > $5) order by document_id limit $6",
            project_id, self._tenant, status, type_, after, limit,
        )  # fmt: skip
        return [document_of(row) for row in rows]

    async def times_begun(self, document_id: str, stage: Stage) -> int:
        """One event for each time."""
        times: int = await self._db.fetchval(
            "select count(*)::int from stage_events where document_id = $1 and tenant_id = $2 and stage = $3 and status = $4",
            document_id, self._tenant, stage.name, stage.running,
        )  # fmt: skip
        return times

    async def retrying(self, document_id: str, stage: Stage, error_code: str, message: str) -> None:
        """The status stays; the reason is on the row until the stage gets on."""
        await self._db.execute(
            "update documents set error_code = $3, error_message = $4, updated_at = now() "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, error_code, message,
        )  # fmt: skip
        await self._event(document_id, stage.name, "retrying", {"error_code": error_code, "message": message})

    async def end(self, document_id: str, stage: str, status: str, error_code: str, message: str) -> None:
        """Rejected, failed or needing review."""
        await self._db.execute(
            "update documents set status = $3, stage = $4, error_code = $5, error_message = $6, updated_at = now() "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, status, stage, error_code, message,
        )  # fmt: skip
        await self._event(document_id, stage, status, {"error_code": error_code, "message": message})

    async def progress(self, document_id: str, progress: int) -> None:
        """Progress within a stage; what it failed at before is over."""
        await self._db.execute(
            "update documents set progress = greatest(progress, $3), error_code = null, error_message = null, "
            "updated_at = now() "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, progress,
        )  # fmt: skip

    async def restart(self, document_id: str, resume: Stage | None = None) -> Document:
        """Pending again, one attempt later. From the beginning, what was odd about it will be found again."""
        await self._db.execute(
            "update documents set status = 'pending', stage = 'registered', attempt = attempt + 1, error_code = null, "
            "error_message = null, updated_at = now(), resume_stage = coalesce($3, resume_stage), "
            "warnings = case when coalesce($3, resume_stage) is null then '[]' else warnings end, "
            "progress = case when $3::text is null then progress else 0 end where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, resume.name if resume else None,
        )  # fmt: skip
        resumed = {"resume": resume.name} if resume else {}
        await self._event(document_id, "registered", "pending", {"restarted": True, **resumed})
        return await self.get(document_id)

    async def reread(self, document_id: str) -> Document | None:
        """One statement: see `reread` in `restarts`."""
        from shared.adapters.postgres.restarts import reread

        return next(iter(await reread(self._db, self._tenant, [document_id])), None)

    async def retyped(self, document_id: str, type_: str) -> None:
        """A person's word is certain, also when the text is looked at again."""
        await self._db.execute(
            "update documents set type = $3, type_confidence = 1, hints = hints || jsonb_build_object('type', $3::text) "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, type_,
        )  # fmt: skip

    async def scanned(self, document_id: str, scan: Scan) -> None:
        """The scan as JSON, with the time."""
        await self._db.execute(
            "update documents set scan = $3::jsonb || jsonb_build_object('at', now()) "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, asdict(scan),
        )  # fmt: skip

    async def inspected(self, document_id: str, inspection: Inspection, scan: Scan) -> None:
        """Media type, pages, members, the scan, warnings."""
        await self._db.execute(
            "update documents set media_type = $3, page_count = $4, member_count = $5, "
            f"scan = $6::jsonb || jsonb_build_object('at', now()), warnings = {_WITH_WARNINGS.format('$7')} "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, inspection.media_type, inspection.page_count, inspection.members or None,
            asdict(scan), [to_plain(warning) for warning in inspection.warnings],
        )  # fmt: skip

    async def classified(self, document_id: str, classification: Classification, language: str) -> None:
        """Type, confidence, language."""
        await self._db.execute(
            "update documents set type = $3, type_confidence = $4, language = $5 where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, classification.type.value, classification.confidence, language,
        )  # fmt: skip

    async def described(self, document_id: str, description: Description) -> None:
        """Metadata as JSON."""
        await self._db.execute(
            "update documents set description = $3 where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, asdict(description),
        )  # fmt: skip

    async def warn(self, document_id: str, warnings: Sequence[str]) -> None:
        """Each warning once."""
        if warnings:
            await self._db.execute(
                f"update documents set warnings = {_WITH_WARNINGS.format('$3')} "
                "where document_id = $1 and tenant_id = $2",
                document_id, self._tenant, [to_plain(warning) for warning in warnings],
            )  # fmt: skip

    async def withdraw(self, document_id: str, warnings: Sequence[str]) -> None:
        """The others stay, in their order; sentences of earlier versions are known by their words."""
        await self._db.execute(
            "update documents set warnings = (select coalesce(jsonb_agg(w order by at), '[]') "
            "from jsonb_array_elements(warnings) with ordinality as e(w, at) where not $3::jsonb @> jsonb_build_array(w)) "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, [form for one in warnings for form in (to_plain(one), str(one))],
        )  # fmt: skip

    async def replace_pages(self, document_id: str, pages: Sequence[Page], starts: Sequence[int]) -> None:
        """The pages as read last."""
        await self._db.execute("delete from pages where document_id = $1 and tenant_id = $2", document_id, self._tenant)
        await self._db.executemany(
            "insert into pages (document_id, tenant_id, number, source, confidence, rotated, start_offset, end_offset, "
            "problem, error_code) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                (
                    document_id,
                    self._tenant,
                    p.number,
                    p.source,
                    p.confidence,
                    p.rotated,
                    at,
                    at + len(p.text),
                    p.problem,
                    p.error_code,
                )
                for p, at in zip(pages, starts, strict=True)
            ],
        )

    async def pages(self, document_id: str) -> list[dict[str, Any]]:
        """Rows in order."""
        rows = await self._db.fetch(
            "select number, source, confidence, rotated, start_offset, end_offset, problem, error_code from pages "
            "where document_id = $1 and tenant_id = $2 order by number",
            document_id, self._tenant,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def events(self, document_id: str) -> list[dict[str, Any]]:
        """What happened, in order."""
        rows = await self._db.fetch(
            "select stage, status, at, duration_ms, detail from stage_events "
            "where document_id = $1 and tenant_id = $2 order by event_id",
            document_id, self._tenant,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def _event(
        self, document_id: str, stage: str, status: str, detail: dict[str, Any], duration_ms: int | None = None
    ) -> None:
        await self._db.execute(
            "insert into stage_events (document_id, tenant_id, stage, status, detail, duration_ms) "
            "values ($1, $2, $3, $4, $5, $6)",
            document_id, self._tenant, stage, status, detail, duration_ms,
        )  # fmt: skip
