"""The `Graph` port on a server of the Bolt protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase
from neo4j.exceptions import AuthError, ConstraintError, Neo4jError, ServiceUnavailable

from shared.adapters.neo4j import Neo4jGraph
from shared.adapters.neo4j.errors import our_error, worth_repeating
from shared.domain.errors import Conflict, InvalidRequest, TheoGenError, TimedOut, Unavailable
from shared.ports import Graph, Taxonomy


@pytest.fixture
async def adapter(graph: Any) -> AsyncIterator[Neo4jGraph]:
    adapter = Neo4jGraph(*graph)
    await adapter.ensure()
    yield adapter
    await adapter.close()


@pytest.fixture
async def driver(graph: Any) -> AsyncIterator[AsyncDriver]:
    uri, *login = graph
    async with AsyncGraphDatabase.driver(uri, auth=tuple(login)) as driver:
        yield driver


def taxonomy(codes: int = 3, tenant_id: str | None = None) -> Taxonomy:
    """Two categories, to which the codes belong in turn, and a document for every 500 codes, which mentions them."""
    tenant, mark = tenant_id or str(uuid4()), uuid4().hex
    code_ids, category_ids = [f"{mark}-c{n}" for n in range(codes)], [f"{mark}-k0", f"{mark}-k1"]
    document_ids = [f"{mark}-d{n}" for n in range(1 + codes // 500)]
    return Taxonomy(
        tenant_id=tenant,
        project_id=str(uuid4()),
        codes=[{"id": c, "label": f"code {c}", "definition": "…", "applications": 2} for c in code_ids],
        categories=[
            {"id": k, "label": "«Categoría»", "definition": "", "core": k.endswith("k0")} for k in category_ids
        ],
        memberships=[{"code_id": c, "category_id": category_ids[n % 2]} for n, c in enumerate(code_ids)],
        relations=[
            {"source_id": category_ids[0], "target_id": category_ids[1], "kind": kind, "statement": f"a {kind}"}
            for kind in ("condition", "contradiction")
        ],
        documents=[{"id": d, "name": "Entrevista {1} $x.pdf"} for d in document_ids],
        mentions=[{"document_id": document_ids[n // 500], "code_id": c, "quotes": 4} for n, c in enumerate(code_ids)],
    )


def expected(taxonomy: Taxonomy) -> dict[str, int]:
    return {
        "Code": len(taxonomy.codes),
        "Category": len(taxonomy.categories),
        "Document": len(taxonomy.documents),
        "BELONGS_TO": len(taxonomy.memberships),
        "RELATES_TO": len(taxonomy.relations),
        "MENTIONS": len(taxonomy.mentions),
    }


async def counts(adapter: Neo4jGraph, taxonomy: Taxonomy) -> dict[str, int]:
    return await adapter.counts(taxonomy.tenant_id, taxonomy.project_id)


async def test_the_adapter_is_what_the_port_asks_for(adapter: Neo4jGraph) -> None:
    port: Graph = adapter
    assert port is adapter


async def test_the_schema_may_be_ensured_again_and_by_many_at_once(adapter: Neo4jGraph) -> None:
    await asyncio.gather(*(adapter.ensure() for _ in range(4)))


async def test_a_taxonomy_is_counted_as_it_was_given(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    await adapter.sync(given)
    assert await counts(adapter, given) == expected(given)


async def test_syncing_twice_changes_nothing(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    await adapter.sync(given)
    await adapter.sync(given)
    assert await counts(adapter, given) == expected(given)


async def test_nodes_and_relations_carry_their_values_and_whose_they_are(
    adapter: Neo4jGraph, driver: AsyncDriver
) -> None:
    given = taxonomy()
    await adapter.sync(given)
    found = await driver.execute_query(
        "MATCH (d:Document)-[m:MENTIONS]->(c:Code {id: $id})-[b:BELONGS_TO]->(k:Category)-[r:RELATES_TO]->(o:Category) "
        "WHERE r.kind = 'contradiction' RETURN d, m, c, b, k, r",
        id=given.codes[0]["id"],
    )
    assert len(found.records) == 1
    parts = {name: dict(found.records[0][name]) for name in "dmcbkr"}
    ours = {"tenant_id": given.tenant_id, "project_id": given.project_id}
    assert parts["c"] == {**given.codes[0], **ours}
    assert parts["k"] == {**given.categories[0], **ours}
    assert parts["d"] == {**given.documents[0], **ours}
    assert parts["m"] == {"quotes": 4, **ours}
    assert parts["b"] == ours
    assert parts["r"] == {"kind": "contradiction", "statement": "a contradiction", **ours}


async def test_what_changed_is_written_and_what_is_gone_is_removed(adapter: Neo4jGraph, driver: AsyncDriver) -> None:
    given = taxonomy(codes=4)
    await adapter.sync(given)
    kept = {row["id"] for row in given.codes[:2]}
    smaller = replace(
        given,
        codes=[{**row, "label": "renamed"} for row in given.codes if row["id"] in kept],
        memberships=[{"code_id": str(c), "category_id": str(given.categories[1]["id"])} for c in kept],
        relations=given.relations[:1],
        mentions=[row for row in given.mentions if row["code_id"] in kept][:1],
    )
    await adapter.sync(smaller)
    assert await counts(adapter, given) == expected(smaller)
    found = await driver.execute_query(
        "MATCH (c:Code {project_id: $p})-[:BELONGS_TO]->(k) RETURN c.label AS label, k.id AS category",
        p=given.project_id,
    )
    assert {(row["label"], row["category"]) for row in found.records} == {("renamed", given.categories[1]["id"])}


async def test_an_emptied_project_leaves_nothing_behind(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    await adapter.sync(given)
    nothing: list[Any] = []
    await adapter.sync(
        Taxonomy(given.tenant_id, given.project_id, nothing, nothing, nothing, nothing, nothing, nothing)
    )
    assert set((await counts(adapter, given)).values()) == {0}


async def test_another_project_of_the_tenant_is_left_alone(adapter: Neo4jGraph) -> None:
    one = taxonomy()
    other = taxonomy(tenant_id=one.tenant_id)
    await adapter.sync(one)
    await adapter.sync(other)
    await adapter.sync(replace(one, codes=[], memberships=[], mentions=[]))
    assert await counts(adapter, other) == expected(other)


async def test_a_project_is_seen_only_by_its_tenant(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    await adapter.sync(given)
    assert set((await adapter.counts(str(uuid4()), given.project_id)).values()) == {0}
    assert set((await adapter.counts(given.tenant_id, str(uuid4()))).values()) == {0}


async def test_a_node_of_another_tenant_cannot_be_taken_over(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    await adapter.sync(given)
    with pytest.raises(Conflict):
        await adapter.sync(replace(given, tenant_id=str(uuid4())))
    assert await counts(adapter, given) == expected(given)


async def test_rows_of_the_same_key_are_one(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    doubled = replace(given, codes=[*given.codes, {**given.codes[0], "label": "last"}], mentions=given.mentions * 2)
    await adapter.sync(doubled)
    assert await counts(adapter, given) == expected(given)


async def test_a_row_about_a_node_that_is_not_there_is_refused(adapter: Neo4jGraph) -> None:
    given = taxonomy()
    with pytest.raises(InvalidRequest, match="BELONGS_TO: there is no Code with the id nobody"):
        await adapter.sync(replace(given, memberships=[{"code_id": "nobody", "category_id": "k"}]))
    assert set((await counts(adapter, given)).values()) == {0}


async def test_more_than_a_batch_is_written_and_removed_whole(adapter: Neo4jGraph) -> None:
    given = taxonomy(codes=2_500)
    await adapter.sync(given)
    assert await counts(adapter, given) == expected(given)
    fewer = replace(given, codes=given.codes[:1], memberships=given.memberships[:1], mentions=given.mentions[:1])
    await adapter.sync(fewer)
    assert await counts(adapter, given) == expected(fewer)


async def test_syncs_that_meet_do_not_fail(adapter: Neo4jGraph) -> None:
    given = taxonomy(codes=200)
    await asyncio.gather(*(adapter.sync(given) for _ in range(4)))
    await adapter.sync(given)
    assert await counts(adapter, given) == expected(given)


async def test_a_relation_that_was_drawn_twice_is_one_again_after_the_next_sync(
    adapter: Neo4jGraph, driver: AsyncDriver
) -> None:
    given = taxonomy()
    await adapter.sync(given)
    await driver.execute_query(
        "MATCH (a:Code {project_id: $p})-[r:BELONGS_TO]->(b:Category) "
        "CREATE (a)-[:BELONGS_TO {tenant_id: $t, project_id: $p}]->(b)",
        p=given.project_id,
        t=given.tenant_id,
    )
    assert (await counts(adapter, given))["BELONGS_TO"] == 6
    await adapter.sync(given)
    assert await counts(adapter, given) == expected(given)


async def test_a_closed_adapter_opens_again_when_asked(adapter: Neo4jGraph) -> None:
    await adapter.close()
    assert set((await adapter.counts("t", "p")).values()) == {0}


async def test_a_graph_that_is_not_there_is_unavailable() -> None:
    nowhere = Neo4jGraph("bolt://127.0.0.1:9", "neo4j", "devpassword")
    with pytest.raises(Unavailable):
        await nowhere.counts("t", "p")
    await nowhere.close()


async def test_a_wrong_password_is_told_from_a_missing_server(graph: Any) -> None:
    uri, user, _ = graph
    stranger = Neo4jGraph(uri, user, "wrong-password")
    with pytest.raises(Unavailable, match="does not let the app in"):
        await stranger.counts("t", "p")
    await stranger.close()


@pytest.mark.parametrize(
    ("theirs", "ours", "again"),
    [
        (ConstraintError("x"), Conflict, True),
        (
            Neo4jError._hydrate_neo4j(code="Neo.TransientError.Transaction.DeadlockDetected", message="x"),
            Unavailable,
            True,
        ),
        (ServiceUnavailable("x"), Unavailable, True),
        (AuthError("x"), Unavailable, False),
        (TimeoutError(), TimedOut, False),
    ],
)
def test_every_error_says_what_to_do_next(theirs: Exception, ours: type[TheoGenError], again: bool) -> None:
    assert type(our_error(theirs)) is ours
    assert worth_repeating(theirs) is again
