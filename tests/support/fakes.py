"""The outside in memory: what steps ask for, without any service."""

from __future__ import annotations

import hashlib
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.adapters.archives import ZippedFiles
from shared.domain.analysis import (
    AnalystIdentity,
    AxialCoding,
    Brief,
    CodeInContext,
    Consolidation,
    CoreChoice,
    Fragment,
    ProposedCategory,
    ProposedCode,
    ProposedProposition,
    ProposedTheory,
)
from shared.domain.document import CLEAN, Description, Inspection, Member, Page, Scan
from shared.domain.errors import NotFound
from shared.ports import Limits, Match, Owner, Ports, Store, StructuredRecord, Taxonomy, VectorRecord, WorkMessage

Where = Mapping[str, str | list[str]]


@dataclass
class MemoryBlobs:
    """Files in a dictionary; `puts` lists what was written, in order."""

    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    metadata: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    puts: list[str] = field(default_factory=list)

    async def put(
        self,
        container: str,
        path: str,
        data: bytes,
        *,
        media_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        self.files[container, path] = data
        self.metadata[container, path] = dict(metadata or {})
        self.puts.append(path)

    async def get(self, container: str, path: str, *, fresh: bool = False) -> bytes:
        if (container, path) not in self.files:
            raise NotFound
        return self.files[container, path]

    async def exists(self, container: str, path: str) -> bool:
        return (container, path) in self.files

    async def delete(self, container: str, path: str) -> None:
        self.files.pop((container, path), None)

    async def listing(self, container: str, prefix: str, at_most: int, *, older_than: float = 0) -> list[str]:
        return sorted(path for c, path in self.files if c == container and path.startswith(prefix))[:at_most]


@dataclass
class ScriptedReader:
    """Answers with these pages, or raises; `asked` lists the ranges that were read."""

    texts: list[str] = field(default_factory=lambda: ["una página"])
    problems: dict[int, str] = field(default_factory=dict)
    error: Exception | None = None
    asked: list[tuple[int, int]] = field(default_factory=list)
    inspections: int = 0
    media_type: str = "text/plain"
    contents: list[Member] = field(default_factory=list)

    async def inspect(self, data: bytes, name: str) -> Inspection:
        self.inspections += 1
        if self.error:
            raise self.error
        return Inspection(self.media_type, len(self.texts), ("Seen.",), len(self.contents))

    async def members(self, data: bytes, media_type: str, first: int, last: int) -> AsyncIterator[Member]:
        self.asked.append((first, last))
        for member in self.contents[first - 1 : last]:
            if self.error:
                raise self.error
            yield member

    async def read_pages(
        self, data: bytes, media_type: str, first: int, last: int, owner: Owner | None = None
    ) -> list[Page]:
        self.asked.append((first, last))
        if self.error:
            raise self.error
        return [
            Page(n, "" if n in self.problems else self.texts[n - 1], "native", problem=self.problems.get(n))
            for n in range(first, last + 1)
        ]


@dataclass
class ScriptedData:
    """Documents carry the data that `found` says: none, unless a test gives some."""

    found: StructuredRecord | None = None

    async def read(self, data: bytes, media_type: str) -> StructuredRecord | None:
        return self.found


@dataclass
class ScriptedScanner:
    """Says this of every file, or raises."""

    verdict: Scan = field(default_factory=lambda: Scan(CLEAN, engine="scripted 1"))
    error: Exception | None = None

    async def scan(self, data: bytes) -> Scan:
        if self.error:
            raise self.error
        return self.verdict


class OneLanguage:
    """Every text is Spanish."""

    async def detect(self, text: str) -> str:
        return "es"


@dataclass
class HashEmbedder:
    """Unit vectors that derive from the text; `texts` lists what was embedded."""

    name: str = "hash/1"
    dimensions: int = 8
    texts: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        if self.error:
            raise self.error
        self.texts += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        digits = [byte - 127.5 for byte in hashlib.sha256(text.encode()).digest()[: self.dimensions]]
        length = math.hypot(*digits)
        return [digit / length for digit in digits]


@dataclass
class MemoryVectors:
    """Records by collection and id."""

    collections: dict[str, dict[str, VectorRecord]] = field(default_factory=dict)

    async def ensure(self, collection: str, dimensions: int) -> None:
        self.collections.setdefault(collection, {})

    async def upsert(self, collection: str, records: Sequence[VectorRecord]) -> None:
        self.collections[collection] |= {record.id: record for record in records}

    async def search(self, collection: str, vector: Sequence[float], where: Where, limit: int) -> list[Match]:
        found = [
            Match(record.id, sum(a * b for a, b in zip(record.vector, vector, strict=True)))
            for record in self._matching(collection, where)
        ]
        return sorted(found, key=lambda match: (-match.score, match.id))[:limit]

    async def delete(self, collection: str, where: Where, *, keep: Sequence[str] = ()) -> None:
        for record in [record for record in self._matching(collection, where) if record.id not in keep]:
            del self.collections[collection][record.id]

    async def count(self, collection: str, where: Where) -> int:
        return len(self._matching(collection, where))

    def _matching(self, collection: str, where: Where) -> list[VectorRecord]:
        def fits(record: VectorRecord) -> bool:
            return all(
                record.payload.get(key) in (value if isinstance(value, list) else [value])
                for key, value in where.items()
            )

        return [record for record in self.collections[collection].values() if fits(record)]


@dataclass
class MemoryGraph:
    """The last taxonomy of each project."""

    taxonomies: dict[str, Taxonomy] = field(default_factory=dict)
    error: Exception | None = None

    async def ensure(self) -> None:
        if self.error:
            raise self.error

    async def sync(self, taxonomy: Taxonomy) -> None:
        self.taxonomies[taxonomy.project_id] = taxonomy

    async def counts(self, tenant_id: str, project_id: str) -> dict[str, int]:
        taxonomy = self.taxonomies[project_id]
        return {"Code": len(taxonomy.codes), "Category": len(taxonomy.categories)}


@dataclass
class MemoryWork:
    """Queues in memory; `sent` lists (queue, message, delay) in order."""

    sent: list[tuple[str, WorkMessage, float]] = field(default_factory=list)
    error: Exception | None = None

    async def send(self, queue: str, messages: Sequence[WorkMessage], *, delay: float = 0) -> None:
        if self.error:
            raise self.error
        self.sent += [(queue, message, delay) for message in messages]


def said(message: WorkMessage) -> Mapping[str, Any]:
    """The body of a request of ours."""
    assert isinstance(message.body, Mapping)
    return message.body


Coding = list[ProposedCode] | Exception


@dataclass
class ScriptedAnalyst:
    """Codes a passage by its text, groups all codes in one category, and states one proposition; or as told."""

    identity: AnalystIdentity = field(
        default_factory=lambda: AnalystIdentity("scripted", "m-1", "p-1", heeds_question=False)
    )
    codings: dict[str, Coding] = field(default_factory=dict)
    repairs: dict[str, str | Exception | None] = field(default_factory=dict)
    description: Description | Exception = field(default_factory=lambda: Description("Título", "es", "Resumen."))
    consolidation: Callable[[Sequence[CodeInContext]], Consolidation] = lambda codes: Consolidation()
    axial: Callable[[Sequence[CodeInContext]], AxialCoding] | None = None
    core: CoreChoice | None = None
    theory: Callable[[Sequence[CodeInContext]], ProposedTheory] | None = None
    before: Callable[[str], Any] | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    briefs: list[Brief] = field(default_factory=list)

    async def _note(self, purpose: str, about: str, brief: Brief) -> None:
        self.asked.append((purpose, about))
        self.briefs.append(brief)
        if self.before is not None:
            await self.before(purpose)

    async def describe(self, brief: Brief, text: str, language: str) -> Description:
        await self._note("describe", text, brief)
        if isinstance(self.description, Exception):
            raise self.description
        return self.description

    async def code(self, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
        await self._note("code", fragment.text, brief)
        coding = self.codings.get(fragment.text, [])
        if isinstance(coding, Exception):
            raise coding
        return coding

    async def repair_quote(self, brief: Brief, fragment: Fragment, code: ProposedCode) -> str | None:
        await self._note("repair", code.quote, brief)
        repair = self.repairs.get(code.quote)
        if isinstance(repair, Exception):
            raise repair
        return repair

    async def consolidate(self, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
        await self._note("consolidate", "", brief)
        return self.consolidation(codes)

    async def categorise(self, brief: Brief, codes: Sequence[CodeInContext]) -> AxialCoding:
        await self._note("categorise", "", brief)
        if self.axial:
            return self.axial(codes)
        return AxialCoding((ProposedCategory("Todo", "Lo que hay", tuple(code.code_id for code in codes)),))

    async def choose_core(self, brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
        await self._note("choose_core", "", brief)
        return self.core or CoreChoice(axial.categories[0].label, "Une todo.", "Érase…")

    async def theorise(
        self, brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]
    ) -> ProposedTheory:
        await self._note("theorise", "", brief)
        if self.theory:
            return self.theory(codes)
        quotes = tuple(evidence.application_id for code in codes for evidence in code.evidence)
        return ProposedTheory("Teoría", "Resumen", (ProposedProposition("Así es", (core.category,), quotes),))


def proposed(quote: str, label: str = "esperar sin saber", definition: str = "No saber cuándo") -> ProposedCode:
    """A code on a quote."""
    return ProposedCode(label, definition, quote, "Lo dice.")


@dataclass(frozen=True)
class Fakes:
    """All fakes behind one bundle of ports."""

    ports: Ports
    blobs: MemoryBlobs
    reader: ScriptedReader
    data: ScriptedData
    embedder: HashEmbedder
    vectors: MemoryVectors
    graph: MemoryGraph
    analyst: ScriptedAnalyst
    scanner: ScriptedScanner
    work: MemoryWork


def fakes(store: Store, **limits: Any) -> Fakes:
    """New fakes around a store."""
    blobs, reader, data, embedder = MemoryBlobs(), ScriptedReader(), ScriptedData(), HashEmbedder()
    vectors, graph, analyst, scanner, work = (
        MemoryVectors(), MemoryGraph(), ScriptedAnalyst(), ScriptedScanner(), MemoryWork(),
    )  # fmt: skip
    ports = Ports(
        *(store, blobs, reader, data, OneLanguage(), embedder, vectors, graph, analyst),
        replace(Limits(), **limits),
        work=work,
        archives=ZippedFiles(),
        scanner=scanner,
    )
    return Fakes(ports, blobs, reader, data, embedder, vectors, graph, analyst, scanner, work)
