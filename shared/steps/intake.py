"""From a file to a document: registration, and preprocess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from shared.domain import ids
from shared.domain.document import (
    FAILED_STATUSES,
    FINISHED_STATUSES,
    PENDING,
    PREPROCESS,
    REJECTED,
    Document,
    Inspection,
    Member,
    original_path,
)
from shared.domain.errors import TheoGenError, TooDeep
from shared.domain.remarks import Remark
from shared.domain.runs import ImportJob
from shared.ports import Limits, Ports
from shared.steps.events import log_event
from shared.steps.outcomes import Outcome
from shared.steps.scanning import keep_scan, scan_original
from shared.steps.stages import Done, stage

LONGEST_NAME = 255
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def plain_name(name: str) -> str:
    """A name to show: no control characters, no line breaks, no drive, no way up the tree, at most 255 characters."""
    shown = "".join(c for c in name if unicodedata.category(c) not in _HIDDEN)
    text = re.sub(r"^(?:\s*[A-Za-z]:)+", "", unicodedata.normalize("NFC", shown).replace("\\", "/"))
    text = "/".join(part.strip() for part in text.split("/") if part.strip() not in {"", ".", ".."})
    # A cut may leave a way up the tree at the front, and so may a drive.
    text = text[-LONGEST_NAME:]
    return plain_name(text) if text != name else text or "document"


async def register_document(
    tenant_id: str, project_id: str, name: str, data: bytes, ports: Ports
) -> tuple[Document, bool]:
    """Store the original, then the row; gives the document and whether it is new in the project.

    The same bytes again are the same document; one that had failed for good or was rejected starts anew, since a limit
    may be another now, and one that lacks pages tries these again. The caller starts what is pending.
    Raises NotFound when the project is not this tenant's.
    """
    async with ports.store.tenant(tenant_id) as tx:
        await tx.projects.get(project_id)
    draft = await _stored(tenant_id, project_id, name, data, ports)
    async with ports.store.tenant(tenant_id) as tx:
        document, new = await tx.documents.register(draft)
        if document.status in FAILED_STATUSES or document.status == REJECTED:
            document = await tx.documents.restart(document.document_id)
        elif not new:
            begun = await tx.documents.reread(document.document_id)
            document = begun or await tx.documents.get(document.document_id)  # another upload may have begun it
    log_event("storage_upload_completed", document=document.document_id, tenant=tenant_id, size=len(data), new=new)
    return document, new


async def register_member(parent: Document, member: Member, ports: Ports) -> Document:
    """Store a member of a container, then its row and its link to the container, in one transaction.

    A document that is known already is only linked: the same container twice changes nothing.
    """
    stored = await _stored(parent.tenant_id, parent.project_id, member.path, member.data or b"", ports)
    root = parent.root_id or parent.document_id
    async with ports.store.tenant(parent.tenant_id) as tx:
        document, new = await tx.documents.register(replace(stored, depth=parent.depth + 1, root_id=root))
        await tx.members.put(parent, member, document.document_id)
    log_event("member_registered", document=document.document_id, tenant=parent.tenant_id, size=stored.size, new=new)
    return document


async def _stored(tenant_id: str, project_id: str, name: str, data: bytes, ports: Ports) -> Document:
    """The row to be written of a file whose original is stored."""
    sha256 = ids.content_hash(data)
    document_id = ids.document_id(project_id, sha256)
    path = original_path(tenant_id, document_id)
    if not await ports.blobs.exists("documents", path):
        await ports.blobs.put("documents", path, data)
    return Document(
        document_id, tenant_id, project_id, plain_name(name), sha256, len(data), PENDING, "registered", 0, 0
    )


async def restart_document(document: Document, ports: Ports) -> Document:
    """Pending again, unless it has ended or was restarted meanwhile."""
    async with ports.store.tenant(document.tenant_id) as tx:
        current = await tx.documents.get(document.document_id, lock=True)
        if current.status in FINISHED_STATUSES or current.attempt != document.attempt:
            return current
        return await tx.documents.restart(document.document_id)


async def preprocess_document(job: ImportJob, ports: Ports) -> Outcome:
    """What the file is, and the plan of how to go through it; without one if that was found out before."""
    outcome = await _preprocess(job, ports)
    if "page_count" not in outcome:
        return outcome
    return outcome | _plan(outcome["page_count"], outcome.get("members"), ports.limits)


@stage(PREPROCESS)
async def _preprocess(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Viruses, type by content, limits, encryption, damage; then the page ranges to read are known."""
    log_event("document_processing_started", document=document.document_id, tenant=document.tenant_id)
    data = await ports.blobs.get("documents", original_path(document.tenant_id, document.document_id))
    scan, not_scanned = await scan_original(document, data, ports)
    try:
        found = _within_depth(document, await ports.reader.inspect(data, document.name), ports.limits.max_depth)
    except TheoGenError:
        await keep_scan(document, scan, ports)
        raise
    inspection = replace(found, warnings=not_scanned + found.warnings)
    detail = {"media_type": inspection.media_type, "page_count": inspection.page_count}
    return Done(
        detail | ({"members": inspection.members} if inspection.members else {}),
        lambda tx: tx.documents.inspected(document.document_id, inspection, scan),
    )


def _within_depth(document: Document, found: Inspection, most: int) -> Inspection:
    """Containers within containers end somewhere: an e-mail is read then without its attachments.

    Raises TooDeep for an archive.
    """
    if not found.members or document.depth < most:
        return found
    if not found.page_count:
        raise TooDeep(f"The archive lies in {document.depth} others. Unpack it and upload what it holds.")
    warning = Remark("attachments_left", depth=document.depth, members=found.members)
    return replace(found, members=0, warnings=(*found.warnings, warning))


async def plan_import(job: ImportJob, ports: Ports) -> Outcome:
    """The plan by what preprocess has left on the row."""
    async with ports.store.tenant(job.tenant_id) as tx:
        document = await tx.documents.get(job.document_id)
    return {"status": "done"} | _plan(document.page_count or 0, document.member_count, ports.limits)


def _plan(pages: int, members: int | None, limits: Limits) -> dict[str, Any]:
    """What the orchestrator needs to know beyond the job: the page ranges to read, the members to take out."""
    size = limits.pages_per_activity
    ranges = [[first, min(first + size - 1, pages)] for first in range(1, pages + 1, size)]
    return {"ranges": ranges} | ({"members": members, "batch": limits.members_per_activity} if members else {})
