"""Everything a step may ask for, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.runs import Run
from shared.ports.embeddings import Embedder
from shared.ports.models import Analyst, Clerk
from shared.ports.outside import (
    Blobs,
    DocumentReader,
    Graph,
    LanguageDetector,
    RecordReader,
    Scanner,
    VectorIndex,
)
from shared.ports.queues import Archives, WorkQueue
from shared.ports.stores import Store


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that steps keep to, from the settings. Times are in seconds.

    `max_members` and `max_member_bytes` hold for all that comes out of one upload, `max_depth` for how far below it
    containers are opened. `scan_all` refuses what no scanner has looked through.
    """

    pages_per_activity: int = 10
    fragment_concurrency: int = 8
    interview_concurrency: int = 3
    lease_ttl: int = 900
    poll_hint: int = 2
    retry_delays: tuple[int, ...] = (60, 300, 900)
    ingests_per_minute: int = 30
    uploads_per_minute: int = 600
    storage_bytes: int | None = None
    members_per_activity: int = 50
    max_members: int = 10_000
    max_member_bytes: int = 1024 * 1024 * 1024
    max_depth: int = 3
    scan_all: bool = False
    items_per_batch: int = 5000
    imports_enabled: bool = True
    fleet_tenant: str = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside, as the composition root put it together. `clerk` is None where no model is configured."""

    store: Store
    blobs: Blobs
    reader: DocumentReader
    structured: RecordReader
    languages: LanguageDetector
    embedder: Embedder
    vectors: VectorIndex
    graph: Graph
    analyst: Analyst
    limits: Limits
    work: WorkQueue
    archives: Archives
    tiers: Mapping[str, Analyst] = field(default_factory=dict)
    scanner: Scanner | None = None
    clerk: Clerk | None = None

    def analyst_of(self, run: Run) -> Analyst:
        """Who works on a run: the analyst of the tier that it asks for, else the usual one."""
        return self.tiers.get(str(run.request.get("model_tier")), self.analyst)
