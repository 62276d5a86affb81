"""Batches: taking items in, making documents of blobs, counting, and trying failed ones again.

Everything is on record before it is sent to the queue: what a crash keeps from being sent, the timer starts.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from shared.domain import ids
from shared.domain.batches import ITEM_REGISTERED, Batch, Item, Selection, summary
from shared.domain.dead_letters import IMPORTS_QUEUE
from shared.domain.document import PENDING, Document, original_path
from shared.domain.errors import ImportsDisabled, NotFound, TooManyItems
from shared.domain.runs import Principal
from shared.ports import Member, Ports, Transaction, WorkMessage
from shared.steps.events import log_event
from shared.steps.intake import plain_name, register_document
from shared.steps.requests import enqueue, import_request, item_request

UPLOADS = "uploads"
# Files that are in memory, and in one transaction, at once.
AT_ONCE = 100
# The pace of a batch is measured over so many seconds.
WINDOW = 180.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What an ingest took in: items of this request, and whether their messages are on the queue."""

    registered: int
    enqueued: int
    pipeline_enqueued: bool


async def create_batch(who: Principal, project_id: str, name: str, ports: Ports) -> Batch:
    """An empty batch in one of the principal's projects."""
    _check_enabled(ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        await tx.projects.get(project_id, who.subject)
        return await tx.batches.create(Batch(str(uuid.uuid4()), who.tenant_id, project_id, name, who.subject))


async def find_batch(who: Principal, batch_id: str, ports: Ports) -> Batch:
    """The batch, if the principal may see its project; else NotFound, the same for foreign and for missing."""
    async with ports.store.tenant(who.tenant_id) as tx:
        return await _find(who, batch_id, tx)


async def ingest_documents(who: Principal, batch_id: str, document_ids: Sequence[str], ports: Ports) -> Taken:
    """Documents that are uploaded already."""
    async with ports.store.tenant(who.tenant_id) as tx:
        batch = await _open(who, batch_id, tx, ports)
        waiting = await tx.batches.add_documents(batch, document_ids)
        await _begin(batch, tx, ports)
    return await _send(len(document_ids), [import_request(document) for document in waiting], ports)


async def ingest_blobs(who: Principal, batch_id: str, names: Sequence[str], ports: Ports) -> Taken:
    """Blobs by their names in the project's part of container `uploads`; each is read when its message comes."""
    async with ports.store.tenant(who.tenant_id) as tx:
        batch = await _open(who, batch_id, tx, ports)
        waiting = await tx.batches.add_blobs(batch, names)
        await _begin(batch, tx, ports)
    return await _send(len(names), [item_request(item) for item in waiting], ports)


async def ingest_prefix(who: Principal, batch_id: str, prefix: str, ports: Ports) -> Taken:
    """All files whose names begin so: those still in `uploads`, and those that the blob trigger has taken already."""
    most = ports.limits.items_per_batch + 1
    async with ports.store.tenant(who.tenant_id) as tx:
        batch = await _open(who, batch_id, tx, ports)
        known = await tx.batches.names_under(batch.project_id, prefix, most)
    folder = f"{who.tenant_id}/{batch.project_id}/"
    paths = await ports.blobs.listing(UPLOADS, folder + prefix, most)
    names = list(dict.fromkeys([*known, *(path.removeprefix(folder) for path in paths)]))
    return await ingest_blobs(who, batch_id, names, ports)


async def ingest_files(who: Principal, batch_id: str, files: Sequence[tuple[str, bytes]], ports: Ports) -> Taken:
    """Files as (name, bytes)."""
    names = [name for name, _ in files]
    return await _ingest(who, batch_id, names, (Member(name, data) for name, data in files), ports)


async def ingest_archive(who: Principal, batch_id: str, data: bytes, ports: Ports) -> Taken:
    """An archive's files. One that cannot be unpacked is an item that was refused; the others come in."""
    names = await asyncio.to_thread(ports.archives.names, data)
    return await _ingest(who, batch_id, names, ports.archives.members(data, names), ports)


async def ingest_archive_blob(who: Principal, batch_id: str, name: str, ports: Ports) -> Taken:
    """An archive that was put into the project's part of `uploads`, wherever the blob trigger has taken it since."""
    batch = await find_batch(who, batch_id, ports)
    path = f"{who.tenant_id}/{batch.project_id}/{name}"
    try:
        data = await ports.blobs.get(UPLOADS, path)
    except NotFound:
        async with ports.store.tenant(who.tenant_id) as tx:
            document_id = await tx.batches.named(batch.project_id, plain_name(name))
        if document_id is None:
            raise NotFound("There is no such file among the uploads.") from None
        data = await ports.blobs.get("documents", original_path(who.tenant_id, document_id))
    taken = await ingest_archive(who, batch_id, data, ports)
    await ports.blobs.delete(UPLOADS, path)
    return taken


async def admit_item(tenant_id: str, batch_id: str, item_id: str, ports: Ports) -> Document | None:
    """The document that an item's blob has become; None when it can be none, with the reason on the item.

    A second time it finds the document. A blob that is gone has been taken by the blob trigger under the same name.
    """
    async with ports.store.tenant(tenant_id) as tx:
        item = await tx.batches.item(batch_id, item_id)
        if item.document_id:
            return await tx.documents.get(item.document_id)
    path = f"{tenant_id}/{item.project_id}/{item.source}"
    try:
        data = await ports.blobs.get(UPLOADS, path)
        document, _ = await register_document(tenant_id, item.project_id, item.name, data, ports)
    except NotFound:
        return await _taken_before(item, ports)
    async with ports.store.tenant(tenant_id) as tx:
        await tx.batches.admit(item, document.document_id)
    await ports.blobs.delete(UPLOADS, path)
    return document


async def batch_status(who: Principal, batch_id: str, ports: Ports) -> dict[str, Any]:
    """The batch counted, as `summary` has it, with its name and times."""
    async with ports.store.tenant(who.tenant_id) as tx:
        batch = await _find(who, batch_id, tx)
        counts = await tx.batches.counts(batch_id, WINDOW)
    row = {key: getattr(batch, key) for key in ("batch_id", "project_id", "name", "created_at", "started_at")}
    return row | summary(counts)


async def retry_batch(who: Principal, batch_id: str, selection: Selection, ports: Ports) -> Taken:
    """Send the failed ones again, corrected; those that are on their way are left alone, so twice is once."""
    _check_enabled(ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        await _find(who, batch_id, tx)
        documents, items = await tx.batches.restart(batch_id, selection)
    messages = [import_request(document) for document in documents] + [item_request(item) for item in items]
    return await _send(len(messages), messages, ports)


async def _ingest(
    who: Principal, batch_id: str, names: Sequence[str], members: Iterable[Member], ports: Ports
) -> Taken:
    """Portion by portion: store the originals, then register, then send. Too many are refused before the first."""
    async with ports.store.tenant(who.tenant_id) as tx:
        batch = await _open(who, batch_id, tx, ports)
        known = await tx.batches.known(batch_id, [plain_name(name) for name in names])
    _check_size(batch.items + len(names) - known, ports)
    waiting = iter(members)
    enqueued, sent = 0, True
    while portion := await asyncio.to_thread(lambda: list(islice(waiting, AT_ONCE))):
        messages = await _register(batch, portion, ports)
        sent = await enqueue(IMPORTS_QUEUE, messages, ports) and sent
        enqueued += len(messages)
    return Taken(len(names), enqueued if sent else 0, sent)


async def _register(batch: Batch, portion: list[Member], ports: Ports) -> list[WorkMessage]:
    """Documents of a portion of files, in one transaction; gives the messages that start those that wait."""
    refused = [(plain_name(m.name), m.error_code or "", m.error_message or "") for m in portion if m.data is None]
    files = [(m.name, m.data) for m in portion if m.data is not None]
    drafts = [_draft(batch, name, data) for name, data in files]
    await asyncio.gather(
        *(
            ports.blobs.put("documents", original_path(batch.tenant_id, draft.document_id), data)
            for draft, (_, data) in zip(drafts, files, strict=True)
        )
    )
    async with ports.store.tenant(batch.tenant_id) as tx:
        await tx.batches.get(batch.batch_id, lock=True)
        waiting = await tx.batches.add_files(batch, drafts)
        await tx.batches.add_refused(batch, refused)
        await _begin(batch, tx, ports)
    log_event("batch_files_registered", batch=batch.batch_id, tenant=batch.tenant_id, files=len(drafts))
    return [import_request(document) for document in waiting]


def _draft(batch: Batch, name: str, data: bytes) -> Document:
    sha256 = ids.content_hash(data)
    document_id = ids.document_id(batch.project_id, sha256)
    return Document(
        document_id, batch.tenant_id, batch.project_id, plain_name(name), sha256, len(data), PENDING, "registered", 0, 0
    )


async def _taken_before(item: Item, ports: Ports) -> Document | None:
    async with ports.store.tenant(item.tenant_id) as tx:
        document_id = await tx.batches.named(item.project_id, plain_name(item.name))
        if document_id is None:
            current = await tx.batches.item(item.batch_id, item.item_id)
            if current.state != ITEM_REGISTERED:
                await tx.batches.refuse(item, "not_found", "There is no such file among the uploads.")
            return None
        await tx.batches.admit(item, document_id)
        return await tx.documents.get(document_id)


async def _find(who: Principal, batch_id: str, tx: Transaction) -> Batch:
    batch = await tx.batches.get(batch_id)
    try:
        await tx.projects.get(batch.project_id, who.subject)
    except NotFound:
        raise NotFound("There is no such batch.") from None
    return batch


async def _open(who: Principal, batch_id: str, tx: Transaction, ports: Ports) -> Batch:
    """The batch, locked, if things may be added to it."""
    _check_enabled(ports)
    await _find(who, batch_id, tx)
    return await tx.batches.get(batch_id, lock=True)


async def _begin(batch: Batch, tx: Transaction, ports: Ports) -> None:
    """Items have come. What was added is taken back when it is too much; items that were there count once."""
    _check_size((await tx.batches.get(batch.batch_id)).items, ports)
    await tx.batches.begin(batch.batch_id)


def _check_size(items: int, ports: Ports) -> None:
    most = ports.limits.items_per_batch
    if items > most:
        raise TooManyItems(f"A batch holds {most} items at most; this one would have {items}.")


async def _send(count: int, messages: list[WorkMessage], ports: Ports) -> Taken:
    sent = await enqueue(IMPORTS_QUEUE, messages, ports)
    return Taken(count, len(messages) if sent else 0, sent)


def _check_enabled(ports: Ports) -> None:
    if not ports.limits.imports_enabled:
        raise ImportsDisabled
