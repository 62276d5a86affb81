"""Classification, and the record of a business document."""

from __future__ import annotations

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
    Document,
    DocumentType,
)
from shared.domain.extraction import extract
from shared.domain.runs import ImportJob
from shared.domain.sentences import turns
from shared.domain.waivers import still_open
from shared.ports import Ports, Transaction
from shared.steps.checking import check
from shared.steps.reading import load_text
from shared.steps.stages import Done, stage


@stage(CLASSIFY)
async def classify_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Type and language."""
    text = await load_text(document, ports)
    cleaned = clean(text.split(PAGE_BREAK)).text
    found = classify(cleaned, document.media_type or "", document.page_count or 1, len(turns(cleaned)))
    language = await ports.languages.detect(cleaned)
    detail = {"type": found.type.value, "confidence": round(found.confidence, 3), "language": language}
    return Done(
        {**detail, "signs": list(found.signs)},
        lambda tx: tx.documents.classified(document.document_id, found, language),
    )


@stage(EXTRACT)
async def extract_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """A business document's plain record, by rules, with what people have corrected; other documents pass."""
    if document.type not in BUSINESS_TYPES:
        return Done({"record": False})
    text = await load_text(document, ports)
    record = extract(text, DocumentType(document.type), document.language or "und")

    async def keep(tx: Transaction) -> None:
        final = with_corrections(record, await tx.records.corrections(document.document_id))
        await tx.records.put(document, final.kind.value, final.model_dump(mode="json"))

    return Done({"record": True}, keep)


@stage(VALIDATE)
async def validate_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Check the record; one that breaks a rule waits for a person with each finding on it, and is in no table."""
    stored = await _record(document, ports)
    if stored is None:
        return Done({"record": False})
    findings = await check(document, stored, ports)
    open_ones = still_open(findings)

    async def keep(tx: Transaction) -> None:
        await tx.records.findings(document.document_id, findings)
        if open_ones:
            await tx.records.withdraw(document.document_id)

    review = " ".join(finding["message"] for finding in open_ones) or None
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
