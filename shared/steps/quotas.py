"""What a tenant may ask of us: requests a minute, and room for originals."""

from __future__ import annotations

from shared.domain.errors import StorageFull, Throttled
from shared.ports import Ports

INGEST, UPLOAD = "ingest", "upload"


async def admit(kind: str, tenant_id: str, size: int, ports: Ports) -> None:
    """Let one request in that brings `size` bytes. Raises Throttled with the seconds to wait, or StorageFull."""
    limits = ports.limits
    a_minute = limits.ingests_per_minute if kind == INGEST else limits.uploads_per_minute
    async with ports.store.tenant(tenant_id) as tx:
        if limits.storage_bytes is not None and await tx.quotas.stored() + size > limits.storage_bytes:
            raise StorageFull
        wait = await tx.quotas.admit(kind, a_minute)
    if wait:
        raise Throttled(f"No more than {a_minute} requests of this kind a minute.", after=wait)
