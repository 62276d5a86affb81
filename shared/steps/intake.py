"""From a file to a document: registration, and preprocess."""

from __future__ import annotations

import re
import unicodedata

from shared.domain import ids
from shared.domain.document import (
    FAILED_STATUSES,
    FINISHED_STATUSES,
    PENDING,
    PREPROCESS,
    Document,
    original_path,
)
from shared.domain.runs import ImportJob
from shared.ports import Ports
from shared.steps.events import log_event
from shared.steps.outcomes import Outcome
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

    The same bytes again are the same document; one that had failed for good starts anew. The caller starts what is
    pending.
    Raises NotFound when the project is not this tenant's.
    """
    async with ports.store.tenant(tenant_id) as tx:
        await tx.projects.get(project_id)
    sha256 = ids.content_hash(data)
    document_id = ids.document_id(project_id, sha256)
    path = original_path(tenant_id, document_id)
    if not await ports.blobs.exists("documents", path):
        await ports.blobs.put("documents", path, data)
    draft = Document(
        document_id, tenant_id, project_id, plain_name(name), sha256, len(data), PENDING, "registered", 0, 0
    )
    async with ports.store.tenant(tenant_id) as tx:
        document, new = await tx.documents.register(draft)
        if document.status in FAILED_STATUSES:
            document = await tx.documents.restart(document_id)
    log_event("storage_upload_completed", document=document_id, tenant=tenant_id, size=len(data), new=new)
    return document, new


async def restart_document(document: Document, ports: Ports) -> Document:
    """Pending again, unless it has ended or was restarted meanwhile."""
    async with ports.store.tenant(document.tenant_id) as tx:
        current = await tx.documents.get(document.document_id, lock=True)
        if current.status in FINISHED_STATUSES or current.attempt != document.attempt:
            return current
        return await tx.documents.restart(document.document_id)


@stage(PREPROCESS)
async def preprocess_document(document: Document, job: ImportJob, ports: Ports) -> Done:
    """Type by content, limits, encryption, damage; gives the orchestrator the page ranges to read."""
    log_event("document_processing_started", document=document.document_id, tenant=document.tenant_id)
    data = await ports.blobs.get("documents", original_path(document.tenant_id, document.document_id))
    inspection = await ports.reader.inspect(data, document.name)
    return Done(
        {"media_type": inspection.media_type, "page_count": inspection.page_count},
        lambda tx: tx.documents.inspected(document.document_id, inspection),
    )


async def plan_import(job: ImportJob, ports: Ports) -> Outcome:
    """What the orchestrator needs to know beyond the job: the page ranges to read, from the row."""
    async with ports.store.tenant(job.tenant_id) as tx:
        document = await tx.documents.get(job.document_id)
    size, count = ports.limits.pages_per_activity, document.page_count or 0
    return {"status": "done", "ranges": [[first, min(first + size - 1, count)] for first in range(1, count + 1, size)]}
