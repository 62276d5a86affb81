"""People's word on a record: what they correct, and what they accept as it is. The import then goes on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.business import BusinessRecord
from shared.domain.corrections import Correction, patched
from shared.domain.document import (
    BUSINESS_TYPES,
    COMPLETED,
    EXTRACT,
    INDEX,
    NEEDS_REVIEW,
    PUBLISH,
    VALIDATE,
    Document,
    DocumentType,
    Stage,
)
from shared.domain.errors import Conflict, UnknownFinding, VersionMismatch
from shared.domain.waivers import Waiver, still_open
from shared.ports import Ports, Transaction
from shared.steps.events import log_event

# Where a person may change something: the text has been read, and no import is under way.
_AT_REST = {COMPLETED, NEEDS_REVIEW, *(stage.failed for stage in (EXTRACT, VALIDATE, PUBLISH, INDEX))}


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the document as it stands, the record's version, and whether anything changed."""

    document: Document
    version: int
    corrections: tuple[Correction, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything changed: the same request twice changes nothing the second time."""
        return bool(self.corrections or self.waivers)


async def correct_record(
    document: Document, patch: Mapping[str, Any], by: str, version: int | None, ports: Ports
) -> Changed:
    """Change fields of the record; the document is pending then, to go on from `validate`, or `extract` for a new kind.

    `version` is the one that the person has seen, None: whatever it is. What is so already is no change, whichever
    version was seen. Raises UnknownField, InvalidCorrection, VersionMismatch, or Conflict while an import is under way.
    """
    async with ports.store.tenant(document.tenant_id) as tx:
        current = await tx.documents.get(document.document_id, lock=True)
        stored = await tx.records.get(document.document_id)
        before = _record_of(current, stored, patch)
        after, corrections = patched(before, patch)
        seen = stored["version"] if stored else 0
        if not corrections:
            return Changed(current, seen)
        _check(current, seen, version)
        made = tuple(replace(one, by=by, version=seen + 1) for one in corrections)
        await tx.records.correct(current, after, made)
        resume = VALIDATE if stored and after.kind == before.kind and current.status != EXTRACT.failed else EXTRACT
        changed = await _go_on(current, after, resume, tx)
    log_event("record_corrected", document=current.document_id, tenant=current.tenant_id, n=len(made))
    return Changed(changed, seen + 1, made)


async def accept_findings(
    document: Document, named: Sequence[tuple[str, str]], reason: str, by: str, version: int | None, ports: Ports
) -> Changed:
    """Let the record pass in spite of findings, each named by field and rule; the document goes on from `validate`.

    Raises UnknownFinding, VersionMismatch or Conflict.
    """
    async with ports.store.tenant(document.tenant_id) as tx:
        current = await tx.documents.get(document.document_id, lock=True)
        stored = await tx.records.get(document.document_id)
        findings = stored["findings"] if stored else []
        known = {(finding["field"], finding["rule"]) for finding in findings}
        if strangers := [f"{field} ({rule})" for field, rule in named if (field, rule) not in known]:
            raise UnknownFinding(f"The record has no such finding: {', '.join(strangers)}.")
        wanted = [finding for finding in still_open(findings) if (finding["field"], finding["rule"]) in named]
        seen = stored["version"] if stored else 0
        if not wanted:
            return Changed(current, seen)
        _check(current, seen, version)
        made = tuple(Waiver(f["field"], f["rule"], f["value"], f["message"], reason, by, seen + 1) for f in wanted)
        await tx.records.waive(current.document_id, seen + 1, made)
        changed = await tx.documents.restart(current.document_id, VALIDATE)
    log_event("findings_accepted", document=current.document_id, tenant=current.tenant_id, n=len(made))
    return Changed(changed, seen + 1, (), made)


def _record_of(document: Document, stored: dict[str, Any] | None, patch: Mapping[str, Any]) -> BusinessRecord:
    """The record as it stands. A document that was taken for something else has none until a person says its kind."""
    if stored is not None:
        return BusinessRecord.model_validate(stored["record"])
    if document.type not in BUSINESS_TYPES and str(patch.get("kind")) not in BUSINESS_TYPES:
        raise Conflict("This document has no record. Say what it is with `kind` (invoice, receipt or bank_statement).")
    return BusinessRecord(kind=DocumentType(document.type or DocumentType.OTHER))


def _check(document: Document, version: int, seen: int | None) -> None:
    if document.status not in _AT_REST:
        raise Conflict(f"The document is {document.status.replace('_', ' ')}: its record cannot be changed now.")
    if seen is not None and seen != version:
        raise VersionMismatch(f"The record is at version {version}, you have seen {seen}. Read it again, then decide.")


async def _go_on(document: Document, record: BusinessRecord, resume: Stage, tx: Transaction) -> Document:
    """Pending again, to go on from the stage that the change asks for."""
    if record.kind.value != document.type:
        await tx.documents.retyped(document.document_id, record.kind.value)
    if record.kind not in BUSINESS_TYPES:
        await tx.records.claim(document, None)
    return await tx.documents.restart(document.document_id, resume)
