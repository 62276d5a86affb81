"""What the API answers to those who look after what runs: batches, dead letters, runs, alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from functions.triggers.api_models import Counted, Percent, Shape
from shared.domain.alerts import Rule, Signal


class BatchShown(Shape):
    """A batch."""

    batch_id: UUID
    project_id: UUID
    name: str
    items: int
    created_by: str
    created_at: datetime
    started_at: datetime | None


class Batches(Shape):
    """Batches, newest first; `next` goes into `after`."""

    items: list[BatchShown]
    next: UUID | None


class TakenIn(Shape):
    """What was taken in, and whether it is on the queue already."""

    batch_id: UUID
    registered: int
    enqueued: int
    pipeline_enqueued: bool


class BatchStatus(Shape):
    """A batch counted at this moment."""

    batch_id: UUID
    project_id: UUID
    name: str
    created_at: datetime
    started_at: datetime | None
    status: Literal["empty", "running", "ended"]
    total: int
    done: int
    failed: int
    progress: Percent
    by_status: Counted
    by_stage: Counted
    by_type: Counted
    by_error: Counted
    retrying: Counted
    seconds_left: int | None
    ended_at: datetime | None
    next_poll_seconds: int | None


class LetterSummary(Shape):
    """A request that was given up."""

    dead_letter_id: UUID
    kind: str
    subject: str
    queue: str
    error_code: str
    message: str
    project_id: UUID | None
    stage: str | None
    attempts: int
    state: Literal["open", "replayed", "discarded"]
    settled_by: str | None
    settled_at: datetime | None
    first_seen: datetime
    last_seen: datetime


class Letters(Shape):
    """Dead letters, newest first; `next` goes into `after`."""

    items: list[LetterSummary]
    next: UUID | None


class LetterShown(LetterSummary):
    """A dead letter with the original request and what happened to it."""

    payload: dict[str, Any]
    trace: list[dict[str, Any]]


class Replayed(Shape):
    """How many were sent again."""

    replayed: int


class AlertShown(Shape):
    """A rule, and the signals above its threshold."""

    fires: bool
    rule: Rule
    signals: list[Signal]


class Alerts(Shape):
    """Every alert rule."""

    items: list[AlertShown]


class Retrying(Shape):
    """A document that waits to be tried again."""

    document_id: UUID
    stage: str
    error_code: str
    error_message: str | None
    since: datetime


class FailureCount(Shape):
    """A stage's failures of one class."""

    stage: str
    error_code: str
    times: int
    last: datetime


class Minute(Shape):
    """What ended in a minute."""

    minute: datetime
    completed: int
    failed: int


class Activity(Shape):
    """What goes on in the tenant now."""

    stages: Counted
    retries: list[Retrying]
    failures: list[FailureCount]
    throughput: list[Minute]


class RunSummary(Shape):
    """A run in a list."""

    task_id: UUID
    project_id: UUID
    project: str
    kind: str
    status: str
    step: str | None
    progress: Percent
    error_code: str | None
    error_message: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


class Runs(Shape):
    """Runs, newest first; `next` goes into `after`."""

    items: list[RunSummary]
    next: UUID | None
