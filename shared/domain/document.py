"""A document, its stages and its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache


class DocumentType(StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    BANK_STATEMENT = "bank_statement"
    INTERVIEW = "interview"
    OTHER = "other"


# Media types of documents that may carry their data as data.
PDF = "application/pdf"
XML = "application/xml"
MT940 = "application/x-mt940"
CSV = "text/csv"
DATA_TYPES = frozenset({XML, MT940, CSV})

BUSINESS_TYPES = frozenset({DocumentType.INVOICE, DocumentType.RECEIPT, DocumentType.BANK_STATEMENT})


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of the table of stages: statuses while it runs, when done, on final failure; progress when done."""

    name: str
    running: str
    done: str
    progress: int
    failed: str


PREPROCESS = Stage("preprocess", "preprocessing", "preprocessed", 10, "preprocess_failed")
OCR = Stage("ocr", "ocr_processing", "ocr_completed", 30, "ocr_failed")
CLASSIFY = Stage("classify", "classifying", "classified", 40, "classify_failed")
EXTRACT = Stage("extract", "extracting", "extracted", 50, "extract_failed")
VALIDATE = Stage("validate", "validating", "validated", 60, "validate_failed")
PUBLISH = Stage("publish", "publishing", "published", 65, "publish_failed")
INDEX = Stage("index", "indexing", "completed", 100, "index_failed")

STAGES = {stage.name: stage for stage in (PREPROCESS, OCR, CLASSIFY, EXTRACT, VALIDATE, PUBLISH, INDEX)}

PENDING = "pending"
COMPLETED = "completed"
REJECTED = "rejected"
NEEDS_REVIEW = "needs_review"
FAILED_STATUSES = frozenset(stage.failed for stage in STAGES.values())
FINISHED_STATUSES = frozenset({COMPLETED, REJECTED, NEEDS_REVIEW}) | FAILED_STATUSES


@dataclass(frozen=True, slots=True)
class Inspection:
    """What preprocess finds out about a file: its real media type (by content), its number of pages and of members.

    An archive has members and no pages; an e-mail has pages, and its attachments are its members.
    """

    media_type: str
    page_count: int
    warnings: tuple[str, ...] = ()
    members: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an archive or e-mail: `ordinal` counts from 1, `path` is its name there, as the container says.

    One that cannot be taken out has no `data`, and the error's code and sentence.
    """

    ordinal: int
    path: str
    data: bytes | None
    error_code: str | None = None
    error_message: str | None = None


CLEAN, INFECTED, NOT_SCANNED = "clean", "infected", "not_scanned"


@dataclass(frozen=True, slots=True)
class Scan:
    """What the virus scanner said of a file: CLEAN, INFECTED with the virus's name, or NOT_SCANNED and why.

    `engine` is the scanner's version with that of its signatures; `at` an ISO 8601 time.
    """

    verdict: str
    signature: str | None = None
    engine: str | None = None
    reason: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line: its characters `[start, end)` of the page's text, its box, and how sure the reader is.

    `confidence` is 0-1, that of its least sure character where the reader tells.
    """

    start: int
    end: int
    box: tuple[float, float, float, float]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its characters `[start, end)` of the page's text, its box and how sure the reader is.

    `box` is (left, top, right, bottom) as fractions of the page's width and height, origin at the top left;
    None where the format knows no places (plain text, Word). `words` are in the order of the text; none without places.
    """

    start: int
    end: int
    box: tuple[float, float, float, float] | None = None
    confidence: float = 1.0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read. `number` counts from 1; `source` is `text_layer`, `ocr` or `native`.

    `confidence` is 0-1, weighted by characters; `rotated` the clockwise turn (degrees) applied before reading.
    A page that could not be read has text "" and says why in `problem`, with the error's code.
    """

    number: int
    text: str
    source: str
    confidence: float = 1.0
    width: float = 0.0
    height: float = 0.0
    rotated: int = 0
    lines: tuple[Line, ...] = ()
    problem: str | None = None
    error_code: str | None = None


PAGE_BREAK = "\f"


def canonical_text(pages: list[str]) -> str:
    """A document's canonical text: its pages' text as read, joined by form feeds. Offsets everywhere refer to it."""
    return PAGE_BREAK.join(pages)


def page_starts(pages: list[str]) -> list[int]:
    """Where each page begins in the canonical text."""
    starts, at = [], 0
    for text in pages:
        starts.append(at)
        at += len(text) + len(PAGE_BREAK)
    return starts


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata about a document (D4). `date` is ISO 8601 or None; lists may be empty."""

    title: str
    language: str
    summary: str
    date: str | None = None
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """A document's type, how sure that is (0-1), and the signs that spoke for it."""

    type: DocumentType
    confidence: float
    signs: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Document:
    """A document's row. `progress` is 0-100; `attempt` counts how often the import began anew.

    `resume_stage` is where the import begins, what lies before is done; None: at the beginning.
    `root_id` is the upload that it came out of, `depth` layers down; None and 0 for what was uploaded itself.
    `scan` has the fields of a Scan.
    `hints` are what a person has said about it (`type`, `language`), which goes before what is found out.
    """

    document_id: str
    tenant_id: str
    project_id: str
    name: str
    sha256: str
    size: int
    status: str
    stage: str
    progress: int
    attempt: int
    media_type: str | None = None
    type: str | None = None
    type_confidence: float | None = None
    language: str | None = None
    page_count: int | None = None
    description: dict[str, object] | None = None
    warnings: list[str] = field(default_factory=list)
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    resume_stage: str | None = None
    depth: int = 0
    root_id: str | None = None
    member_count: int | None = None
    scan: dict[str, object] | None = None
    hints: dict[str, str] = field(default_factory=dict)

    @property
    def is_infected(self) -> bool:
        """Whether the scanner found a virus: its content is never handed out."""
        return self.scan is not None and self.scan.get("verdict") == INFECTED


# Every status that lies on the way of a document that nothing goes wrong with, in order.
_WAY = [PENDING, *(status for stage in STAGES.values() for status in (stage.running, stage.done))]


def stage_is_done(status: str, stage: Stage) -> bool:
    """Whether a document with this status has `stage` behind it, so that running it again would change nothing."""
    if status in {NEEDS_REVIEW, REJECTED}:
        return True
    for other in STAGES.values():
        if status == other.failed:
            return _WAY.index(other.running) > _WAY.index(stage.done)
    return _WAY.index(status) >= _WAY.index(stage.done)


@cache
def statuses_behind(stage: Stage) -> list[str]:
    """All statuses of documents for which `stage` is over: it lies behind them, or they have failed."""
    every = {*_WAY, NEEDS_REVIEW, REJECTED, *FAILED_STATUSES}
    return sorted(status for status in every if status in FAILED_STATUSES or stage_is_done(status, stage))


def original_path(tenant_id: str, document_id: str) -> str:
    """Where the original lies in container `documents`."""
    return f"{tenant_id}/{document_id}/original"


def page_path(tenant_id: str, document_id: str, number: int) -> str:
    """Where page `number` (from 1) lies, as JSON with text, lines and boxes."""
    return f"{tenant_id}/{document_id}/pages/{number}.json"


def text_path(tenant_id: str, document_id: str) -> str:
    """Where the canonical text lies (UTF-8)."""
    return f"{tenant_id}/{document_id}/text.txt"
