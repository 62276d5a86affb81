"""The `Graph` port on the Neo4j driver."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.adapters.neo4j.queries import (
    BELONGS_TO,
    CATEGORY,
    CODE,
    DOCUMENT,
    MENTIONS,
    NODES,
    RELATES_TO,
    RELATIONS,
    Node,
    Relation,
)
from shared.domain.errors import Conflict, InvalidRequest
from shared.ports import Taxonomy

if TYPE_CHECKING:
    from neo4j import AsyncDriver

BATCH = 1_000
ATTEMPTS = 8
SECONDS_A_QUERY = 60

Row = Mapping[str, object]


class Neo4jGraph:
    """Codes, categories and documents of projects as nodes, each with its tenant and project."""

    def __init__(
        self, uri: str, user: str, password: str | Callable[[], Awaitable[str]], database: str = "neo4j"
    ) -> None:
        """Where the server is, and which of its databases is ours. A provider is asked again when it is refused."""
        self._uri = uri
        self._user, self._password = user, password
        self._database = database
        self._driver: AsyncDriver | None = None

    async def ensure(self) -> None:
        """Create constraints and indexes when missing."""
        for node in NODES:
            for statement in node.schema:
                await self._ask(statement)

    async def sync(self, taxonomy: Taxonomy) -> None:
        """Make the project's part of the graph equal to the taxonomy.

        First what is there is written, then what is gone is removed, batch by batch: who reads meanwhile sees old and
        new together, never a hole. The second time nothing changes. Raises InvalidRequest when a row speaks of a node
        that the taxonomy does not have.
        """
        wanted = _rows_by_kind(taxonomy)
        _check_ends(wanted)
        project = {"tenant_id": taxonomy.tenant_id, "project_id": taxonomy.project_id}
        stale: dict[Node | Relation, list[Row]] = {}
        for kind in (*NODES, *RELATIONS):
            present = Counter(_key(kind, row) for row in await self._ask(kind.present, project))
            # Two syncs that met may each have drawn the same relation: no server forbids that.
            await self._remove(kind, _rows(kind, (key for key, times in present.items() if times > 1)), project)
            await self._write(kind, wanted[kind], project)
            stale[kind] = _rows(kind, present.keys() - {_key(kind, row) for row in wanted[kind]})
        for kind in (*RELATIONS, *NODES):
            await self._remove(kind, stale[kind], project)

    async def counts(self, tenant_id: str, project_id: str) -> dict[str, int]:
        """Nodes (`Code Category Document`) and relations (`BELONGS_TO RELATES_TO MENTIONS`) of the project, by kind."""
        project = {"tenant_id": tenant_id, "project_id": project_id}
        counted = {node.label: await self._ask(node.count, project) for node in NODES}
        counted |= {relation.type: await self._ask(relation.count, project) for relation in RELATIONS}
        return {kind: int(rows[0]["n"]) for kind, rows in counted.items()}

    async def ping(self) -> None:
        """Ask the simplest question."""
        await self._ask("RETURN 1")

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.close()

    async def _write(self, kind: Node | Relation, rows: Sequence[Row], project: Mapping[str, str]) -> None:
        for batch in _batches(rows):
            written = await self._ask(kind.merge, {**project, "rows": batch})
            if written[0]["n"] < len(batch):  # more: relations that were drawn twice meanwhile, for the next sync
                raise Conflict(
                    f"{_name(kind)}: an id of this taxonomy is another project's in the graph, or just removed."
                )

    async def _remove(self, kind: Node | Relation, keys: Sequence[Row], project: Mapping[str, str]) -> None:
        for batch in _batches(keys):
            await self._ask(kind.remove, {**project, "rows": batch})

    async def _ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """One query in a transaction of its own, repeated a few times when it lost a race."""
        from shared.adapters.neo4j.errors import DriverFault, our_error, worth_repeating

        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(SECONDS_A_QUERY):  # a server may ignore the driver's own time limit
                    return await self._run(query, parameters or {})
            except DriverFault as error:
                if attempt == ATTEMPTS or not worth_repeating(error):
                    raise our_error(error) from error
            await asyncio.sleep(random.uniform(0, min(1.0, 0.05 * 2**attempt)))  # noqa: S311 - parts racers, hides nothing
        raise AssertionError("the last attempt returns or raises")

    async def _run(self, query: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        result = await self._connected().execute_query(query, dict(parameters), database_=self._database)
        return [record.data() for record in result.records]

    def _login(self) -> Any:
        password = self._password
        if isinstance(password, str):
            return self._user, password
        from neo4j.auth_management import AsyncAuthManagers

        async def present() -> tuple[str, str]:
            return self._user, await password()

        return AsyncAuthManagers.basic(present)

    def _connected(self) -> AsyncDriver:
        if self._driver is None:
            from neo4j import AsyncGraphDatabase

            self._driver = AsyncGraphDatabase.driver(
                self._uri,
                auth=self._login(),
                connection_timeout=10,
                connection_acquisition_timeout=30,
                max_transaction_retry_time=0,  # `_ask` repeats, for all reasons in one place
                warn_notification_severity="OFF",  # hints on query style belong to nobody who reads the log
            )
        return self._driver


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    return (list(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH))


def _name(kind: Node | Relation) -> str:
    return kind.type if isinstance(kind, Relation) else kind.label


def _keys(kind: Node | Relation) -> tuple[str, ...]:
    return kind.keys if isinstance(kind, Relation) else ("id",)


def _key(kind: Node | Relation, row: Row) -> tuple[object, ...]:
    return tuple(row[column] for column in _keys(kind))


def _rows(kind: Node | Relation, keys: Iterable[tuple[object, ...]]) -> list[Row]:
    return [dict(zip(_keys(kind), key, strict=True)) for key in keys]


def _rows_by_kind(taxonomy: Taxonomy) -> dict[Node | Relation, list[Row]]:
    """Each kind's rows with its own columns only, and one row for each key (the last one counts)."""
    given: tuple[tuple[Node | Relation, Iterable[Row]], ...] = (
        (CODE, taxonomy.codes),
        (CATEGORY, taxonomy.categories),
        (DOCUMENT, taxonomy.documents),
        (BELONGS_TO, taxonomy.memberships),
        (RELATES_TO, taxonomy.relations),
        (MENTIONS, taxonomy.mentions),
    )
    return {
        kind: list({_key(kind, row): {c: row.get(c) for c in (*_keys(kind), *kind.columns)} for row in rows}.values())
        for kind, rows in given
    }


def _check_ends(wanted: Mapping[Node | Relation, Sequence[Row]]) -> None:
    ids = {node: {row["id"] for row in wanted[node]} for node in NODES}
    for relation in RELATIONS:
        for row in wanted[relation]:
            for node, column in ((relation.source, relation.source_key), (relation.target, relation.target_key)):
                if row[column] not in ids[node]:
                    raise InvalidRequest(f"{relation.type}: there is no {node.label} with the id {row[column]}.")
