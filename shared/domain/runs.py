"""Runs: their statuses, steps and jobs, and the rules of the lease on a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

QUEUED, RUNNING, WAITING_REVIEW = "queued", "running", "waiting_review"
COMPLETED, FAILED, CANCELED = "completed", "failed", "canceled"
FINISHED = frozenset({COMPLETED, FAILED, CANCELED})

# Steps of a theory run, with the progress (0-100) at which each begins.
STEPS = {
    "planning": 0,
    "open_coding": 5,
    "consolidating": 60,
    "syncing": 68,
    "axial_coding": 74,
    "selective_coding": 84,
    "theorising": 90,
    "publishing": 97,
}


def open_coding_progress(coded: int, total: int) -> int:
    """Progress within open coding: from where it begins to where consolidating begins, by passages coded."""
    begin, end = STEPS["open_coding"], STEPS["consolidating"]
    return begin + (end - begin) * min(coded, total) // max(total, 1)


# The longest wait for a busy provider, in seconds.
THROTTLE_CAP = 600


@dataclass(frozen=True, slots=True)
class Run:
    """A run's row. `request` is what was asked for; `token` is the lease that its writes must carry."""

    run_id: str
    tenant_id: str
    project_id: str
    kind: str
    status: str
    token: str
    progress: int = 0
    step: str | None = None
    request: dict[str, Any] = field(default_factory=dict)
    created_by: str = ""
    theory_id: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    created_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """A job that goes on with a trace: W3C's `traceparent` of the request behind it; empty where there is none."""

    traceparent: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class ImportJob(Traced):
    """What every activity of a document's import is told."""

    tenant_id: str
    project_id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class PagesJob(ImportJob):
    """Read pages `first` to `last` (from 1, inclusive)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class MembersJob(ImportJob):
    """Take members `first` to `last` (from 1, inclusive) out of a container."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FailureJob(ImportJob):
    """A document's stage has failed for good."""

    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class RunJob(Traced):
    """What every activity of a theory run is told."""

    tenant_id: str
    project_id: str
    run_id: str
    token: str


@dataclass(frozen=True, slots=True)
class CodingJob(RunJob):
    """Code the passages of one document with ordinals `first` to `last` (inclusive)."""

    document_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RunFailureJob(RunJob):
    """A run has failed for good."""

    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Project:
    """A study: its owner, its language and its question."""

    project_id: str
    tenant_id: str
    owner_id: str
    name: str
    language: str
    research_question: str = ""
    created_at: datetime | None = None


READER, RESEARCHER, OPERATOR = "reader", "researcher", "operator"


def known_roles(names: Iterable[object]) -> frozenset[str]:
    """Those of the names that are roles here."""
    return frozenset({READER, RESEARCHER, OPERATOR}).intersection(map(str, names))


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: tenant, subject, and roles among `reader`, `researcher`, `operator`.

    Readers see, researchers also change; operators see, and look after what runs (dead letters, the fleet).
    """

    tenant_id: str
    subject: str
    name: str
    roles: frozenset[str]

    def may(self, role: str) -> bool:
        """Whether the role is one of the principal's; whoever has any may read."""
        return role in self.roles or (role == READER and bool(self.roles))
