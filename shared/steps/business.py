"""Classification, and the record of a business document."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from shared.domain.classification import classify
from shared.domain.cleaning import clean
from shared.domain.corrections import with_corrections
from shared.domain.document import (
    BUSINESS_TYPES,
    CLASSIFY,
    EXTRACT,
    PAGE_BREAK,
    PUBLISH,
    VALIDATE,
    Classification,
    Document,
    DocumentType,
)
from shared.domain.extraction import extract
from shared.domain.runs import ImportJob
from shared.domain.sentences import turns
from shared.domain.waivers import message_in, still_open
from shared.ports import Ports, Transaction
from shared.steps.checking import check
from shared.steps.reading import load_page, load_text
from shared.steps.second_reading import record_again, type_again
from shared.steps.stages import Done, stage
from shared.steps.structured import record_from_data, structured_record


@stage(CLASSIFY)
async def classify_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Type and language: by data, else by rules, which a second reader helps where they are unsure."""
    text = await load_text(document, ports)
    cleaned = clean(text.split(PAGE_BREAK)).text
    data = await structured_record(document, ports)
    if data is not None and data.record.sources:
        found = Classification(data.record.kind, 1.0, (f"data in {data.syntax}",))
    else:
        found = classify(cleaned, document.media_type or "", document.page_count or 1, len(turns(cleaned)))
    if "type" in document.hints:
        found = Classification(DocumentType(document.hints["type"]), 1.0, ("said by a person",))
    found, warnings = await type_again(found, cleaned, document, ports)
    language = document.hints.get("language") or await ports.languages.detect(cleaned)
    detail = {"type": found.type.value, "confidence": round(found.confidence, 3), "language": language}

    async def keep(tx: Transaction) -> None:
        await tx.documents.classified(document.document_id, found, language)
        await tx.documents.warn(document.document_id, warnings)

    return Done({**detail, "signs": list(found.signs)}, keep)


@stage(EXTRACT)
async def extract_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """A business document's record: from its data where it has any, else by rules and a second reader. Others pass.

    What people have corrected stays corrected.
    """
    if document.type not in BUSINESS_TYPES:
        return Done({"record": False})
    text = await load_text(document, ports)
    record, warnings = await record_from_data(document, text, ports)
    if record is None or not record.sources:
        origin = record.origin if record else None
        numbers = range(1, (document.page_count or 0) + 1)
        pages = await asyncio.gather(*(load_page(document, number, ports) for number in numbers))
        record = extract(pages, DocumentType(document.type), document.language or "und")
        record, doubts = await record_again(record, pages, document, ports)
        warnings += doubts
        record = record.model_copy(update={"origin": origin}) if origin else record
    read = record

    async def keep(tx: Transaction) -> None:
        final = with_corrections(read, await tx.records.corrections(document.document_id))
        await tx.records.put(document, final.kind.value, final.model_dump(mode="json"))
        await tx.documents.warn(document.document_id, warnings)

    return Done({"record": True, "data": read.origin.syntax if read.origin else None}, keep)


@stage(VALIDATE)
async def validate_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Check the record as of today; one that breaks a rule waits for a person, and is in no table until then.

    Warnings are kept with the record and hold up nothing.
    """
    stored = await _record(document, ports)
    if stored is None:
        return Done({"record": False})
    async with ports.store.tenant(document.tenant_id) as tx:
        language = (await tx.projects.get(document.project_id)).language
    findings = await check(document, stored, datetime.now(UTC).date(), ports)
    open_ones = still_open(findings)

    async def keep(tx: Transaction) -> None:
        await tx.records.findings(document.document_id, findings)
        if open_ones:
            await tx.records.withdraw(document.document_id)

    review = " ".join(message_in(finding, language) for finding in open_ones) or None
    return Done({"findings": len(findings)}, keep, review=review)


@stage(PUBLISH)
async def publish_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Business records go to their table; everything goes to the corpus, which the index stage fills."""
    stored = await _record(document, ports)
    if stored is None:
        return Done({"to": "corpus"}, lambda tx: tx.records.withdraw(document.document_id))
    return Done({"to": stored["kind"]}, lambda tx: tx.records.publish(document, stored["record"]))


async def _record(document: Document, ports: Ports) -> dict[str, Any] | None:
    if document.type not in BUSINESS_TYPES:
        return None
    async with ports.store.tenant(document.tenant_id) as tx:
        return await tx.records.get(document.document_id)
