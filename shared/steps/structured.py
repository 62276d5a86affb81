"""Records from documents that carry their data as data, held against what their pages say."""

from __future__ import annotations

from shared.domain.agreement import doubtful_digits, not_on_pages
from shared.domain.business import BusinessRecord
from shared.domain.document import DATA_TYPES, PDF, Document, original_path
from shared.domain.remarks import Remark
from shared.ports import Ports, StructuredRecord

_UNSURE = 0.5


async def structured_record(document: Document, ports: Ports) -> StructuredRecord | None:
    """What the document says as data, or None. Its original is only fetched where there can be any."""
    if document.media_type not in DATA_TYPES | {PDF}:
        return None
    data = await ports.blobs.get("documents", original_path(document.tenant_id, document.document_id))
    return await ports.structured.read(data, document.media_type)


async def record_from_data(document: Document, text: str, ports: Ports) -> tuple[BusinessRecord | None, list[str]]:
    """The record and remarks for people. What the pages of a PDF do not say as its data do is less sure."""
    found = await structured_record(document, ports)
    if found is None:
        return None, []
    record, warnings = found.record, list(found.warnings)
    unsure: set[str] = set()
    if document.media_type == PDF:
        unsure = not_on_pages(record, text, document.language or "und")
        warnings += [Remark("not_on_pages", value=str(getattr(record, field)), field=field) for field in sorted(unsure)]
    for field, value in doubtful_digits(record):
        unsure.add(field)
        warnings.append(Remark("doubtful_digits", value=value, field=field))
    sources = {
        field: source.model_copy(update={"confidence": _UNSURE}) if field in unsure else source
        for field, source in record.sources.items()
    }
    return record.model_copy(update={"sources": sources}), warnings
