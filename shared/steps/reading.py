"""The OCR stage: pages as text, then the document's canonical text."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from shared.domain.document import (
    OCR,
    PREPROCESS,
    Document,
    Line,
    Page,
    Word,
    canonical_text,
    page_path,
    page_starts,
    text_path,
)
from shared.domain.errors import NoText
from shared.domain.remarks import Remark
from shared.domain.runs import ImportJob, PagesJob
from shared.ports import Owner, Ports, Transaction
from shared.steps.originals import check_harmless, load_original
from shared.steps.stages import OCR_HARD_LIMIT, OCR_SOFT_LIMIT, Done, stage

# Pages of a range under way at once: while one is read the next is opened. The OCR engine has a limit of its own.
PAGES_AT_ONCE = 2


@stage(OCR, progress=20, limit=OCR_HARD_LIMIT)
async def read_pages(document: Document, job: PagesJob, ports: Ports) -> Done:
    """Read a range of pages and store each as soon as it is read; a page that is stored is not read again.

    After the last range the text is `assembled`, and the stage is done.
    Pages that could not be read are tried again when the document is started anew. After the soft limit it stops and
    says how many pages are `left`, to be asked again: slow pages lose nothing.
    """
    numbers = range(job.first, job.last + 1)
    if _begins(document):
        missing = list(numbers)
    else:
        stored = await asyncio.gather(*(_is_stored(document, number, ports) for number in numbers))
        missing = [n for n, there in zip(numbers, stored, strict=True) if not there]
    left = len(missing) - await _read(document, missing, ports) if missing else 0
    if not left and job.last == document.page_count:
        done = await _assembled(document, ports)
        return replace(done, detail={**done.detail, "left": 0, "assembled": True}, whole=True)
    so_far, before, after = job.last - left, PREPROCESS.progress, OCR.progress
    return Done({"left": left}, progress=before + (after - before - 1) * so_far // max(document.page_count or 1, 1))


def _begins(document: Document) -> bool:
    """Whether this is the first range of the first attempt: the row, as it was before, says that no page is stored."""
    return document.attempt == 0 and document.status != OCR.running


async def _is_stored(document: Document, number: int, ports: Ports) -> bool:
    """Whether the page was read, or has failed in this very attempt."""
    if not await ports.blobs.exists("documents", _path(document, number)):
        return False
    stored = json.loads(await _latest(document, _path(document, number), ports))
    return stored["problem"] is None or stored.get("attempt") == document.attempt


async def _read(document: Document, missing: Sequence[int], ports: Ports) -> int:
    """How many of the missing pages were read before the soft limit; an error is raised when the others are stored."""
    data = await load_original(document, ports)
    begun, media_type = time.monotonic(), document.media_type or ""
    owner = Owner(document.tenant_id, document.project_id)
    portions = _portions(missing, media_type)

    async def work() -> int:
        read = 0
        for first, last in portions:
            pages = await ports.reader.read_pages(data, media_type, first, last, owner)
            await asyncio.gather(*(_store(document, page, ports) for page in pages))
            read += len(pages)
            if time.monotonic() - begun > OCR_SOFT_LIMIT:
                break
        return read

    ends = await asyncio.gather(*(work() for _ in range(PAGES_AT_ONCE)), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return sum(end for end in ends if isinstance(end, int))


def _portions(missing: Sequence[int], media_type: str) -> Iterator[tuple[int, int]]:
    """Page by page where a page can take long and opening the file is quick; else stretches without gaps."""
    one_by_one = media_type == "application/pdf" or media_type.startswith("image/")
    first = last = missing[0]
    for number in missing[1:]:
        if one_by_one or number != last + 1:
            yield first, last
            first = number
        last = number
    yield first, last


@stage(OCR)
async def assemble_text(document: Document, job: ImportJob, ports: Ports) -> Done:
    """The text of pages that are all stored, for documents without any range, and where `read_pages` did not join."""
    return await _assembled(document, ports)


async def _assembled(document: Document, ports: Ports) -> Done:
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

    async def write(tx: Transaction) -> None:
        rows = await tx.documents.pages(document.document_id)
        before = [(row["number"], row["problem"], row["error_code"]) for row in rows if row["problem"]]
        await tx.documents.withdraw(document.document_id, [_remark(*row) for row in before])
        await tx.documents.replace_pages(document.document_id, pages, page_starts(texts))
        await tx.documents.warn(document.document_id, [_remark(p.number, p.problem, p.error_code) for p in failed])

    by_source = {source: sum(p.source == source for p in pages) for source in {p.source for p in pages}}
    return Done({"pages": len(pages), "not_read": [p.number for p in failed], "sources": by_source}, write)


async def load_page(document: Document, number: int, ports: Ports) -> Page:
    """A page as it was stored. Raises Infected."""
    check_harmless(document)
    plain = json.loads(await _latest(document, _path(document, number), ports))
    plain.pop("attempt", None)
    return Page(**plain | {"lines": tuple(_line(line) for line in plain["lines"])})


def _line(plain: dict[str, Any]) -> Line:
    """A line as it was stored; pages of earlier versions have no words."""
    words = tuple(Word(**word | {"box": tuple(word["box"])}) for word in plain.get("words", ()))
    return Line(**plain | {"box": tuple(plain["box"]) if plain["box"] else None, "words": words})


async def load_text(document: Document, ports: Ports) -> str:
    """The canonical text. Raises Infected."""
    check_harmless(document)
    return (await _latest(document, text_path(document.tenant_id, document.document_id), ports)).decode()


async def _latest(document: Document, path: str, ports: Ports) -> bytes:
    """Pages and text of a document that was started anew may be others than those that this process remembers."""
    return await ports.blobs.get("documents", path, fresh=document.attempt > 0)


async def _store(document: Document, page: Page, ports: Ports) -> None:
    body = json.dumps(asdict(page) | {"attempt": document.attempt}, ensure_ascii=False).encode()
    await ports.blobs.put("documents", _path(document, page.number), body, media_type="application/json")


def _path(document: Document, number: int) -> str:
    return page_path(document.tenant_id, document.document_id, number)


def _remark(number: int, problem: str | None, error_code: str | None) -> Remark:
    return Remark("page_not_read", page=number, error=error_code or "", why=problem or "")


def _why(pages: list[Page]) -> str:
    problems = sorted({page.problem for page in pages if page.problem})
    return f"No text could be read in the document. {' '.join(problems)}".strip()
