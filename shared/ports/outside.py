"""Services outside the app: files, readers, vectors, graph. Adapters implement these; steps receive them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.business import BusinessRecord
from shared.domain.document import Inspection, Member, Page, Scan
from shared.domain.runs import Principal
from shared.ports.embeddings import Owner


class Blobs(Protocol):
    """Files in containers (`uploads`, `documents`). Paths use `/`; putting the same path twice replaces it."""

    async def put(
        self,
        container: str,
        path: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Store `data`; containers are created when missing."""

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
        """The bytes; raises NotFound. `fresh`: as they are stored now, and no copy of a while ago."""

    async def exists(self, container: str, path: str) -> bool:
        """Whether the blob is there."""

    async def delete(self, container: str, path: str) -> None:
        """Remove it; nothing happens when it is not there."""

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        """Paths that begin so, by name, of blobs not written for so many seconds; none where there is no container."""


class DocumentReader(Protocol):
    """Opens files of every type that is supported; documents are untrusted data."""

    async def inspect(self, data: bytes, name: str) -> Inspection:
        """Type by content, limits, encryption, damage. Raises a Rejected error that says what to do."""

    async def read_pages(
        self, data: bytes, media_type: str, first: int, last: int, owner: Owner | None = None
    ) -> list[Page]:
        """Pages `first` to `last` (from 1, inclusive), as many out as asked: text layer where useful, else OCR.

        `owner` is whose pages they are, where reading may cost money; None in evaluations.
        """

    def members(self, data: bytes, media_type: str, first: int, last: int) -> AsyncIterator[Member]:
        """Members `first` to `last` (from 1, inclusive) of an archive or e-mail, one in memory at a time."""


class Scanner(Protocol):
    """Looks for viruses."""

    async def scan(self, data: bytes) -> Scan:
        """Clean, infected, or not scanned because the scanner cannot take it. Raises ScannerUnavailable or TimedOut."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as pixels: `data` is height x width x 3 bytes, BGR, row by row; `owner` is whose page it is, if known."""

    width: int
    height: int
    data: bytes
    owner: Owner | None = None


@dataclass(frozen=True, slots=True)
class StructuredRecord:
    """What a document says as data: its record, the syntax with version and profile, and remarks for people.

    What is wrong in the data stands in `record.origin.faults`. Data that are there and cannot be read give a record
    without any sources, so that only the faults count.
    """

    record: BusinessRecord
    syntax: str
    version: str = ""
    profile: str = ""
    warnings: tuple[str, ...] = ()


class RecordReader(Protocol):
    """Reads records from documents that carry their data as data; documents are untrusted."""

    async def read(self, data: bytes, media_type: str) -> StructuredRecord | None:
        """The record, or None when there are no such data. Raises a Rejected error for data that are harmful or broken.

        Broken data inside a PDF are no error: its pages can still be read.
        """


class OcrEngine(Protocol):
    """Reads the text of an image."""

    name: str

    async def read(self, image: PageImage, number: int) -> Page:
        """The page as read, with lines, boxes and confidence; a page without text has text ""."""


class SignIn(Protocol):
    """Tells who asks."""

    async def principal(self, headers: Mapping[str, str]) -> Principal:
        """The principal that these headers (names in lower case) prove. Raises Unauthorised or Unavailable."""


class LanguageDetector(Protocol):
    """Tells the language of a text."""

    async def detect(self, text: str) -> str:
        """An ISO 639-1 code, such as `es`; `und` when there is too little text to tell."""


@dataclass(frozen=True, slots=True)
class VectorRecord:
    """A vector under a uuid, with a small flat payload to filter by."""

    id: str
    vector: Sequence[float]
    payload: Mapping[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """A hit: the record's id and its cosine similarity."""

    id: str
    score: float


class VectorIndex(Protocol):
    """Nearest neighbours. A filter maps a payload field to a value, or to several of which one must match."""

    async def ensure(self, collection: str, dimensions: int) -> None:
        """Create the collection (cosine) and its payload indexes when missing."""

    async def upsert(self, collection: str, records: Sequence[VectorRecord]) -> None:
        """Write records in batches; the same id twice is one record."""

    async def search(
        self, collection: str, vector: Sequence[float], where: Mapping[str, str | list[str]], limit: int
    ) -> list[Match]:
        """The best matches first."""

    async def delete(self, collection: str, where: Mapping[str, str | list[str]], *, keep: Sequence[str] = ()) -> None:
        """Remove all records that match, but for those with these ids."""

    async def count(self, collection: str, where: Mapping[str, str | list[str]]) -> int:
        """How many records match, exactly."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A project's codes, categories and relations as the graph keeps them: rows of plain values.

    codes: id, label, definition, applications (count) · categories: id, label, definition, core (bool)
    memberships: code_id, category_id · relations: source_id, target_id, kind, statement
    documents: id, name · mentions: document_id, code_id, quotes (count)
    """

    tenant_id: str
    project_id: str
    codes: list[dict[str, object]]
    categories: list[dict[str, object]]
    memberships: list[dict[str, str]]
    relations: list[dict[str, str]]
    documents: list[dict[str, str]]
    mentions: list[dict[str, object]]


class Graph(Protocol):
    """The taxonomy as a graph, to be walked."""

    async def ensure(self) -> None:
        """Create constraints and indexes when missing."""

    async def sync(self, taxonomy: Taxonomy) -> None:
        """Make the project's part of the graph equal to the taxonomy: batches, idempotent, stale nodes removed."""

    async def counts(self, tenant_id: str, project_id: str) -> dict[str, int]:
        """Nodes (`Code Category Document`) and relations (`BELONGS_TO RELATES_TO MENTIONS`) of the project, by kind."""
