"""A second reading of what rules read: descriptions by meaning, and a model where one is configured.

No document fails for want of it: what a model cannot or may not answer leaves the rules alone, with a warning. Only
what may pass (a busy provider) makes the stage try again.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.analysis import Brief
from shared.domain.business import BusinessRecord
from shared.domain.document import Classification, Document, DocumentType, Page
from shared.domain.errors import Permanent
from shared.domain.proposals import quoted, standing
from shared.domain.reconciling import reconcile, settle_type
from shared.domain.sheet import sheet_of
from shared.domain.type_descriptions import CHARACTERS, DESCRIPTIONS, clearly_nearest, likeness, settled_by_likeness
from shared.ports import Embedder, Ports

UNSURE = 0.65  # below this the rules' type is looked at again

_described: dict[str, list[list[float]]] = {}


async def type_again(
    found: Classification, text: str, document: Document, ports: Ports
) -> tuple[Classification, list[str]]:
    """The type, with a second opinion where rules are unsure, and warnings for people."""
    if found.confidence >= UNSURE or not text.strip():
        return found, []
    settled = settled_by_likeness(found, await nearest_type(text, ports.embedder))
    if settled is not None or ports.clerk is None:
        return settled or found, []
    try:
        proposed = await ports.clerk.classify(await _brief(document, ports), text)
    except Permanent as error:
        return found, [f"No model was heard on the document's type ({error.code}): {error}"]
    if not quoted(proposed, text):
        return found, ["The model's words for the document's type stand nowhere in it: its answer was not taken."]
    return settle_type(found, proposed.type), []


async def nearest_type(text: str, embedder: Embedder) -> DocumentType | None:
    """The type whose description is nearest by far; None when none is, or when the text cannot be embedded."""
    try:
        if embedder.name not in _described:
            _described[embedder.name] = await embedder.embed([words for _, words in DESCRIPTIONS])
        [vector] = await embedder.embed([text[:CHARACTERS]])
    except Permanent:
        return None
    return clearly_nearest(likeness(vector, _described[embedder.name]))


async def record_again(
    record: BusinessRecord, pages: Sequence[Page], document: Document, ports: Ports
) -> tuple[BusinessRecord, list[str]]:
    """The record reconciled with what a model reads on the same pages, and warnings for people."""
    sheet = sheet_of(pages)
    if ports.clerk is None or not sheet.text.strip():
        return record, []
    language = document.language or "und"
    try:
        proposed = await ports.clerk.extract(await _brief(document, ports), sheet.text, record.kind, language)
    except Permanent as error:
        return record, [f"The record was read by rules alone ({error.code}): {error}"]
    read, refused = standing(proposed, sheet.text, record.kind, language)
    both = reconcile(record, read, sheet.place)
    warnings = [f"Rules and model read {field} differently: it is less sure." for field in both.differed]
    if refused:
        warnings.append(f"Values of the model that stand nowhere in the document, not taken: {refused}.")
    return both.record, warnings


async def _brief(document: Document, ports: Ports) -> Brief:
    async with ports.store.tenant(document.tenant_id) as tx:
        project = await tx.projects.get(document.project_id)
    return Brief(document.tenant_id, document.project_id, project.language)
