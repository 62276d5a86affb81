"""Search over a project's passages: by meaning and by words, fused."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.domain.errors import TheoGenError
from shared.domain.fusion import Fused, fused
from shared.domain.searching import Query, Rankings
from shared.ports import Owner, Ports
from shared.steps.events import log_event
from shared.steps.reading import load_text

# How many hits of each search are fused, and so how far people can page. Fixed: a hit has one score on all pages.
DEPTH = 300


def passages_collection(embedder_name: str) -> str:
    """The vector collection of passages; embedders never share one."""
    return "passages-" + "".join(c if c.isalnum() else "-" for c in embedder_name)


def codes_collection(embedder_name: str) -> str:
    """The vector collection of codes."""
    return "codes-" + "".join(c if c.isalnum() else "-" for c in embedder_name)


async def search_project(
    tenant_id: str, project_id: str, query: Query, ports: Ports, *, after: int = 0, limit: int = 10
) -> tuple[list[dict[str, Any]], int | None, str | None]:
    """Hits `after` to `after + limit`, best first, and where the next ones begin; None when there are no more.

    Last comes why the search went by words alone, as an error's code; None where it went by meaning as well.

    A hit has `score` (0-1; 1 is first in both searches), `found_by` (`vectors`, `text`) with the `ranks` there, `quote`
    (the document's own characters `[start, end)`), `document`, `document_id`, `page`, `start` and `end`.
    """
    rankings = await rank_by_each(tenant_id, project_id, query, ports)
    found = await _present(tenant_id, fused(rankings), ports)
    shown = found[after : after + limit]
    texts = await _texts(tenant_id, [row for _, row in shown], ports)
    hits = [_hit(row, texts[row["document_id"]], place) for place, row in shown]
    return hits, after + limit if len(found) > after + limit else None, rankings.unembedded


async def rank_by_each(tenant_id: str, project_id: str, query: Query, ports: Ports) -> Rankings:
    """What either search finds; with phrases both hold only passages that have them."""
    async with ports.store.tenant(tenant_id) as tx:
        documents = await tx.corpus.fitting(project_id, query.filters) if query.filters.of_documents else None
        by_words = await tx.corpus.by_words(project_id, query, documents, DEPTH)
    worded = dict(by_words)
    vector, unembedded = await _vector(query, Owner(tenant_id, project_id), ports)
    by_meaning = await _by_meaning(vector, tenant_id, project_id, query, documents, ports) if vector else []
    if query.phrases:
        by_meaning = [passage for passage in by_meaning if passage in worded]
    return Rankings(tuple(by_meaning), tuple(worded), max(worded.values(), default=0.0), unembedded)


async def _vector(query: Query, owner: Owner, ports: Ports) -> tuple[list[float] | None, str | None]:
    """The query's vector; none, with the reason, when the embedder may not or cannot answer: words tell still."""
    try:
        [vector] = await ports.embedder.embed([query.text], owner)
    except TheoGenError as error:
        log_event("search_by_words_alone", tenant=owner.tenant_id, project=owner.project_id, error=error.code)
        return None, error.code
    return vector, None


async def _by_meaning(
    vector: list[float], tenant_id: str, project_id: str, query: Query, documents: list[str] | None, ports: Ports
) -> list[str]:
    where: dict[str, str | list[str]] = {"tenant_id": tenant_id, "project_id": project_id}
    if documents is not None:
        where["document_id"] = documents
    if query.filters.languages:
        where["language"] = list(query.filters.languages)
    collection = passages_collection(ports.embedder.name)
    await ports.vectors.ensure(collection, ports.embedder.dimensions)
    return [match.id for match in await ports.vectors.search(collection, vector, where, DEPTH)]


async def _present(tenant_id: str, ranked: list[Fused], ports: Ports) -> list[tuple[Fused, dict[str, Any]]]:
    """With their rows; a vector whose passage was cut anew leads nowhere."""
    async with ports.store.tenant(tenant_id) as tx:
        rows = await tx.corpus.found([one.id for one in ranked])
    return [(one, rows[one.id]) for one in ranked if one.id in rows]


async def _texts(tenant_id: str, rows: list[dict[str, Any]], ports: Ports) -> dict[str, str]:
    """The canonical texts of the rows' documents, by id."""
    wanted = list(dict.fromkeys(row["document_id"] for row in rows))
    async with ports.store.tenant(tenant_id) as tx:
        documents = [await tx.documents.get(document_id) for document_id in wanted]
    texts = await asyncio.gather(*(load_text(document, ports) for document in documents))
    return dict(zip(wanted, texts, strict=True))


def _hit(row: dict[str, Any], text: str, place: Fused) -> dict[str, Any]:
    return {
        "score": round(place.score, 4),
        "found_by": sorted(place.ranks),
        "ranks": place.ranks,
        "quote": text[row["start_offset"] : row["end_offset"]],
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
