"""Classification, and the record of a business document."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from shared.domain.business import BusinessRecord
from shared.domain.classification import classify
from shared.domain.cleaning import clean
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
from shared.domain.validation import validate
from shared.ports import Ports
from shared.steps.reading import load_text
from shared.steps.stages import Done, stage


@stage(CLASSIFY)
async def classify_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Type and language."""
    text = await load_text(document, ports)
    cleaned = clean(text.split(PAGE_BREAK)).text
    found = classify(cleaned, document.media_type or "", document.page_count or 1, len(turns(cleaned)))
    if "type" in document.hints:
        found = Classification(DocumentType(document.hints["type"]), 1.0, ("said by a person",))
    language = document.hints.get("language") or await ports.languages.detect(cleaned)
    detail = {"type": found.type.value, "confidence": round(found.confidence, 3), "language": language}
    return Done(
        {**detail, "signs": list(found.signs)},
        lambda tx: tx.documents.classified(document.document_id, found, language),
    )


@stage(EXTRACT)
async def extract_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """A business document's plain record, by rules; other documents pass."""
    if document.type not in BUSINESS_TYPES:
        return Done({"record": False})
    text = await load_text(document, ports)
    record = extract(text, DocumentType(document.type), document.language or "und")
    plain = record.model_dump(mode="json")
    return Done({"record": True}, lambda tx: tx.records.put(document, record.kind.value, plain))


@stage(VALIDATE)
async def validate_record(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Check the record; one that breaks a rule waits for a person, with each finding on it."""
    stored = await _record(document, ports)
    if stored is None:
        return Done({"record": False})
    findings = validate(BusinessRecord.model_validate(stored["record"]))
    plain = [asdict(finding) for finding in findings]
    return Done(
        {"findings": len(plain)},
        lambda tx: tx.records.findings(document.document_id, plain),
        review=" ".join(finding.message for finding in findings) or None,
    )


@stage(PUBLISH)
async def publish_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Business records go to their table; everything goes to the corpus, which the index stage fills."""
    stored = await _record(document, ports)
    if stored is None:
        return Done({"to": "corpus"})
    return Done({"to": stored["kind"]}, lambda tx: tx.records.publish(document, stored["record"]))


async def _record(document: Document, ports: Ports) -> dict[str, Any] | None:
    if document.type not in BUSINESS_TYPES:
        return None
    async with ports.store.tenant(document.tenant_id) as tx:
        return await tx.records.get(document.document_id)
