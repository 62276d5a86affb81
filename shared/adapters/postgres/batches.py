"""Batches and their items: written many at a time, counted in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.adapters.postgres.restarts import AGAIN, pending_of, reread, restart_failed
from shared.domain import ids
from shared.domain.batches import Batch, Counts, Group, Item, Selection
from shared.domain.document import FAILED_STATUSES, Document
from shared.domain.errors import NotFound

if TYPE_CHECKING:
    import asyncpg

COLUMNS = "b.batch_id, b.tenant_id, b.project_id, b.name, b.created_by, b.created_at, b.started_at"
SIZE = "(select count(*)::int from batch_items i where i.batch_id = b.batch_id) as items"
ITEM = "batch_id, item_id, tenant_id, project_id, name, source, document_id, state, attempt, error_code, error_message"
FAILED = sorted(FAILED_STATUSES)

# Counted by what items have in common.
COUNTS = """
select coalesce(d.status, i.state) as status, coalesce(d.stage, 'registered') as stage, d.type,
    coalesce(d.error_code, i.error_code) as error, count(*)::int as items, coalesce(sum(d.progress), 0)::int as progress,
    max(case when i.document_id is null then i.updated_at else d.finished_at end) as ended_at
from batch_items i left join documents d on d.document_id = i.document_id
where i.batch_id = $1 and i.tenant_id = $2 group by 1, 2, 3, 4
"""
# The stages done of late, of any batch, against the items of this one. A nested loop would take the product of both,
# and that is what the planner chooses while its statistics know nothing yet of a batch that has just come in.
PACE = """
select (select count(*)::int from stage_events e join batch_items i on i.document_id = e.document_id and i.batch_id = $1
        where e.tenant_id = $2 and e.duration_ms is not null and e.at > now() - make_interval(secs => $3)) as done,
    coalesce((select least($3, extract(epoch from now() - b.started_at)) from batches b where b.batch_id = $1), 0)::float8
        as spent
