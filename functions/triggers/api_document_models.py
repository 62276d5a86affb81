"""What the API answers about documents and records."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from functions.triggers.api_models import ParentShown, Percent, Shape
from shared.domain.business import BusinessRecord
from shared.domain.corrections import Correction
from shared.domain.waivers import Waiver


class Receipt(Shape):
    """A file that was taken in; `duplicate_of` where the project had the same bytes before.

    `resume_stage` where it goes on from a stage: `ocr` when pages that could not be read are tried again.
    """

    document_id: UUID
    task_id: UUID
    status: str
    name: str
    resume_stage: str | None = None
    duplicate_of: UUID | None = None


class DocumentSummary(Shape):
    """A document; error and warnings in the caller's language, `error_detail` in the exact English words."""

    document_id: UUID
    name: str
    status: str
    stage: str
    progress: Percent
    type: str | None
    type_confidence: float | None
    language: str | None
    media_type: str | None
    page_count: int | None
    size: int
    sha256: str
    error_code: str | None
    error_message: str | None
    error_detail: str | None
    warnings: list[str]
    member_count: int | None
    scan: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime


class Documents(Shape):
    """A page of documents; `next` goes into `after`."""

    items: list[DocumentSummary]
    next: UUID | None


class MemberShown(Shape):
    """A file in an archive or e-mail, and the document that it became."""

    ordinal: int
    path: str
    document_id: UUID | None
    status: str | None
    type: str | None
    error_code: str | None
    error_message: str | None


class Members(Shape):
    """A page of members; `taken` and `failed` of `count`."""

    count: int
    taken: int
    documents: int
    failed: int
    items: list[MemberShown]
    next: int | None


class PageSummary(Shape):
    """A page's place in the canonical text, and how it was read."""

    number: int
    source: str
    confidence: float | None
    rotated: int
    start_offset: int
    end_offset: int
    problem: str | None
    error_code: str | None


class Event(Shape):
    """What happened to a document."""

    stage: str
    status: str
    at: datetime
    duration_ms: int | None
    detail: dict[str, Any]


class StoredRecord(Shape):
    """A business paper's record with its findings and version."""

    kind: str
    record: BusinessRecord
    findings: list[dict[str, Any]]
    version: int
    published_at: datetime | None
    updated_at: datetime


class DocumentShown(DocumentSummary):
    """Everything about one document but its text."""

    project_id: UUID
    description: dict[str, Any] | None
    record: StoredRecord | None
    pages: list[PageSummary]
    events: list[Event]
    members: Members
    parents: list[ParentShown]


class DocumentText(Shape):
    """The canonical text."""

    document_id: UUID
    text: str


class RecordShown(StoredRecord):
    """A record; its version is the ETag."""

    document_id: UUID
    status: str


class RecordChanged(Shape):
    """A record that was corrected, or whose findings were accepted."""

    document_id: UUID
    task_id: UUID
    status: str
    version: int
    corrections: list[Correction]
    waivers: list[Waiver]


class Corrections(Shape):
    """Who corrected and accepted what."""

    items: list[Correction]
    waivers: list[Waiver]
    next: None


class RecordSummary(Shape):
    """A record in a list; amounts as decimal strings."""

    document_id: UUID
    name: str
    status: str
    kind: str
    version: int
    published_at: datetime | None
    updated_at: datetime
    number: str | None
    issue_date: str | None
    due_date: str | None
    country: str | None
    seller_name: str | None
    seller_tax_id: str | None
    buyer_name: str | None
    buyer_tax_id: str | None
    currency: str | None
    net: str | None
    tax: str | None
    withheld: str | None
    total: str | None
    iban: str | None
    account: str | None
    opening_balance: str | None
    closing_balance: str | None
    findings: list[dict[str, Any]]


class Records(Shape):
    """A page of records."""

    items: list[RecordSummary]
    next: UUID | None
