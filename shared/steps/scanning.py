"""Looking for viruses before a file is opened. What was not scanned is marked or refused, never passed in silence."""

from __future__ import annotations

from shared.domain.document import INFECTED, NOT_SCANNED, Document, Scan
from shared.domain.errors import Infected, NotScannable, ScannerUnavailable
from shared.domain.remarks import Remark
from shared.ports import Ports
from shared.steps.events import log_event

NO_SCANNER = "No virus scanner is configured."


async def scan_original(document: Document, data: bytes, ports: Ports) -> tuple[str, ...]:
    """Scan a document's file and keep the result on its row; gives warnings to show with the document.

    Raises Infected; NotScannable or ScannerUnavailable where the policy is to refuse what no scanner looked through. A
    scanner that is configured and does not answer is waited for under either policy.
    """
    scan = await _scan(data, ports)
    async with ports.store.tenant(document.tenant_id) as tx:
        await tx.documents.scanned(document.document_id, scan)
    log_event("virus_scan_completed", document=document.document_id, tenant=document.tenant_id, verdict=scan.verdict)
    if scan.verdict == INFECTED:
        raise Infected(f"The virus scanner found {scan.signature} in the file. It is kept apart and never handed out.")
    if scan.verdict != NOT_SCANNED:
        return ()
    if ports.limits.scan_all and ports.scanner is None:
        raise ScannerUnavailable("No virus scanner is configured, and files that are not scanned are refused here.")
    if ports.limits.scan_all:
        raise NotScannable(f"{scan.reason} Files that are not scanned are refused here.")
    return (Remark("not_scanned", phrase=scan.reason or ""),)


async def _scan(data: bytes, ports: Ports) -> Scan:
    if ports.scanner is None:
        return Scan(NOT_SCANNED, reason=NO_SCANNER)
    return await ports.scanner.scan(data)
