"""What lies in archives and e-mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.domain.document import Document, Member

if TYPE_CHECKING:
    import asyncpg

MOST_PARENTS = 100


class PostgresMembers:
    """`Members` on table `document_members`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def put(self, parent: Document, member: Member, child_id: str | None) -> None:
        """One row a member, in place of what was there."""
        await self._db.execute(
            "insert into document_members (parent_id, ordinal, tenant_id, project_id, child_id, path, error_code, error_message) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (parent_id, ordinal) do update set "
            "child_id = excluded.child_id, path = excluded.path, error_code = excluded.error_code, "
            "error_message = excluded.error_message",
            parent.document_id, member.ordinal, self._tenant, parent.project_id, child_id, member.path,
            member.error_code, member.error_message,
        )  # fmt: skip

    async def is_linked(self, parent_id: str, ordinal: int) -> bool:
        """Whether its row points to a document."""
        found: bool = await self._db.fetchval(
            "select exists (select 1 from document_members where parent_id = $1 and ordinal = $2 and tenant_id = $3 "
            "and child_id is not null)",
            parent_id, ordinal, self._tenant,
        )  # fmt: skip
        return found

    async def counts(self, parent_id: str) -> dict[str, int]:
        """Rows, different documents, and rows with an error."""
        row = await self._db.fetchrow(
            "select count(*)::int as taken, count(distinct child_id)::int as documents, count(error_code)::int as failed "
            "from document_members where parent_id = $1 and tenant_id = $2",
            parent_id, self._tenant,
        )  # fmt: skip
        return dict(row)  # type: ignore[arg-type]  # an aggregate always has a row

    async def listing(self, parent_id: str, after: int, limit: int) -> list[dict[str, Any]]:
        """A page of them; a member that was rejected on its own says why."""
        rows = await self._db.fetch(
            "select m.ordinal, m.path, m.child_id as document_id, d.status, d.type, "
            "coalesce(m.error_code, d.error_code) as error_code, coalesce(m.error_message, d.error_message) as error_message "
            "from document_members m left join documents d on d.document_id = m.child_id and d.tenant_id = m.tenant_id "
            "where m.parent_id = $1 and m.tenant_id = $2 and m.ordinal > $3 order by m.ordinal limit $4",
            parent_id, self._tenant, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def parents(self, child_id: str) -> list[dict[str, Any]]:
        """By the parents' names."""
        rows = await self._db.fetch(
            "select m.parent_id as document_id, d.name, m.path, m.ordinal from document_members m "
            "join documents d on d.document_id = m.parent_id and d.tenant_id = m.tenant_id "
            "where m.child_id = $1 and m.tenant_id = $2 order by d.name, m.parent_id, m.ordinal limit $3",
            child_id, self._tenant, MOST_PARENTS,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def out_of(self, root_id: str) -> tuple[int, int]:
        """Count and bytes."""
        row = await self._db.fetchrow(
            "select count(*)::int as count, coalesce(sum(size), 0)::bigint as bytes from documents "
            "where root_id = $1 and tenant_id = $2",
            root_id, self._tenant,
        )  # fmt: skip
        assert row is not None  # an aggregate always has a row
        return row["count"], row["bytes"]
