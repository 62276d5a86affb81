"""What opens, reads and scans documents, built from the settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from shared.credentials import identity
from shared.domain.errors import InvalidRequest
from shared.parts import models

if TYPE_CHECKING:
    from shared.adapters.postgres import Database
    from shared.adapters.reading import FileReader
    from shared.ports import OcrEngine, Scanner
    from shared.settings import Settings


def reader(chosen: Settings, ocr: OcrEngine) -> FileReader:
    """The reader of every kind of document, with this engine for scans."""
    from shared.adapters.reading import FileReader
    from shared.adapters.reading import Limits as FileLimits

    return FileReader(
        ocr,
        FileLimits(
            max_bytes=chosen.max_upload_mb * 1024 * 1024, max_pages=chosen.max_pages, max_members=chosen.max_members
        ),
    )


def ocr(chosen: Settings, database: Database | None = None) -> OcrEngine:
    """The engine that reads scans. Stops the app when the one that is set is not here.

    With a database, pages that are paid for are kept there, and metered.
    """
    from shared.adapters.ocr import chosen_engine

    threads = chosen.ocr_threads or os.cpu_count() or 1
    try:
        return chosen_engine(
            chosen.ocr_engine, chosen.ocr_second_engine, threads, lambda: document_intelligence(chosen, database)
        )
    except InvalidRequest as error:
        raise SystemExit(f"Settings OCR_ENGINE and OCR_SECOND_ENGINE: {error}") from None


def document_intelligence(chosen: Settings, database: Database | None) -> OcrEngine:
    """Azure's service, metered and paid once a page where there is a database for that."""
    from shared.adapters.ocr.document_intelligence import DocumentIntelligence

    endpoint, key = chosen.document_intelligence_endpoint, chosen.document_intelligence_key
    if not endpoint:
        raise InvalidRequest("Setting DOCUMENT_INTELLIGENCE_ENDPOINT: the engine document_intelligence needs it.")
    if key:
        from azure.core.credentials import AzureKeyCredential

        service = DocumentIntelligence(endpoint, AzureKeyCredential(key))
    else:
        service = DocumentIntelligence(endpoint, identity())
    if database is None:
        return service
    from shared.adapters.ocr.paid import PaidOcr

    budget = models.budget(chosen, database, chosen.ocr_requests_per_minute, 0)
    return PaidOcr(service, models.ledger(chosen, database), budget, region=chosen.model_region)


def scanner(chosen: Settings) -> Scanner | None:
    """The virus scanner, if one is configured."""
    if not chosen.clamd_url:
        return None
    from shared.adapters.clamav import ClamdScanner

    return ClamdScanner(chosen.clamd_url)
