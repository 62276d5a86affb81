"""Looking for viruses before a file is opened. What was not scanned is marked or refused, never passed in silence."""

from __future__ import annotations

from shared.domain.document import INFECTED, NOT_SCANNED, PREPROCESS, Document, Scan
from shared.domain.errors import Infected, NotScannable, ScannerUnavailable, TheoGenError
from shared.domain.remarks import Remark
from shared.ports import Ports
from shared.steps.events import log_event

NO_SCANNER = "No virus scanner is configured."


async def scan_original(document: Document, data: bytes, ports: Ports) -> tuple[Scan, tuple[str, ...]]:
    """What the scanner says of a document's file, to be kept on its row, and warnings to show with the document.

    Raises Infected; NotScannable or ScannerUnavailable where the policy is to refuse what no scanner looked through:
    then the scan is on the row already. A scanner that is configured and does not answer is waited for under either
    policy.
    """
    scan = await _scan(data, ports)
    log_event("virus_scan_completed", document=document.document_id, tenant=document.tenant_id, verdict=scan.verdict)
    try:
        return scan, _warnings(scan, ports)
    except TheoGenError:
        await keep_scan(document, scan, ports)
        raise


async def keep_scan(document: Document, scan: Scan, ports: Ports) -> None:
    """Keep the scan of a document that goes no further now; one that has gone on meanwhile has a later scan.

    A virus is kept in any case.
    """
    async with ports.store.tenant(document.tenant_id) as tx:
        if scan.verdict == INFECTED or await tx.stages.advance(document, PREPROCESS, 0):
            await tx.documents.scanned(document.document_id, scan)


def _warnings(scan: Scan, ports: Ports) -> tuple[str, ...]:
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
