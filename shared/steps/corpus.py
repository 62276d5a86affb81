"""The index stage: clean and chunk, describe, embed."""

from __future__ import annotations

from dataclasses import replace

from shared.domain import ids
from shared.domain.analysis import Brief
from shared.domain.cleaning import clean
from shared.domain.codebook import Passage
from shared.domain.document import INDEX, PAGE_BREAK, Document, page_starts
from shared.domain.errors import Permanent
from shared.domain.passages import passages
from shared.domain.remarks import Remark
from shared.domain.runs import ImportJob
from shared.ports import Owner, Ports, Transaction, VectorRecord
from shared.steps.events import log_event
from shared.steps.reading import load_text
from shared.steps.search import passages_collection
from shared.steps.stages import Done, stage

EMBED_BATCH = 128
DESCRIBE_CHARACTERS = 20_000


@stage(INDEX)
async def index_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Describe the document, cut it, make its passages searchable; then it is completed.

    Describing goes first: when it has to wait for the model, nothing was done that would be done again.
    """
    described, cut = await _describe(document, ports), await _cut(document, ports)
    await _ensure_collection(ports)
    async with ports.store.tenant(document.tenant_id) as tx:
        if not await tx.stages.advance(document, INDEX, 85):
            return Done()  # it has gone on meanwhile
        for part in (described, cut):
            if part.write:
                await part.write(tx)
        waiting = await _to_embed(document, tx, ports)
    embedded = await _embed(document, waiting, ports)
    return replace(embedded, detail={**cut.detail, **described.detail, **embedded.detail})


@stage(INDEX, progress=75)
async def chunk_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """As a part of its own."""
    return await _cut(document, ports)


@stage(INDEX, progress=85)
async def describe_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """As a part of its own."""
    return await _describe(document, ports)


@stage(INDEX)
async def embed_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """As a part of its own, the last; then the document is completed."""
    await _ensure_collection(ports)
    async with ports.store.tenant(document.tenant_id) as tx:
        waiting = await _to_embed(document, tx, ports)
    return await _embed(document, waiting, ports)


async def _cut(document: Document, ports: Ports) -> Done:
    """Clean the text and cut it into passages, each with its characters and page in the canonical text."""
    rows = cut_passages(document, await load_text(document, ports))
    return Done({"passages": len(rows)}, lambda tx: tx.corpus.replace_passages(document, rows))


def cut_passages(document: Document, text: str) -> list[Passage]:
    """The passages of a document with this canonical text."""
    pages = text.split(PAGE_BREAK)
    return [
        Passage(
            passage_id=ids.passage_id(document.document_id, span.start, span.end),
            document_id=document.document_id,
            ordinal=ordinal,
            start=span.start,
            end=span.end,
            context_start=span.context_start,
            page=span.page,
            speaker=span.speaker,
            language=document.language or "und",
            text=span.view.text,
            search_text=span.search_text,
            runs=span.view.to_plain()["runs"],
        )
        for ordinal, span in enumerate(passages(clean(pages), page_starts(pages)))
    ]


async def _describe(document: Document, ports: Ports) -> Done:
    """Metadata by the analyst. A document that the analyst cannot describe is indexed all the same, with a warning."""
    async with ports.store.tenant(document.tenant_id) as tx:
        project = await tx.projects.get(document.project_id)
    brief = Brief(document.tenant_id, document.project_id, project.language, project.research_question)
    text = clean((await load_text(document, ports)).split(PAGE_BREAK)).text[:DESCRIBE_CHARACTERS]
    try:
        description = await ports.analyst.describe(brief, text, document.language or project.language)
    except Permanent as error:
        warning = Remark("no_description", error=error.code, why=str(error))
        return Done({"described": False}, lambda tx: tx.documents.warn(document.document_id, [warning]))
    log_event("metadata_extraction_completed", document=document.document_id, tenant=document.tenant_id)
    return Done({"described": True}, lambda tx: tx.documents.described(document.document_id, description))


async def _ensure_collection(ports: Ports) -> None:
    await ports.vectors.ensure(passages_collection(ports.embedder.name), ports.embedder.dimensions)


async def _to_embed(document: Document, tx: Transaction, ports: Ports) -> list[Passage]:
    """The passages that are not embedded yet; vectors of those that are no more are removed."""
    if await tx.documents.times_begun(document.document_id, INDEX) > 1:
        await _remove_stale(document, tx, ports)
    return await tx.corpus.to_embed(document.document_id, ports.embedder.name)


async def _embed(document: Document, waiting: list[Passage], ports: Ports) -> Done:
    """Embed these passages and make them searchable, many at a time; the last are marked with the stage's end."""
    name = ports.embedder.name
    for start in range(0, len(waiting), EMBED_BATCH):
        batch = waiting[start : start + EMBED_BATCH]
        await embed_passages(document, batch, ports)
        if start + EMBED_BATCH < len(waiting):
            async with ports.store.tenant(document.tenant_id) as tx:
                await tx.corpus.embedded([passage.passage_id for passage in batch], name)
    log_event(
        "embedding_generation_completed", document=document.document_id, tenant=document.tenant_id, n=len(waiting)
    )
    last = [passage.passage_id for passage in waiting[-EMBED_BATCH:]]
    return Done({"embedded": len(waiting)}, lambda tx: tx.corpus.embedded(last, name))


async def _remove_stale(document: Document, tx: Transaction, ports: Ports) -> None:
    """Remove vectors whose passages are no more. What is indexed for the first time has none, and is spared asking."""
    # Locked, nobody cuts the document anew meanwhile.
    await tx.documents.get(document.document_id, lock=True)
    where = {"tenant_id": document.tenant_id, "document_id": document.document_id}
    present = await tx.corpus.passage_ids(document.document_id)
    await ports.vectors.delete(passages_collection(ports.embedder.name), where, keep=present)


async def embed_passages(document: Document, batch: list[Passage], ports: Ports) -> None:
    """Put vectors into the index. The caller marks the passages after: dying in between costs a second writing."""
    owner = Owner(document.tenant_id, document.project_id)
    vectors = await ports.embedder.embed([passage.search_text for passage in batch], owner)
    records = [
        VectorRecord(
            passage.passage_id,
            vector,
            {
                "tenant_id": document.tenant_id,
                "project_id": document.project_id,
                "document_id": document.document_id,
                "language": passage.language,
            },
        )
        for passage, vector in zip(batch, vectors, strict=True)
    ]
    await ports.vectors.upsert(passages_collection(ports.embedder.name), records)
