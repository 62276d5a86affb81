"""Codes and their applications."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from shared.adapters.postgres.axial import PostgresAxial
from shared.domain.analysis import CodeInContext, Consolidation, Evidence
from shared.domain.codebook import Application, Code, Passage, PassageCoding
from shared.domain.runs import Run

if TYPE_CHECKING:
    import asyncpg

# Codes with their evidence; {code} is either the code as it was born or the one that it was merged into.
_IN_CONTEXT = """
select c.code_id, c.label, c.definition, a.application_id, a.document_id, d.name as document_name, a.passage_id, a.quote
from code_applications a
join codes born on born.code_id = a.code_id
join codes c on c.code_id = {code}
join documents d on d.document_id = a.document_id
where a.document_id = any($1::uuid[]) and a.coder = $2 and a.tenant_id = $3 {active}
order by c.label, c.code_id, d.name, a.start_offset, a.application_id
"""


class PostgresCodebook(PostgresAxial):
    """`Codebook` on tables `codes`, `code_merges`, `code_applications`, `passage_codings` (and axial coding's)."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        super().__init__(connection, tenant_id)

    async def uncoded(self, document_id: str, first: int, last: int, coder: str) -> list[Passage]:
        """Passages in the range without a line in `passage_codings` for this coder."""
        rows = await self._db.fetch(
            "select passage_id, document_id, ordinal, start_offset as start, end_offset as end, context_start, page, "
            "speaker, language, text, search_text, runs from passages p "
            "where document_id = $1 and tenant_id = $2 and ordinal between $3 and $4 and not exists "
            "(select 1 from passage_codings c where c.passage_id = p.passage_id and c.coder = $5) order by ordinal",
            document_id, self._tenant, first, last, coder,
        )  # fmt: skip
        return [Passage(**dict(row)) for row in rows]

    async def coded_count(self, documents: Sequence[str], coder: str) -> tuple[int, int]:
        """(dealt with, in all)."""
        row = await self._db.fetchrow(
            "select (select count(*) from passage_codings where document_id = any($1::uuid[]) and tenant_id = $2 "
            "and coder = $3) as coded, "
            "(select count(*) from passages where document_id = any($1::uuid[]) and tenant_id = $2) as total",
            list(documents), self._tenant, coder,
        )  # fmt: skip
        assert row is not None
        return row["coded"], row["total"]

    async def add(
        self, run: Run, coder: Sequence[str], codes: Sequence[Code], applications: Sequence[Application]
    ) -> None:
        """Codes in order of id, so that two interviews that meet the same new idea at once cannot lock each other."""
        identity, model, prompt_version = coder
        await self._db.executemany(
            "insert into codes (code_id, tenant_id, project_id, label, normalised_label, definition, coder, run_id) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
            [
                (
                    c.code_id,
                    self._tenant,
                    run.project_id,
                    c.label,
                    c.normalised_label,
                    c.definition,
                    identity,
                    run.run_id,
                )
                for c in sorted(codes, key=lambda code: code.code_id)
            ],
        )
        await self._db.executemany(
            "insert into code_applications (application_id, tenant_id, project_id, code_id, document_id, passage_id, "
            "run_id, start_offset, end_offset, page, quote, match, rationale, coder, model, prompt_version) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing",
            [
                (
                    a.application_id, self._tenant, run.project_id, a.code_id, a.document_id, a.passage_id, run.run_id,
                    a.start, a.end, a.page, a.quote, a.match, a.rationale, identity, model, prompt_version,
                )
                for a in applications
            ],
        )  # fmt: skip

    async def covered(self, run: Run, coder: str, codings: Sequence[PassageCoding]) -> None:
        """One line a passage and coder; the first one stays."""
        await self._db.executemany(
            "insert into passage_codings (passage_id, coder, tenant_id, project_id, document_id, not_covered, proposed, "
            "verified, repaired, dropped) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing",
            [
                (
                    c.passage_id, coder, self._tenant, run.project_id, c.document_id, c.not_covered, c.proposed,
                    c.verified, c.repaired, c.dropped,
                )
                for c in codings
            ],
        )  # fmt: skip

    async def in_context(self, documents: Sequence[str], coder: str, *, merged: bool) -> list[CodeInContext]:
        """Codes by label, evidence by document and place; without vectors."""
        query = _IN_CONTEXT.format(
            code="coalesce(born.merged_into, born.code_id)" if merged else "born.code_id",
            active="and c.state = 'active'" if merged else "",
        )
        rows = await self._db.fetch(query, list(documents), coder, self._tenant)
        codes = []
        for (code_id, label, definition), group in groupby(rows, lambda r: (r["code_id"], r["label"], r["definition"])):
            evidence = tuple(
                Evidence(
                    r["application_id"], code_id, r["document_id"], r["document_name"], r["passage_id"], r["quote"]
                )
                for r in group
            )
            codes.append(CodeInContext(code_id, label, definition, evidence, ()))
        return codes

    async def consolidate(self, run: Run, consolidation: Consolidation, codes: Sequence[str]) -> None:
        """States of the codes that were compared; a merge of an earlier run stays on record beside this one's."""
        await self._db.execute(
            "update codes set state = 'active', merged_into = null where code_id = any($1::uuid[]) and tenant_id = $2",
            list(codes), self._tenant,
        )  # fmt: skip
        await self._db.execute(
            "update codes set state = 'set_aside' where code_id = any($1::uuid[]) and tenant_id = $2",
            list(consolidation.set_aside), self._tenant,
        )  # fmt: skip
        pairs = [(merge.kept, merged, merge.reason) for merge in consolidation.merges for merged in merge.merged]
        await self._db.executemany(
            "update codes set state = 'merged', merged_into = $1 where code_id = $2 and tenant_id = $3",
            [(kept, merged, self._tenant) for kept, merged, _ in pairs],
        )
        # What an earlier run merged into one of these (in other interviews) goes on with it.
        await self._db.executemany(
            "update codes set merged_into = $1 where merged_into = $2 and tenant_id = $3",
            [(kept, merged, self._tenant) for kept, merged, _ in pairs],
        )
        await self._db.executemany(
            "insert into code_merges (merged, kept, run_id, tenant_id, reason) values ($1, $2, $3, $4, $5) "
            "on conflict (run_id, merged) do update set kept = excluded.kept, reason = excluded.reason",
            [(merged, kept, run.run_id, self._tenant, reason) for kept, merged, reason in pairs],
        )

    async def listing(self, project_id: str) -> list[dict[str, Any]]:
        """Active codes with how often and how widely they are used, most used first."""
        rows = await self._db.fetch(
            "select c.code_id, c.label, c.definition, c.coder, count(a.application_id) as applications, "
            "count(distinct a.document_id) as documents from codes c "
            "join codes born on coalesce(born.merged_into, born.code_id) = c.code_id "
            "join code_applications a on a.code_id = born.code_id "
            "where c.project_id = $1 and c.tenant_id = $2 and c.state = 'active' "
            "group by c.code_id order by applications desc, c.label",
            project_id, self._tenant,
        )  # fmt: skip
        return [dict(row) for row in rows]
