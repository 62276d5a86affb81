"""The OCR stage: pages as text, then the document's canonical text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from shared.domain.document import (
    OCR,
    Document,
    Line,
    Page,
    canonical_text,
    original_path,
    page_path,
    page_starts,
    text_path,
)
from shared.domain.errors import NoText
from shared.domain.runs import ImportJob, PagesJob
from shared.ports import Ports
from shared.steps.stages import Done, stage


@stage(OCR, progress=20)
async def read_pages(document: Document, job: PagesJob, ports: Ports) -> Done:
    """Read a range of pages and store each; a page that is stored already is not read again."""
    numbers = range(job.first, job.last + 1)
    stored = await asyncio.gather(*(ports.blobs.exists("documents", _path(document, n)) for n in numbers))
    missing = [n for n, there in zip(numbers, stored, strict=True) if not there]
    if missing:
        data = await ports.blobs.get("documents", original_path(document.tenant_id, document.document_id))
        for first, last in _stretches(missing):
            pages = await ports.reader.read_pages(data, document.media_type or "", first, last)
            await asyncio.gather(*(_store(document, page, ports) for page in pages))
    return Done({"read": len(missing)})


def _stretches(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rising numbers as ranges without gaps, both ends included."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


@stage(OCR)
async def assemble_text(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Join the pages to the canonical text; pages that could not be read are named, never silently missing.

    Raises NoText when no page has any.
    """
    numbers = range(1, (document.page_count or 0) + 1)
    pages = await asyncio.gather(*(load_page(document, n, ports) for n in numbers))
    texts = [page.text for page in pages]
    if not any(text.strip() for text in texts):
        raise NoText(_why(pages))
    await ports.blobs.put(
        "documents",
        text_path(document.tenant_id, document.document_id),
        canonical_text(texts).encode(),
        media_type="text/plain; charset=utf-8",
    )
    failed = [page for page in pages if page.problem]

    async def write(tx: Any) -> None:
        await tx.documents.replace_pages(document.document_id, pages, page_starts(texts))
        await tx.documents.warn(document.document_id, [f"Page {p.number}: {p.problem}" for p in failed])

    by_source = {source: sum(p.source == source for p in pages) for source in {p.source for p in pages}}
    return Done({"pages": len(pages), "not_read": [p.number for p in failed], "sources": by_source}, write)


async def load_page(document: Document, number: int, ports: Ports) -> Page:
    """A page as it was stored."""
    plain = json.loads(await ports.blobs.get("documents", _path(document, number)))
    lines = tuple(
        Line(line["start"], line["end"], tuple(line["box"]) if line["box"] else None, line["confidence"])
        for line in plain.pop("lines")
    )
    return Page(**plain, lines=lines)


async def load_text(document: Document, ports: Ports) -> str:
    """The canonical text."""
    return (await ports.blobs.get("documents", text_path(document.tenant_id, document.document_id))).decode()


async def _store(document: Document, page: Page, ports: Ports) -> None:
    body = json.dumps(asdict(page), ensure_ascii=False).encode()
    await ports.blobs.put("documents", _path(document, page.number), body, media_type="application/json")


def _path(document: Document, number: int) -> str:
    return page_path(document.tenant_id, document.document_id, number)


def _why(pages: list[Page]) -> str:
    problems = sorted({page.problem for page in pages if page.problem})
    return f"No text could be read in the document. {' '.join(problems)}".strip()
