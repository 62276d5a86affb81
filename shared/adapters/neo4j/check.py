"""Whether the graph answers, with its constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.errors import NotReady, TheoGenError

if TYPE_CHECKING:
    from shared.adapters.neo4j.graph import Neo4jGraph


async def check_graph(graph: Neo4jGraph, *, deep: bool) -> str:
    """`deep` creates constraints and indexes that are missing; else the graph is asked the simplest question."""
    try:
        await (graph.ensure() if deep else graph.ping())
    except TheoGenError as error:
        raise NotReady(
            f"The graph cannot be used: {error}",
            "See whether Neo4j runs at NEO4J_URI, and NEO4J_USER and NEO4J_PASSWORD.",
        ) from error
    return "constraints are there" if deep else "answers"
