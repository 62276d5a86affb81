"""Everything a step may ask for, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.runs import Run
from shared.ports.outside import (
    Analyst,
    Blobs,
    DocumentReader,
    Embedder,
    Graph,
    LanguageDetector,
    RecordReader,
    VectorIndex,
)
from shared.ports.stores import Store


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that steps keep to, from the settings. Times are in seconds."""

    pages_per_activity: int = 10
    fragment_concurrency: int = 8
    interview_concurrency: int = 3
    lease_ttl: int = 900
    poll_hint: int = 2
    retry_delays: tuple[int, ...] = (60, 300, 900)
    ingests_per_minute: int = 30
    uploads_per_minute: int = 600
    storage_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside, as the composition root put it together."""

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
    tiers: Mapping[str, Analyst] = field(default_factory=dict)

    def analyst_of(self, run: Run) -> Analyst:
        """Who works on a run: the analyst of the tier that it asks for, else the usual one."""
        return self.tiers.get(str(run.request.get("model_tier")), self.analyst)
