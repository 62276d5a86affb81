"""Categories, relations, the core category, and the taxonomy's rows for the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.domain import ids
from shared.domain.analysis import AxialCoding, CoreChoice, ProposedCategory, ProposedRelation, RelationKind
from shared.domain.errors import NotFound
from shared.domain.labels import normalise_label
from shared.domain.runs import Run

if TYPE_CHECKING:
    import asyncpg

_TAXONOMY = {
    "codes": """
        select c.code_id as id, c.label, c.definition, count(a.application_id)::int as applications
        from codes c join codes born on coalesce(born.merged_into, born.code_id) = c.code_id
        join code_applications a on a.code_id = born.code_id
        where c.project_id = $1 and c.tenant_id = $2 and c.state = 'active' group by c.code_id order by c.code_id""",
    "categories": """
        select category_id as id, label, definition, is_core as core from categories
        where project_id = $1 and tenant_id = $2 and run_id = $3 order by ordinal""",
    "memberships": """
        select m.code_id, m.category_id from category_codes m join codes c using (code_id)
        where c.project_id = $1 and m.tenant_id = $2 and m.run_id = $3 order by m.category_id, m.code_id""",
    "relations": """
        select source_id, target_id, kind, statement from relations
        where project_id = $1 and tenant_id = $2 and run_id = $3 order by ordinal""",
    "documents": """
        select distinct d.document_id as id, d.name from documents d
        join code_applications a using (document_id) where d.project_id = $1 and d.tenant_id = $2 order by 1""",
    "mentions": """
        select a.document_id, coalesce(born.merged_into, born.code_id) as code_id, count(*)::int as quotes
        from code_applications a join codes born using (code_id)
        where a.project_id = $1 and a.tenant_id = $2 and born.state <> 'set_aside' group by 1, 2 order by 1, 2""",
}


class PostgresAxial:
    """The part of `Codebook` on tables `categories`, `category_codes`, `relations` and `evidence`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def categorise(self, run: Run, axial: AxialCoding) -> None:
        """The run's own rows are replaced, so that the step may run again."""
        await self._db.execute(
            "delete from evidence where claim_id in (select relation_id from relations where run_id = $1 and tenant_id = $2)",
            run.run_id, self._tenant,
        )  # fmt: skip
        for table in ("relations", "categories"):
            await self._db.execute(
                f"delete from {table} where run_id = $1 and tenant_id = $2", run.run_id, self._tenant
            )
        by_label = {c.label: ids.category_id(run.project_id, normalise_label(c.label)) for c in axial.categories}
        for ordinal, category in enumerate(axial.categories):
            await self._db.execute(
                "insert into categories (category_id, run_id, tenant_id, project_id, ordinal, label, definition) "
                "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
                by_label[category.label], run.run_id, self._tenant, run.project_id, ordinal, category.label,
                category.definition,
            )  # fmt: skip
            await self._db.executemany(
                "insert into category_codes (run_id, category_id, code_id, tenant_id) values ($1, $2, $3, $4) "
                "on conflict do nothing",
                [(run.run_id, by_label[category.label], code_id, self._tenant) for code_id in category.code_ids],
            )
        for ordinal, relation in enumerate(axial.relations):
            await self._relate(run, ordinal, relation, by_label)

    async def _relate(self, run: Run, ordinal: int, relation: ProposedRelation, by_label: dict[str, str]) -> None:
        source, target = by_label[relation.source], by_label[relation.target]
        relation_id = ids.derived("relation", run.run_id, source, target, relation.kind.value)
        written = await self._db.fetchval(
            "insert into relations (relation_id, run_id, tenant_id, project_id, ordinal, source_id, target_id, kind, "
            "statement) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning true",
            relation_id, run.run_id, self._tenant, run.project_id, ordinal, source, target, relation.kind.value,
            relation.statement,
        )  # fmt: skip
        if written:
            await add_evidence(self._db, self._tenant, run, relation_id, relation.application_ids, "supporting")

    async def axial(self, run_id: str) -> AxialCoding:
        """As `categorise` wrote it."""
        categories = await self._db.fetch(
            "select c.label, c.definition, array_agg(m.code_id order by m.code_id) as codes from categories c "
            "join category_codes m using (run_id, category_id) where run_id = $1 and c.tenant_id = $2 "
            "group by c.label, c.definition, c.ordinal order by c.ordinal",
            run_id, self._tenant,
        )  # fmt: skip
        relations = await self._db.fetch(
            "select s.label as source, t.label as target, r.kind, r.statement, "
            "(select array_agg(application_id order by ordinal) from evidence where claim_id = r.relation_id) as evidence "
            "from relations r join categories s on s.run_id = r.run_id and s.category_id = r.source_id "
            "join categories t on t.run_id = r.run_id and t.category_id = r.target_id "
            "where r.run_id = $1 and r.tenant_id = $2 order by r.ordinal",
            run_id, self._tenant,
        )  # fmt: skip
        return AxialCoding(
            tuple(ProposedCategory(c["label"], c["definition"], tuple(c["codes"])) for c in categories),
            tuple(
                ProposedRelation(
                    r["source"], r["target"], RelationKind(r["kind"]), r["statement"], tuple(r["evidence"] or ())
                )
                for r in relations
            ),
        )

    async def set_core(self, run: Run, core: CoreChoice) -> None:
        """One core category a run."""
        await self._db.execute(
            "update categories set is_core = (label = $3), rationale = case when label = $3 then $4 else '' end, "
            "storyline = case when label = $3 then $5 else '' end where run_id = $1 and tenant_id = $2",
            run.run_id, self._tenant, core.category, core.rationale, core.storyline,
        )  # fmt: skip

    async def core(self, run_id: str) -> CoreChoice:
        """As `set_core` wrote it."""
        row = await self._db.fetchrow(
            "select label, rationale, storyline from categories where run_id = $1 and tenant_id = $2 and is_core",
            run_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("No core category has been chosen yet.")
        return CoreChoice(row["label"], row["rationale"], row["storyline"])

    async def taxonomy_rows(self, project_id: str, run_id: str) -> dict[str, list[dict[str, Any]]]:
        """By kind, as the graph wants them."""
        result = {}
        for name, query in _TAXONOMY.items():
            arguments = [project_id, self._tenant, *([run_id] if "$3" in query else [])]
            result[name] = [dict(row) for row in await self._db.fetch(query, *arguments)]
        return result


async def add_evidence(
    db: asyncpg.Connection, tenant_id: str, run: Run, claim_id: str, applications: tuple[str, ...], stance: str
) -> None:
    """Tie a claim to applications, in their order."""
    await db.executemany(
        "insert into evidence (evidence_id, tenant_id, run_id, claim_id, application_id, stance, ordinal) "
        "values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        [
            (
                ids.derived("evidence", claim_id, application, stance),
                tenant_id,
                run.run_id,
                claim_id,
                application,
                stance,
                n,
            )
            for n, application in enumerate(applications)
        ],
    )
