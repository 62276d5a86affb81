"""Passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.domain.codebook import Passage
from shared.domain.document import Document
from shared.domain.searching import Filters, Query

if TYPE_CHECKING:
    import asyncpg

COLUMNS = (
    "passage_id, document_id, ordinal, start_offset as start, end_offset as end, context_start, page, speaker, language, "
    "text, search_text, runs"
)

# Dates of models and papers are compared as text: one that is no date must not stop the search for all others.
_FITTING = """
with about as (
    select d.document_id,
        first_day(coalesce(r.record->>'issue_date', r.record->>'closing_date', d.description->>'date')) as day,
        array[r.record->>'seller_name', r.record->>'buyer_name']
            || array(select jsonb_array_elements_text(d.description->'people'))
            || array(select jsonb_array_elements_text(d.description->'organisations')) as names,
        array[r.record->>'seller_tax_id', r.record->>'buyer_tax_id'] as tax_ids
    from documents d left join records r on r.document_id = d.document_id and r.kind = d.type
    where d.project_id = $1 and d.tenant_id = $2
      and ($3::uuid[] is null or d.document_id = any ($3)) and ($4::text[] is null or d.type = any ($4))
)
select document_id from about
where ($5::text is null or day >= $5) and ($6::text is null or day <= $6)
  and ($7::text[] is null or exists (
      select 1 from unnest($7::text[]) party
      where exists (select 1 from unnest(names) name where position(fold_text(party) in fold_text(name)) > 0)
         or exists (select 1 from unnest(tax_ids) tax_id
                    where regexp_replace(upper(tax_id), '[^A-Z0-9]', '', 'g') = regexp_replace(upper(party), '[^A-Z0-9]', '', 'g'))
  ))
order by document_id
"""


class PostgresCorpus:
    """`Corpus` on table `passages`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def replace_passages(self, document: Document, passages: Sequence[Passage]) -> None:
        """Passages that are still there keep their rows, so that codings of them stay; only their ordinals move."""
        # Those that stay get out of the way: an ordinal is free again before another passage takes it.
        await self._db.execute(
            "with gone as (delete from passages where document_id = $1 and tenant_id = $2 "
            "and passage_id <> all($3::uuid[])) update passages set ordinal = -1 - ordinal "
            "where document_id = $1 and tenant_id = $2 and passage_id = any($3::uuid[])",
            document.document_id, self._tenant, [p.passage_id for p in passages],
        )  # fmt: skip
        await self._db.executemany(
            "insert into passages (passage_id, tenant_id, project_id, document_id, ordinal, start_offset, end_offset, "
            "context_start, page, speaker, language, text, search_text, runs) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
            "on conflict (passage_id) do update set ordinal = excluded.ordinal",
            [
                (
                    p.passage_id, self._tenant, document.project_id, p.document_id, p.ordinal, p.start, p.end,
                    p.context_start, p.page, p.speaker, p.language, p.text, p.search_text, p.runs,
                )
                for p in passages
            ],
        )  # fmt: skip

    async def passages(self, document_id: str, first: int = 0, last: int | None = None) -> list[Passage]:
        """By ordinal, both ends included."""
        rows = await self._db.fetch(
            f"select {COLUMNS} from passages where document_id = $1 and tenant_id = $2 and ordinal >= $3 "
            "and ($4::int is null or ordinal <= $4) order by ordinal",
            document_id, self._tenant, first, last,
        )  # fmt: skip
        return [Passage(**dict(row)) for row in rows]

    async def counts(self, documents: Sequence[str]) -> dict[str, int]:
        """One query for all."""
        rows = await self._db.fetch(
            "select document_id, count(*) as passages from passages where document_id = any($1::uuid[]) and tenant_id = $2 "
            "group by document_id",
            list(documents), self._tenant,
        )  # fmt: skip
        return {row["document_id"]: row["passages"] for row in rows}

    async def to_embed(self, document_id: str, embedder: str) -> list[Passage]:
        """Those without this embedder's mark."""
        rows = await self._db.fetch(
            f"select {COLUMNS} from passages where document_id = $1 and tenant_id = $2 "
            "and embedded_with is distinct from $3 order by ordinal",
            document_id, self._tenant, embedder,
        )  # fmt: skip
        return [Passage(**dict(row)) for row in rows]

    async def embedded(self, passage_ids: Sequence[str], embedder: str) -> None:
        """Mark them."""
        await self._db.execute(
            "update passages set embedded_with = $3 where passage_id = any($1::uuid[]) and tenant_id = $2",
            list(passage_ids), self._tenant, embedder,
        )  # fmt: skip

    async def passage_ids(self, document_id: str) -> list[str]:
        """In the order of the text."""
        rows = await self._db.fetch(
            "select passage_id from passages where document_id = $1 and tenant_id = $2 order by ordinal",
            document_id, self._tenant,
        )  # fmt: skip
        return [row["passage_id"] for row in rows]

    async def by_words(
        self, project_id: str, query: Query, documents: list[str] | None, at_most: int
    ) -> list[tuple[str, float]]:
        """By the rarity of the words that they hold."""
        rows = await self._db.fetch(
            "select passage_id, share from search_passages($1, $2, $3::text[], $4::text[], $5::uuid[], $6)",
            project_id, query.text, list(query.phrases), list(query.filters.languages) or None, documents, at_most,
        )  # fmt: skip
        return [(row["passage_id"], row["share"]) for row in rows]

    async def fitting(self, project_id: str, filters: Filters) -> list[str]:
        """By the document's row, its description and its record."""
        rows = await self._db.fetch(
            _FITTING, project_id, self._tenant, list(filters.document_ids) or None, list(filters.types) or None,
            filters.date_from.isoformat() if filters.date_from else None,
            filters.date_to.isoformat() if filters.date_to else None, list(filters.parties) or None,
        )  # fmt: skip
        return [row["document_id"] for row in rows]

    async def found(self, passage_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Passages joined with their documents."""
        rows = await self._db.fetch(
            "select p.passage_id, p.document_id, p.start_offset, p.end_offset, p.page, p.speaker, p.language, p.text, "
            "d.name as document, d.type from passages p join documents d using (document_id) "
            "where p.passage_id = any($1::uuid[]) and p.tenant_id = $2",
            list(passage_ids), self._tenant,
        )  # fmt: skip
        return {row["passage_id"]: dict(row) for row in rows}
