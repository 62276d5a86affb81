"""Theories with their evidence, memos and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.adapters.postgres.axial import add_evidence
from shared.domain import ids
from shared.domain.analysis import ProposedTheory
from shared.domain.errors import NotFound
from shared.domain.runs import Run

if TYPE_CHECKING:
    import asyncpg

_ANALYST = ("name", "model", "prompt_version", "suggests_only")

_EVIDENCE = """
select e.claim_id, e.stance, e.evidence_id, e.application_id, c.label as code, a.quote, a.document_id,
    d.name as document, a.page, a.start_offset as start, a.end_offset as end, a.passage_id
from evidence e join code_applications a using (application_id) join codes born on born.code_id = a.code_id
join codes c on c.code_id = coalesce(born.merged_into, born.code_id) join documents d on d.document_id = a.document_id
where e.run_id = $1 and e.tenant_id = $2 order by e.claim_id, e.stance, e.ordinal
"""

_CATEGORY_CODES = """
select m.category_id, c.code_id, c.label, c.definition, count(a.application_id)::int as applications,
    count(distinct a.document_id)::int as documents
from category_codes m join codes c using (code_id) join codes born on coalesce(born.merged_into, born.code_id) = c.code_id
join code_applications a on a.code_id = born.code_id and a.coder = $3 and a.document_id = any($4::uuid[])
where m.run_id = $1 and m.tenant_id = $2 group by m.category_id, c.code_id order by applications desc, c.label
"""


class PostgresTheories:
    """`Theories` on tables `theories`, `propositions`, `evidence` and `memos`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def memo(self, run: Run, step: str, text: str) -> None:
        """The last one of a step counts."""
        if text:
            await self._db.execute(
                "insert into memos (run_id, tenant_id, step, text) values ($1, $2, $3, $4) "
                "on conflict (run_id, step) do update set text = excluded.text",
                run.run_id, self._tenant, step, text,
            )  # fmt: skip

    async def put(self, run: Run, theory: ProposedTheory, language: str, analyst: dict[str, Any]) -> str:
        """The theory's id derives from its run."""
        theory_id = ids.derived("theory", run.run_id)
        await self._db.execute(
            "delete from evidence where claim_id in (select proposition_id from propositions where theory_id = $1 and tenant_id = $2)",
            theory_id, self._tenant,
        )  # fmt: skip
        await self._db.execute("delete from theories where theory_id = $1 and tenant_id = $2", theory_id, self._tenant)
        await self._db.execute(
            "insert into theories (theory_id, run_id, tenant_id, project_id, title, summary, language, status, analyst) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            theory_id, run.run_id, self._tenant, run.project_id, theory.title, theory.summary, language,
            "suggestion" if analyst["suggests_only"] else "final", analyst,
        )  # fmt: skip
        for ordinal, proposition in enumerate(theory.propositions):
            proposition_id = ids.derived("proposition", theory_id, str(ordinal))
            await self._db.execute(
                "insert into propositions (proposition_id, theory_id, tenant_id, ordinal, statement, categories) "
                "values ($1, $2, $3, $4, $5, $6)",
                proposition_id, theory_id, self._tenant, ordinal, proposition.statement, list(proposition.categories),
            )  # fmt: skip
            for stance, applications in (
                ("supporting", proposition.supporting),
                ("contradicting", proposition.contradicting),
            ):
                await add_evidence(self._db, self._tenant, run, proposition_id, applications, stance)
        return theory_id

    async def coverage(self, run: Run, coder: str) -> dict[str, Any]:
        """Figures over the run's documents, and each passage that was not covered."""
        documents = run.request.get("documents", [])
        figures = await self._db.fetchrow(
            "select count(p.*)::int as passages, count(c.*) filter (where c.not_covered is null)::int as coded_passages, "
            "coalesce(sum(c.proposed), 0)::int as quotes_proposed, coalesce(sum(c.verified), 0)::int as quotes_verified, "
            "coalesce(sum(c.repaired), 0)::int as quotes_repaired, coalesce(sum(c.dropped), 0)::int as quotes_dropped "
            "from passages p left join passage_codings c on c.passage_id = p.passage_id and c.coder = $3 "
            "where p.document_id = any($1::uuid[]) and p.tenant_id = $2",
            documents, self._tenant, coder,
        )  # fmt: skip
        gaps = await self._db.fetch(
            "select p.passage_id, d.name as document, p.page, c.not_covered as reason from passage_codings c "
            "join passages p using (passage_id) join documents d on d.document_id = p.document_id "
            "where c.document_id = any($1::uuid[]) and c.tenant_id = $2 and c.coder = $3 and c.not_covered is not null "
            "order by d.name, p.ordinal",
            documents, self._tenant, coder,
        )  # fmt: skip
        assert figures is not None
        return {"documents": len(documents), **dict(figures), "not_covered": [dict(row) for row in gaps]}

    async def complete(self, run: Run, theory_id: str, coverage: dict[str, Any]) -> None:
        """The run points to its theory."""
        await self._db.execute(
            "update theories set coverage = $3 where theory_id = $1 and tenant_id = $2",
            theory_id,
            self._tenant,
            coverage,
        )
        await self._db.execute(
            "update runs set theory_id = $3 where run_id = $1 and tenant_id = $2", run.run_id, self._tenant, theory_id
        )

    async def listing(self, project_id: str) -> list[dict[str, Any]]:
        """Finished theories, newest first."""
        rows = await self._db.fetch(
            "select t.theory_id, t.run_id, t.title, t.status, t.language, t.created_at from theories t "
            "join runs r on r.theory_id = t.theory_id where t.project_id = $1 and t.tenant_id = $2 "
            "order by t.created_at desc",
            project_id, self._tenant,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def document(self, theory_id: str) -> dict[str, Any]:
        """Everything that a reader of the theory sees."""
        theory = await self._db.fetchrow(
            "select t.*, r.request, coalesce(nullif(r.request ->> 'research_question', ''), p.research_question) as question "
            "from theories t join runs r using (run_id) join projects p on p.project_id = t.project_id "
            "where t.theory_id = $1 and t.tenant_id = $2",
            theory_id, self._tenant,
        )  # fmt: skip
        if theory is None:
            raise NotFound("There is no such theory.")
        run_id = theory["run_id"]
        evidence: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in await self._db.fetch(_EVIDENCE, run_id, self._tenant):
            quote = dict(row)
            evidence.setdefault((quote.pop("claim_id"), quote.pop("stance")), []).append(quote)
        categories, core = await self._categories(theory)
        return {
            **{key: theory[key] for key in ("theory_id", "project_id", "run_id", "title", "summary", "language")},
            **{key: theory[key] for key in ("status", "coverage", "created_at")},
            "analyst": {key: theory["analyst"][key] for key in _ANALYST},
            "research_question": theory["question"],
            "core_category": core,
            "categories": categories,
            "relations": await self._relations(run_id, evidence),
            "propositions": await self._propositions(theory_id, evidence),
            "memos": [
                dict(row)
                for row in await self._db.fetch(
                    "select step, text from memos where run_id = $1 and tenant_id = $2 order by at",
                    run_id,
                    self._tenant,
                )
            ],
        }

    async def _categories(self, theory: Any) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        analyst = theory["analyst"]
        coder = analyst["coder"]
        documents = theory["request"].get("documents", [])
        codes: dict[str, list[dict[str, Any]]] = {}
        for row in await self._db.fetch(_CATEGORY_CODES, theory["run_id"], self._tenant, coder, documents):
            code = dict(row)
            codes.setdefault(code.pop("category_id"), []).append(code)
        categories, core = [], None
        for row in await self._db.fetch(
            "select category_id, label, definition, is_core, rationale, storyline from categories "
            "where run_id = $1 and tenant_id = $2 order by is_core desc, ordinal",
            theory["run_id"], self._tenant,
        ):  # fmt: skip
            category = dict(row)
            if category.pop("is_core"):
                core = {key: category[key] for key in ("category_id", "label", "rationale", "storyline")}
            del category["rationale"], category["storyline"]
            categories.append({**category, "codes": codes.get(category["category_id"], [])})
        return categories, core

    async def _relations(
        self, run_id: str, evidence: dict[tuple[str, str], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        rows = await self._db.fetch(
            "select r.relation_id, s.label as source, t.label as target, r.kind, r.statement from relations r "
            "join categories s on s.run_id = r.run_id and s.category_id = r.source_id "
            "join categories t on t.run_id = r.run_id and t.category_id = r.target_id "
            "where r.run_id = $1 and r.tenant_id = $2 order by r.ordinal",
            run_id, self._tenant,
        )  # fmt: skip
        return [{**dict(row), "evidence": evidence.get((row["relation_id"], "supporting"), [])} for row in rows]

    async def _propositions(
        self, theory_id: str, evidence: dict[tuple[str, str], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        rows = await self._db.fetch(
            "select proposition_id, statement, categories from propositions where theory_id = $1 and tenant_id = $2 "
            "order by ordinal",
            theory_id, self._tenant,
        )  # fmt: skip
        return [
            {
                **dict(row),
                "supporting": evidence.get((row["proposition_id"], "supporting"), []),
                "contradicting": evidence.get((row["proposition_id"], "contradicting"), []),
            }
            for row in rows
        ]
