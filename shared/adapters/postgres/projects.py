"""Projects and members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.domain.errors import NotFound
from shared.domain.runs import Project

if TYPE_CHECKING:
    import asyncpg

COLUMNS = "project_id, tenant_id, owner_id, name, language, research_question, created_at"


class PostgresProjects:
    """`Projects` on tables `tenants`, `projects` and `project_members`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def create(self, project: Project, idempotency_key: str | None) -> Project:
        """Write the project and its owner as first member."""
        await self._db.execute("insert into tenants (tenant_id) values ($1) on conflict do nothing", self._tenant)
        await self._db.execute(
            "insert into projects (project_id, tenant_id, owner_id, name, language, research_question, idempotency_key) "
            "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            project.project_id, self._tenant, project.owner_id, project.name, project.language,
            project.research_question, idempotency_key,
        )  # fmt: skip
        row = await self._db.fetchrow(
            f"select {COLUMNS} from projects where project_id = $1 or (tenant_id = $2 and idempotency_key = $3)",
            project.project_id, self._tenant, idempotency_key,
        )  # fmt: skip
        assert row is not None  # either this project or the one under the same key
        await self._db.execute(
            "insert into project_members (project_id, tenant_id, subject) values ($1, $2, $3) on conflict do nothing",
            row["project_id"], self._tenant, row["owner_id"],
        )  # fmt: skip
        return _project(row)

    async def get(self, project_id: str, subject: str | None = None) -> Project:
        """The project, if the subject (when given) is a member of it."""
        row = await self._db.fetchrow(
            f"select {COLUMNS} from projects p where project_id = $1 and tenant_id = $2 and ($3::text is null or exists "
            "(select 1 from project_members m where m.project_id = p.project_id and m.subject = $3))",
            project_id, self._tenant, subject,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such project.")
        return _project(row)


def _project(row: Any) -> Project:
    return Project(**dict(row))
