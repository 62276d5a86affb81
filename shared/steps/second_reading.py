"""A second reading of what rules read: descriptions by meaning, and a model where one is configured.

No document fails for want of it: what a model cannot or may not answer leaves the rules alone, with a warning. Only
what may pass (a busy provider) makes the stage try again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.domain.analysis import Brief
from shared.domain.business import BusinessRecord
from shared.domain.document import Classification, Document, DocumentType, Page
from shared.domain.errors import Permanent
from shared.domain.proposals import quoted, standing
from shared.domain.proposed_rows import ProposedRows, standing_rows
from shared.domain.reconciling import settle_type
from shared.domain.remarks import Remark
from shared.domain.row_reconciling import BothRead, reconcile_both
from shared.domain.sheet import sheet_of
from shared.domain.type_descriptions import CHARACTERS, DESCRIPTIONS, clearly_nearest, likeness, settled_by_likeness
from shared.ports import Embedder, Owner, Ports

UNSURE = 0.65  # below this the rules' type is looked at again

_described: dict[str, list[list[float]]] = {}


async def type_again(
    found: Classification, text: str, document: Document, ports: Ports
) -> tuple[Classification, list[str]]:
    """The type, with a second opinion where rules are unsure, and warnings for people."""
    if found.confidence >= UNSURE or not text.strip():
        return found, []
    owner = Owner(document.tenant_id, document.project_id)
    settled = settled_by_likeness(found, await nearest_type(text, ports.embedder, owner))
    if settled is not None or ports.clerk is None:
        return settled or found, []
    try:
        proposed = await ports.clerk.classify(await _brief(document, ports), text)
    except Permanent as error:
        return found, [Remark("type_unasked", error=error.code, why=str(error))]
    if not quoted(proposed, text):
        return found, [Remark("type_unfounded")]
    return settle_type(found, proposed.type), []


async def nearest_type(text: str, embedder: Embedder, owner: Owner | None = None) -> DocumentType | None:
    """The type whose description is nearest by far; None when none is, or when the text cannot be embedded."""
    try:
        if embedder.name not in _described:
            _described[embedder.name] = await embedder.embed([words for _, words in DESCRIPTIONS], owner)
        [vector] = await embedder.embed([text[:CHARACTERS]], owner)
    except Permanent:
        return None
    return clearly_nearest(likeness(vector, _described[embedder.name]))


async def record_again(
    record: BusinessRecord, pages: Sequence[Page], document: Document, ports: Ports
) -> tuple[BusinessRecord, list[str]]:
    """The record reconciled with what a model reads on the same pages, and warnings for people."""
    sheet, kind, language = sheet_of(pages), record.kind, document.language or "und"
    if ports.clerk is None or not sheet.text.strip():
        return record, []
    brief = await _brief(document, ports)
    try:
        proposed = await ports.clerk.extract(brief, sheet.text, kind, language)
    except Permanent as error:
        return record, [Remark("rules_alone", error=error.code, why=str(error))]
    try:
        listed, warnings = await ports.clerk.rows(brief, sheet.text, kind, language), list[Remark]()
    except Permanent as error:
        listed, warnings = ProposedRows(), [Remark("rows_by_rules_alone", error=error.code, why=str(error))]
    fields, no_fields = standing(proposed, sheet.text, kind, language)
    rows, no_cells = standing_rows(listed.rows, sheet.text, kind, language)
    both = reconcile_both(record, fields, rows, sheet.place)
    return both.record, [*warnings, *_doubts(both, no_fields + no_cells, listed.unread)]


def _doubts(both: BothRead, refused: int, unread: int) -> Iterator[Remark]:
    """What people should know of two readings."""
    for field in both.header.differed:
        yield Remark("read_differently", field=field)
    if both.differed:
        yield Remark("rows_read_differently", n=both.differed)
    if both.left:
        yield Remark("rows_left", n=both.left)
    if refused:
        yield Remark("values_refused", n=refused)
    if unread:
        yield Remark("parts_unread", n=unread)


async def _brief(document: Document, ports: Ports) -> Brief:
    async with ports.store.tenant(document.tenant_id) as tx:
        project = await tx.projects.get(document.project_id)
    return Brief(document.tenant_id, document.project_id, project.language)
