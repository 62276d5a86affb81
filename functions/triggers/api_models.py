"""What the API answers, as models: the OpenAPI document is made of them, and nothing else imports them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Percent = int
Counted = dict[str, int]


class Shape(BaseModel):
    """An object that has exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(BaseModel):
    """What does not fit: a field of the request, or a document that was named."""

    field: str | None = None
    document_id: str | None = None
    message: str | None = None
    problem: str | None = None


class Problem(Shape):
    """RFC 9457 problem details. `code` is stable; `task_id` is that of the run under way (409)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []
    task_id: UUID | None = None


class Health(Shape):
    """The process answers."""

    status: Literal["ok"]
    analyst: str


class Checked(Shape):
    """One service."""

    name: str
    ok: bool
    latency_ms: int


class Readiness(Shape):
    """Whether every service answers."""

    status: Literal["ready", "not_ready"]
    checks: list[Checked]


class Verified(Checked):
    """One thing that was looked at, and what to do where it failed."""

    detail: str
    remedy: str


class Verification(Shape):
    """Whether everything works, tables, collections, constraints and models included."""

    status: Literal["ready", "not_ready"]
    checks: list[Verified]


class WarmCheck(Shape):
    """One check of the warm-up, the worst of all processes."""

    state: Literal["ok", "warning", "failed", "off", "no_effect"]
    ms: int
    detail: str


class WarmProcess(Shape):
    """One worker process."""

    process: str
    ready: bool
    duration_sec: float
    latency_ms: float | None
    errors: int
    warnings: int
    seen: datetime | None


class Warm(Shape):
    """How warm the workers of the last 15 minutes are."""

    ready: bool
    duration_sec: float
    checks: dict[str, WarmCheck]
    latency_ms: float | None
    errors: list[str]
    warnings: list[str]
    processes: list[WarmProcess]


class ProjectShown(Shape):
    """A study."""

    project_id: UUID
    tenant_id: UUID
    owner_id: str
    name: str
    language: Literal["es", "en"]
    research_question: str
    created_at: datetime


class CodeShown(Shape):
    """A code of the codebook; in how many documents, and how often, it is applied."""

    code_id: UUID
    label: str
    definition: str
    coder: str
    applications: int
    documents: int


class Codes(Shape):
    """The codebook, most used first."""

    items: list[CodeShown]
    next: None


class ParentShown(Shape):
    """A container in which the document lies."""

    document_id: UUID
    name: str
    path: str
    ordinal: int
