"""What the API answers about work: searches, runs, theories, batches, dead letters, the fleet."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from functions.triggers.api_models import Counted, Percent, Shape


class Hit(Shape):
    """A passage that was found: `quote` is the document's own text from `start` to `end`."""

    score: float
    found_by: list[Literal["text", "vectors"]]
    ranks: Counted
    quote: str
    document: str
    document_id: UUID
    type: str | None
    language: str | None
    page: int | None
    start: int
    end: int
    speaker: str | None
    passage_id: UUID


class Hits(Shape):
    """Hits, best first; `next` goes into `after`.

    `by_words_alone` is the code of what kept the query from being embedded, such as `spending_limit`.
    """

    items: list[Hit]
    next: int | None
    by_words_alone: str | None


class RunAccepted(Shape):
    """A run was accepted."""

    task_id: UUID
    status: str
    execution_mode: Literal["durable", "queued"]
    next_poll_seconds: int


class RunStatus(Shape):
    """How far a run is, and where its theory is."""

    task_id: UUID
    status: str
    step: str | None
    progress: Percent
    error_code: str | None
    error_message: str | None
    next_poll_seconds: int | None
    execution_mode: Literal["durable"]
    theory_id: UUID | None = None
    theory_url: str | None = None


class TheorySummary(Shape):
    """A theory in a list."""

    theory_id: UUID
    run_id: UUID
    title: str
    status: str
    language: str
    created_at: datetime


class Theories(Shape):
    """A project's theories, newest first."""

    items: list[TheorySummary]
    next: None


class Quote(Shape):
    """Evidence: the document's own text from `start` to `end`."""

    evidence_id: UUID
    application_id: UUID
    code: str
    quote: str
    document_id: UUID
    document: str
    page: int | None
    start: int
    end: int
    passage_id: UUID


class CategoryCode(Shape):
    """A code of a category."""

    code_id: UUID
    label: str
    definition: str
    applications: int
    documents: int


class Category(Shape):
    """A category with its codes."""

    category_id: UUID
    label: str
    definition: str
    codes: list[CategoryCode]


class CoreCategory(Shape):
    """What the theory turns on."""

    category_id: UUID
    label: str
    rationale: str | None
    storyline: str | None


class Relation(Shape):
    """Between two categories, by their labels."""

    relation_id: UUID
    source: str
    target: str
    kind: str
    statement: str
    evidence: list[Quote]


class PropositionShown(Shape):
    """A claim with what speaks for and against it."""

    proposition_id: UUID
    statement: str
    categories: list[str]
    supporting: list[Quote]
    contradicting: list[Quote]


class Memo(Shape):
    """What was noted at a step."""

    step: str
    text: str


class Analyst(Shape):
    """Who analysed."""

    name: str
    model: str | None
    prompt_version: str | None
    suggests_only: bool


class TheoryShown(TheorySummary):
    """A theory with all its evidence."""

    project_id: UUID
    summary: str
    coverage: dict[str, Any] | None
    analyst: Analyst
    research_question: str | None
    core_category: CoreCategory | None
    categories: list[Category]
    relations: list[Relation]
    propositions: list[PropositionShown]
    memos: list[Memo]


class TaskShown(Shape):
    """Any task, of a document or a run. `info` has progress, stage, status and, where there is one, the error."""

    task_id: UUID
    state: Literal["PENDING", "PROGRESS", "SUCCESS", "FAILURE"]
    info: dict[str, Any]
