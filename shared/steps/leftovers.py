"""What nobody takes care of: items whose message was lost, and dropped files whose trigger gave up on them."""

from __future__ import annotations

import uuid
from collections import defaultdict

from shared.domain.dead_letters import IMPORTS_QUEUE
from shared.domain.errors import NotFound, TheoGenError, Transient
from shared.domain.ids import content_hash
from shared.ports import Ports
from shared.steps.dead_letters import keep_blob
from shared.steps.events import log_event
from shared.steps.intake import register_document
from shared.steps.requests import enqueue, item_request


async def send_items_again(older_than: float, at_most: int, ports: Ports) -> int:
    """Messages anew for items that have waited for so many seconds; how many there were."""
    rows = await ports.store.waiting_items(older_than, at_most)
    by_tenant = defaultdict(list)
    for row in rows:
        by_tenant[row["tenant_id"]].append((row["batch_id"], row["item_id"]))
    for tenant_id, keys in by_tenant.items():
        async with ports.store.tenant(tenant_id) as tx:
            await tx.batches.touch([item_id for _, item_id in keys])
            items = [await tx.batches.item(batch_id, item_id) for batch_id, item_id in keys]
        await enqueue(IMPORTS_QUEUE, [item_request(item) for item in items], ports)
    return len(rows)


async def take_leftovers(older_than: float, at_most: int, ports: Ports) -> int:
    """Files in `uploads` that the trigger did not take within so many seconds: its event was lost, or it failed.

    They are registered, and so started before long; one that cannot be is put aside with a dead letter.
    """
    paths = await ports.blobs.listing("uploads", "", at_most, older_than=older_than)
    for path in paths:
        try:
            await _take(path, ports)
        except Transient as error:
            log_event("leftover_kept", error=error.code)
    return len(paths)


async def _take(path: str, ports: Ports) -> None:
    tenant_id, project_id, name = parts_of(path)
    try:
        data = await ports.blobs.get("uploads", path)
    except NotFound:
        return  # the trigger took it meanwhile
    try:
        if not name:
            raise NotFound("The path is not tenant/project/name.")
        await register_document(tenant_id, project_id, name, data, ports)
    except Transient:
        raise
    except Exception as error:  # whatever keeps it from being taken in, it must not stay there unseen
        reason = str(error) if isinstance(error, TheoGenError) else f"It could not be taken in: {type(error).__name__}."
        await reject_upload(path, data, reason, ports)
        return
    await ports.blobs.delete("uploads", path)


def parts_of(path: str) -> tuple[str, str, str]:
    """Tenant, project and name of a path in `uploads`; empty where it does not have the form."""
    tenant_id, _, rest = path.partition("/")
    project_id, _, name = rest.partition("/")
    try:
        return str(uuid.UUID(tenant_id)), str(uuid.UUID(project_id)), name
    except ValueError:
        return "", "", ""


async def reject_upload(path: str, data: bytes, reason: str, ports: Ports) -> None:
    """Nothing is lost: what cannot be taken in is kept aside, with the reason, beside others of the same name."""
    aside = path
    if await ports.blobs.exists("rejected", aside) and await ports.blobs.get("rejected", aside) != data:
        aside = f"{path}.{content_hash(data)[:12]}"
    await ports.blobs.put("rejected", aside, data, metadata={"reason": reason})
    await keep_blob(path, aside, reason, ports)
    await ports.blobs.delete("uploads", path)
    log_event("upload_rejected", reason=reason)
