"""Semantic search over a project's passages."""

from __future__ import annotations

from typing import Any

from shared.ports import Ports


def passages_collection(embedder_name: str) -> str:
    """The vector collection of passages; embedders never share one."""
    return "passages-" + "".join(c if c.isalnum() else "-" for c in embedder_name)


def codes_collection(embedder_name: str) -> str:
    """The vector collection of codes."""
    return "codes-" + "".join(c if c.isalnum() else "-" for c in embedder_name)


async def search_project(
    tenant_id: str, project_id: str, query: str, filters: dict[str, list[str]], limit: int, ports: Ports
) -> list[dict[str, Any]]:
    """The passages nearest to the query, best first.

    `filters` may hold `document_id`, `type` and `language`, each a list of which one must match. A hit has `score`
    (cosine, -1 to 1), `quote` (the passage as cleaned), `document`, `document_id`, `page`, `start` and `end`.
    """
    [vector] = await ports.embedder.embed([query])
    where: dict[str, str | list[str]] = {"tenant_id": tenant_id, "project_id": project_id}
    where |= {key: values for key, values in filters.items() if values}
    collection = passages_collection(ports.embedder.name)
    await ports.vectors.ensure(collection, ports.embedder.dimensions)
    matches = await ports.vectors.search(collection, vector, where, limit)
    async with ports.store.tenant(tenant_id) as tx:
        found = await tx.corpus.found([match.id for match in matches])
    return [_hit(found[match.id], match.score) for match in matches if match.id in found]


def _hit(row: dict[str, Any], score: float) -> dict[str, Any]:
    return {
        "score": round(score, 4),
        "quote": row["text"],
        "document": row["document"],
        "document_id": row["document_id"],
        "type": row["type"],
        "language": row["language"],
        "page": row["page"],
        "start": row["start_offset"],
        "end": row["end_offset"],
        "speaker": row["speaker"],
        "passage_id": row["passage_id"],
    }