"""


class PostgresBatches:
    """`Batches` on tables `batches` and `batch_items`."""

    def __init__(self, connection: asyncpg.Connection, tenant_id: str) -> None:
        self._db, self._tenant = connection, tenant_id

    async def create(self, batch: Batch) -> Batch:
        """An empty one."""
        await self._db.execute(
            "insert into batches (batch_id, tenant_id, project_id, name, created_by) values ($1, $2, $3, $4, $5)",
            batch.batch_id, self._tenant, batch.project_id, batch.name, batch.created_by,
        )  # fmt: skip
        return await self.get(batch.batch_id)

    async def get(self, batch_id: str, *, lock: bool = False) -> Batch:
        """The batch and its size."""
        if lock:
            await self._db.execute("select 1 from batches where batch_id = $1 for update", batch_id)
        row = await self._db.fetchrow(
            f"select {COLUMNS}, {SIZE} from batches b where b.batch_id = $1 and b.tenant_id = $2",
            batch_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such batch.")
        return Batch(**dict(row))

    async def listing(self, subject: str, project_id: str | None, after: str | None, limit: int) -> list[Batch]:
        """Keyset page, newest first."""
        rows = await self._db.fetch(
            f"select {COLUMNS}, {SIZE} from batches b join project_members m on m.project_id = b.project_id "
            "and m.subject = $2 where b.tenant_id = $1 and ($3::uuid is null or b.project_id = $3) "
            "and ($4::uuid is null or (b.created_at, b.batch_id) < "
            "(select a.created_at, a.batch_id from batches a join project_members o on o.project_id = a.project_id "
            "and o.subject = $2 where a.batch_id = $4)) "
            "order by b.created_at desc, b.batch_id desc limit $5",
            self._tenant, subject, project_id, after, limit,
        )  # fmt: skip
        return [Batch(**dict(row)) for row in rows]

    async def add_files(self, batch: Batch, drafts: Sequence[Document]) -> list[Document]:
        """Four statements, however many files there are."""
        document_ids, names = [d.document_id for d in drafts], [d.name for d in drafts]
        await self._db.execute(
            "with given as (select * from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[]) "
            "as g(document_id, name, sha256, size)), "
            "new as (insert into documents (document_id, tenant_id, project_id, name, sha256, size) "
            "select document_id, $1, $2, name, sha256, size from given order by document_id "
            "on conflict do nothing returning document_id) "
            "insert into stage_events (document_id, tenant_id, stage, status) "
            "select document_id, $1, 'registered', 'pending' from new",
            self._tenant, batch.project_id, document_ids, names, [d.sha256 for d in drafts], [d.size for d in drafts],
        )  # fmt: skip
        await self._db.execute(
            "insert into document_names (document_id, tenant_id, name) "
            "select document_id, $1, name from unnest($2::uuid[], $3::text[]) as g(document_id, name) on conflict do nothing",
            self._tenant, document_ids, names,
        )  # fmt: skip
        keys = [f"{document_id}/{name}" for document_id, name in zip(document_ids, names, strict=True)]
        await self._add(batch, keys, names, document_ids)
        return await self._wake(document_ids)

    async def add_documents(self, batch: Batch, document_ids: Sequence[str]) -> list[Document]:
        """Documents that are there already."""
        rows = await self._db.fetch(
            "select document_id, name from documents where document_id = any($1::uuid[]) and tenant_id = $2 "
            "and project_id = $3",
            list(document_ids), self._tenant, batch.project_id,
        )  # fmt: skip
        if missing := set(document_ids) - {row["document_id"] for row in rows}:
            raise NotFound(f"There is no document {min(missing)} in the batch's project.")
        found = [row["document_id"] for row in rows]
        await self._add(batch, found, [row["name"] for row in rows], found)
        return await self._wake(found)

    async def add_blobs(self, batch: Batch, names: Sequence[str]) -> list[Item]:
        """Items with a source; the same name again is the same item."""
        rows = await self._db.fetch(
            "with given as (select * from unnest($4::uuid[], $5::text[]) as g(item_id, name)), "
            "new as (insert into batch_items (batch_id, tenant_id, project_id, item_id, name, source) "
            f"select $1, $2, $3, item_id, name, name from given on conflict do nothing returning {ITEM}) "
            f"select {ITEM} from new union all select {ITEM} from batch_items "
            "where batch_id = $1 and item_id = any($4::uuid[]) and state = 'pending'",
            batch.batch_id, self._tenant, batch.project_id,
            [ids.item_id(batch.batch_id, f"blob/{name}") for name in names], list(names),
        )  # fmt: skip
        return [Item(**dict(row)) for row in rows]

    async def add_refused(self, batch: Batch, refused: Sequence[tuple[str, str, str]]) -> None:
        """Items that ended before they began."""
        await self._db.executemany(
            "insert into batch_items (batch_id, tenant_id, project_id, item_id, name, state, error_code, error_message) "
            "values ($1, $2, $3, $4, $5, 'refused', $6, $7) on conflict do nothing",
            [
                (
                    batch.batch_id, self._tenant, batch.project_id, ids.item_id(batch.batch_id, f"refused/{name}"), name,
                    code, message,
                )
                for name, code, message in refused
            ],
        )  # fmt: skip

    async def names_under(self, project_id: str, prefix: str, at_most: int) -> list[str]:
        """Each name once."""
        rows = await self._db.fetch(
            "select distinct n.name from document_names n join documents d using (document_id) "
            "where d.project_id = $1 and d.tenant_id = $2 and starts_with(n.name, $3) order by n.name limit $4",
            project_id, self._tenant, prefix, at_most,
        )  # fmt: skip
        return [row["name"] for row in rows]

    async def known(self, batch_id: str, names: Sequence[str]) -> int:
        """Names, not items: the same name can stand for several."""
        found: int = await self._db.fetchval(
            "select count(distinct name)::int from batch_items where batch_id = $1 and tenant_id = $2 and name = any($3::text[])",
            batch_id, self._tenant, list(names),
        )  # fmt: skip
        return found

    async def begin(self, batch_id: str) -> None:
        """The first time counts."""
        await self._db.execute(
            "update batches set started_at = coalesce(started_at, now()) where batch_id = $1 and tenant_id = $2",
            batch_id, self._tenant,
        )  # fmt: skip

    async def item(self, batch_id: str, item_id: str) -> Item:
        """The item's row."""
        row = await self._db.fetchrow(
            f"select {ITEM} from batch_items where batch_id = $1 and item_id = $2 and tenant_id = $3",
            batch_id, item_id, self._tenant,
        )  # fmt: skip
        if row is None:
            raise NotFound("There is no such item.")
        return Item(**dict(row))

    async def named(self, project_id: str, name: str) -> str | None:
        """The latest by when the name was first seen."""
        found: str | None = await self._db.fetchval(
            "select n.document_id from document_names n join documents d using (document_id) "
            "where d.project_id = $1 and d.tenant_id = $2 and n.name = $3 order by n.first_seen desc limit 1",
            project_id, self._tenant, name,
        )  # fmt: skip
        return found

    async def admit(self, item: Item, document_id: str) -> None:
        """From now on the document speaks for the item."""
        await self._end(item, "registered", document_id, None, None)

    async def refuse(self, item: Item, code: str, message: str) -> None:
        """The item has ended."""
        await self._end(item, "refused", None, code, message)

    async def touch(self, items: Sequence[str]) -> None:
        """Not to be looked at again for a while."""
        await self._db.execute(
            "update batch_items set updated_at = now(), attempt = attempt + 1 "
            "where item_id = any($1::uuid[]) and tenant_id = $2 and state = 'pending'",
            list(items), self._tenant,
        )  # fmt: skip

    async def counts(self, batch_id: str, window: float) -> Counts:
        """Two queries, each by an index."""
        rows = await self._db.fetch(COUNTS, batch_id, self._tenant)
        keys = ("status", "stage", "type", "error", "items", "progress")
        groups = [Group(**{key: row[key] for key in keys}) for row in rows]
        ended = [row["ended_at"] for row in rows if row["ended_at"] is not None]
        await self._db.execute("set local enable_nestloop = off")
        pace = await self._db.fetchrow(PACE, batch_id, self._tenant, window)
        await self._db.execute("set local enable_nestloop = on")
        assert pace is not None
        return Counts(groups, pace["done"], pace["spent"], max(ended, default=None))

    async def restart(self, batch_id: str, selection: Selection) -> tuple[list[Document], list[Item]]:
        """Rows are locked before they are looked at: of two calls at once, the second finds nothing failed."""
        if selection.pages:
            return await self._reread(batch_id, selection), []
        statuses = AGAIN if selection.error or selection.items else FAILED
        rows = await self._db.fetch(
            "select d.document_id from documents d where d.tenant_id = $2 and d.status = any($3::text[]) "
            "and d.document_id in (select i.document_id from batch_items i where i.batch_id = $1) "
            "and ($4::text is null or d.error_code = $4) and ($5::text is null or d.stage = $5) "
            "and ($6::uuid[] is null or d.document_id = any($6)) order by d.document_id for update",
            batch_id, self._tenant, statuses, selection.error, selection.stage, list(selection.items) or None,
        )  # fmt: skip
        found = [row["document_id"] for row in rows]
        await self._correct(found, selection)
        documents = await restart_failed(self._db, self._tenant, found, statuses)
        if selection.stage or selection.items:
            return documents, []
        again = await self._db.fetch(
            "update batch_items set state = 'pending', attempt = attempt + 1, error_code = null, error_message = null, "
            "updated_at = now() where batch_id = $1 and tenant_id = $2 and state = 'refused' and source is not null "
            f"and ($3::text is null or error_code = $3) returning {ITEM}",
            batch_id, self._tenant, selection.error,
        )  # fmt: skip
        return documents, [Item(**dict(row)) for row in again]

    async def _add(self, batch: Batch, keys: Sequence[str], names: Sequence[str], document_ids: Sequence[str]) -> None:
        await self._db.execute(
            "insert into batch_items (batch_id, tenant_id, project_id, item_id, name, document_id, state) "
            "select $1, $2, $3, item_id, name, document_id, 'registered' "
            "from unnest($4::uuid[], $5::text[], $6::uuid[]) as g(item_id, name, document_id) on conflict do nothing",
            batch.batch_id, self._tenant, batch.project_id, [ids.item_id(batch.batch_id, key) for key in keys],
            list(names), list(document_ids),
        )  # fmt: skip

    async def _correct(self, document_ids: Sequence[str], selection: Selection) -> None:
        for document_id in document_ids:
            if correction := selection.items.get(document_id):
                await self._db.execute(
                    "update documents set name = coalesce($3, name), hints = hints || $4 "
                    "where document_id = $1 and tenant_id = $2",
                    document_id, self._tenant, correction.name, correction.hints,
                )  # fmt: skip

    async def _reread(self, batch_id: str, selection: Selection) -> list[Document]:
        rows = await self._db.fetch(
            "select distinct document_id from batch_items where batch_id = $1 and tenant_id = $2 "
            "and document_id is not null and ($3::uuid[] is null or document_id = any($3))",
            batch_id, self._tenant, list(selection.items) or None,
        )  # fmt: skip
        documents = await reread(self._db, self._tenant, [row["document_id"] for row in rows])
        await self._correct([document.document_id for document in documents], selection)
        return documents

    async def _wake(self, document_ids: Sequence[str]) -> list[Document]:
        await restart_failed(self._db, self._tenant, document_ids, FAILED)
        await reread(self._db, self._tenant, document_ids)
        return await pending_of(self._db, self._tenant, document_ids)

    async def _end(
        self, item: Item, state: str, document_id: str | None, code: str | None, message: str | None
    ) -> None:
        await self._db.execute(
            "update batch_items set state = $4, document_id = $5, error_code = $6, error_message = $7, updated_at = now() "
            "where batch_id = $1 and item_id = $2 and tenant_id = $3 and state <> 'registered'",
            item.batch_id, item.item_id, self._tenant, state, document_id, code, message,
        )  # fmt: skip
