"""Business records, their corrections and waivers, and who holds a bill's key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.adapters.postgres import record_tables
from shared.domain import ids
from shared.domain.business import BusinessRecord
from shared.domain.corrections import Correction
from shared.domain.document import BUSINESS_TYPES, NEEDS_REVIEW, Document
from shared.domain.waivers import Waiver

if TYPE_CHECKING:
    import asyncpg

_SUMMARY = (
    "number", "issue_date", "due_date", "country", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "currency",
    "net", "tax", "withheld", "total", "iban", "account", "opening_balance", "closing_balance",
)  # fmt: skip
_SUMMARISED = ", ".join(f"r.record->>'{name}' as {name}" for name in _SUMMARY)


class PostgresRecords:
    """`Records` on tables `records`, `record_…`, and those that offices read."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def put(self, document: Document, kind: str, record: dict[str, Any]) -> None:
        """Extracted again replaces what was extracted before."""
        await self._db.execute(
            "insert into records as r (document_id, tenant_id, project_id, kind, record) values ($1, $2, $3, $4, $5) "
            "on conflict (document_id) do update set kind = excluded.kind, record = excluded.record, findings = '[]', "
            "version = r.version + (r.record is distinct from excluded.record)::int, updated_at = now()",
            document.document_id, self._tenant, document.project_id, kind, record,
        )  # fmt: skip

    async def findings(self, document_id: str, findings: list[dict[str, Any]]) -> None:
        """The result of validation."""
        await self._db.execute(
            "update records set findings = $3, updated_at = now() where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, findings,
        )  # fmt: skip

    async def get(self, document_id: str) -> dict[str, Any] | None:
        """The record as it stands."""
        row = await self._db.fetchrow(
            "select kind, record, findings, version, published_at, updated_at from records "
            "where document_id = $1 and tenant_id = $2",
            document_id, self._tenant,
        )  # fmt: skip
        return dict(row) if row else None

    async def correct(self, document: Document, record: BusinessRecord, corrections: Sequence[Correction]) -> None:
        """The record, its version and what was changed."""
        await self._db.execute(
            "insert into records (document_id, tenant_id, project_id, kind, record, version) values ($1, $2, $3, $4, $5, $6) "
            "on conflict (document_id) do update set kind = excluded.kind, record = excluded.record, "
            "version = excluded.version, updated_at = now()",
            document.document_id, self._tenant, document.project_id, record.kind.value, record.model_dump(mode="json"),
            max(correction.version for correction in corrections),
        )  # fmt: skip
        await self._db.executemany(
            "insert into record_corrections (document_id, version, field, tenant_id, old_value, new_value, by_subject) "
            "values ($1, $2, $3, $4, $5, $6, $7)",
            [(document.document_id, c.version, c.field, self._tenant, c.old, c.new, c.by) for c in corrections],
        )

    async def corrections(self, document_id: str) -> list[Correction]:
        """In the order of versions."""
        rows = await self._db.fetch(
            "select field, old_value as old, new_value as new, by_subject as by, version, at from record_corrections "
            "where document_id = $1 and tenant_id = $2 order by version, field",
            document_id, self._tenant,
        )  # fmt: skip
        return [Correction(**dict(row)) for row in rows]

    async def waive(self, document_id: str, version: int, waivers: Sequence[Waiver]) -> None:
        """A row a finding."""
        await self._db.execute(
            "update records set version = $3, updated_at = now() where document_id = $1 and tenant_id = $2",
            document_id, self._tenant, version,
        )  # fmt: skip
        await self._db.executemany(
            "insert into record_waivers (document_id, version, ordinal, tenant_id, field, rule, value, message, reason, "
            "by_subject) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                (document_id, version, n, self._tenant, w.field, w.rule, w.value, w.message, w.reason, w.by)
                for n, w in enumerate(waivers)
            ],
        )

    async def waivers(self, document_id: str) -> list[Waiver]:
        """In the order of versions."""
        rows = await self._db.fetch(
            "select field, rule, value, message, reason, by_subject as by, version, at from record_waivers "
            "where document_id = $1 and tenant_id = $2 order by version, ordinal",
            document_id, self._tenant,
        )  # fmt: skip
        return [Waiver(**dict(row)) for row in rows]

    async def claim(self, document: Document, key: str | None) -> tuple[str, str] | None:
        """Of two at once the second waits in the insert until the first has committed, and then sees it."""
        claim = ids.derived("bill", key) if key else None
        await self._db.execute(
            "delete from record_claims where document_id = $1 and tenant_id = $2 and claim is distinct from $3::uuid",
            document.document_id, self._tenant, claim,
        )  # fmt: skip
        if claim is None:
            return None
        await self._db.execute(
            "insert into record_claims (project_id, claim, document_id, tenant_id) values ($1, $2, $3, $4) "
            "on conflict do nothing",
            document.project_id, claim, document.document_id, self._tenant,
        )  # fmt: skip
        row = await self._db.fetchrow(
            "select c.document_id, d.name from record_claims c join documents d using (document_id) "
            "where c.project_id = $1 and c.claim = $2 and c.tenant_id = $3 and c.document_id <> $4",
            document.project_id, claim, self._tenant, document.document_id,
        )  # fmt: skip
        return (row["document_id"], row["name"]) if row else None

    async def publish(self, document: Document, record: dict[str, Any]) -> None:
        """Into `bank_transactions`, `expenses` (receipts) or `invoices`, by the record's kind."""
        await self.withdraw(document.document_id)
        await record_tables.write(self._db, self._tenant, document, record)
        await self._db.execute(
            "update records set published_at = now() where document_id = $1 and tenant_id = $2",
            document.document_id, self._tenant,
        )  # fmt: skip

    async def withdraw(self, document_id: str) -> None:
        """From all tables: its kind may have been another."""
        deletions = ", ".join(
            f"from_{table} as (delete from {table} where document_id = $1 and tenant_id = $2)"
            for table in record_tables.WRITTEN
        )
        await self._db.execute(
            f"with {deletions} update records set published_at = null "
            "where document_id = $1 and tenant_id = $2 and published_at is not null",
            document_id, self._tenant,
        )  # fmt: skip

    async def listing(
        self, project_id: str, *, kind: str | None, published: bool | None, after: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Keyset page by document."""
        rows = await self._db.fetch(
            f"select r.document_id, d.name, d.status, r.kind, r.version, r.published_at, r.updated_at, {_SUMMARISED}, "
            "r.findings from records r join documents d using (document_id) "
            "where r.project_id = $1 and r.tenant_id = $2 and r.kind = any($3::text[]) "
            "and ($4::boolean is null or case when $4 then r.published_at is not null else d.status = $5 end) "
            "and ($6::uuid is null or r.document_id > $6) order by r.document_id limit $7",
            project_id, self._tenant, [kind] if kind else sorted(BUSINESS_TYPES), published, NEEDS_REVIEW, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def table(self, project_id: str, name: str, language: str = "en") -> tuple[list[str], list[dict[str, Any]]]:
        """As exported."""
        return await record_tables.read(self._db, self._tenant, project_id, name, language)
