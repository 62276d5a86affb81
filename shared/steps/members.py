"""Archives and e-mails: each file in them becomes a document of its own, linked to the container.

Its id derives from the project and its bytes, as always: the same file in two e-mails is one document.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from shared.domain.document import (
    INDEX,
    OCR,
    PENDING,
    PREPROCESS,
    Classification,
    Document,
    DocumentType,
    Member,
)
from shared.domain.errors import Rejected, TooLarge, TooManyMembers
from shared.domain.ids import content_hash, document_id
from shared.domain.remarks import Remark
from shared.domain.runs import ImportJob, MembersJob
from shared.ports import Ports
from shared.steps.events import log_event
from shared.steps.intake import plain_name, register_member
from shared.steps.originals import load_original
from shared.steps.stages import OCR_HARD_LIMIT, OCR_SOFT_LIMIT, Done, stage

# Warnings that name members which could not be taken out; the list of members has them all.
MOST_NAMED = 20


@dataclass(slots=True)
class _Share:
    """What one upload may still give: documents, and their bytes."""

    documents: int
    size: int

    def take(self, data: bytes) -> None:
        """Raises TooManyMembers or TooLarge when nothing is left."""
        if self.documents <= 0:
            raise TooManyMembers("The upload holds more files than can be taken out of one. Part it.")
        if len(data) > self.size:
            raise TooLarge("The upload unfolds into more than can be taken out of one. Part it.")
        self.documents -= 1
        self.size -= len(data)


@stage(OCR, progress=PREPROCESS.progress, limit=OCR_HARD_LIMIT)
async def import_members(document: Document, job: MembersJob, ports: Ports) -> Done:
    """Take members out and register each as a document, one after another.

    Answers with the `next` member to ask for, since it stops by itself when it takes long, and documents to `start`.
    A member that cannot be taken out is named on the container and does not stop the others.
    """
    data = await load_original(document, ports)
    begun, at, start = time.monotonic(), job.first, list[str]()
    share, named = await _share(document, ports)
    async for member in ports.reader.members(data, document.media_type or "", job.first, job.last):
        child = await _register(document, member, share, ports)
        if isinstance(child, Document):
            start += [child.document_id] if child.status == PENDING else []
        elif named < MOST_NAMED:
            named += 1
            warning = Remark(
                "member_left", name=plain_name(member.path), error=child.error_code or "", why=child.error_message or ""
            )
            async with ports.store.tenant(document.tenant_id) as tx:
                await tx.documents.warn(document.document_id, [warning])
        at = member.ordinal + 1
        if time.monotonic() - begun > OCR_SOFT_LIMIT:
            break
    else:
        at = job.last + 1
    return Done({"next": at, "start": start})


async def _share(document: Document, ports: Ports) -> tuple[_Share, int]:
    """What is left of the upload's share, and how many of this container's members were named in warnings."""
    async with ports.store.tenant(document.tenant_id) as tx:
        count, size = await tx.members.out_of(document.root_id or document.document_id)
        failed = (await tx.members.counts(document.document_id))["failed"]
    return _Share(ports.limits.max_members - count, ports.limits.max_member_bytes - size), failed


async def _register(parent: Document, member: Member, share: _Share, ports: Ports) -> Document | Member:
    """The document that a member has become, or why it has not."""
    if member.data is None:
        return await _refuse(parent, member, member.error_code or "", member.error_message or "", ports)
    try:
        if document_id(parent.project_id, content_hash(member.data)) == parent.document_id:
            raise Rejected("The archive holds itself.")
        async with ports.store.tenant(parent.tenant_id) as tx:
            known = await tx.members.is_linked(parent.document_id, member.ordinal)
        if not known:
            share.take(member.data)
    except Rejected as error:
        return await _refuse(parent, member, error.code, str(error), ports)
    return await register_member(parent, replace(member, path=plain_name(member.path)), ports)


async def _refuse(parent: Document, member: Member, code: str, message: str, ports: Ports) -> Member:
    row = replace(member, path=plain_name(member.path), data=None, error_code=code, error_message=message)
    async with ports.store.tenant(parent.tenant_id) as tx:
        await tx.members.put(parent, row, None)
    log_event("member_refused", document=parent.document_id, tenant=parent.tenant_id, error=code)
    return row


@stage(INDEX)
async def complete_container(document: Document, job: ImportJob, ports: Ports) -> Done:
    """An archive has no text of its own: once its members are registered it is completed, as type `other`."""
    async with ports.store.tenant(document.tenant_id) as tx:
        counts = await tx.members.counts(document.document_id)
    kind = Classification(DocumentType.OTHER, 1.0, ("container",))
    return Done(
        {"container": True, "documents": counts["documents"], "not_taken_out": counts["failed"]},
        lambda tx: tx.documents.classified(document.document_id, kind, "und"),
    )
