"""The original of a document, and the gate before it: what is infected is never opened or handed out."""

from __future__ import annotations

from shared.domain.document import Document, original_path
from shared.domain.errors import Infected
from shared.ports import Ports


def check_harmless(document: Document) -> None:
    """Raise Infected for a document in which the scanner found a virus. Its original is kept, for the operator."""
    if document.is_infected:
        raise Infected


async def load_original(document: Document, ports: Ports) -> bytes:
    """The bytes as they were uploaded. Raises Infected."""
    check_harmless(document)
    return await ports.blobs.get("documents", original_path(document.tenant_id, document.document_id))
