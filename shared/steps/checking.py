"""What is wrong with a record: the rules' findings, a bill that is there twice, and what people accepted of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from shared.domain.business import BusinessRecord
from shared.domain.document import Document
from shared.domain.duplicates import duplicate_key
from shared.domain.validation import Finding, validate
from shared.domain.waivers import Findings, with_waivers
from shared.ports import Ports


async def check(document: Document, stored: dict[str, Any], today: date, ports: Ports) -> Findings:
    """All findings of a stored record, each with `waived` where a person has accepted it.

    The document takes hold of its bill's key on the way: of two that are checked at once one gets it, and the other is
    the duplicate. A second time changes nothing.
    """
    record = BusinessRecord.model_validate(stored["record"])
    findings: Findings = [asdict(finding) for finding in validate(record, today)]
    async with ports.store.tenant(document.tenant_id) as tx:
        current = await tx.documents.get(document.document_id, lock=True)
        if current.attempt == document.attempt:
            twin = await tx.records.claim(document, duplicate_key(record))
            findings += [_duplicate(record, *twin)] if twin else []
        return with_waivers(findings, await tx.records.waivers(document.document_id))


def _duplicate(record: BusinessRecord, document_id: str, name: str) -> dict[str, Any]:
    message = (
        f"“{name}” ({document_id}) has the same seller, number, date and total: accept this one with a reason if it is "
        "another bill all the same, or leave it out."
    )
    spanish = (
        f"«{name}» ({document_id}) tiene el mismo emisor, número, fecha y total: acéptelo con un motivo si aun así es "
        "otro documento, o déjelo fuera."
    )
    found = Finding("number", record.number or "", "duplicate", message, spanish)
    return {**asdict(found), "document_id": document_id}
