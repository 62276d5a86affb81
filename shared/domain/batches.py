"""Batches: their items, what an operator may correct, and how long what is left will take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.domain.document import (
    COMPLETED,
    FAILED_STATUSES,
    FINISHED_STATUSES,
    NEEDS_REVIEW,
    PENDING,
    REJECTED,
    STAGES,
)

ITEM_PENDING, ITEM_REGISTERED, ITEM_REFUSED = "pending", "registered", "refused"

# A document that waits for a person has been imported; one that was refused has not.
DONE_STATUSES = frozenset({COMPLETED, NEEDS_REVIEW})
LOST_STATUSES = FAILED_STATUSES | {REJECTED, ITEM_REFUSED}

_STAGES = list(STAGES.values())


def stages_left(status: str) -> int:
    """How many of the stages a document with this status has before it; none once it has ended."""
    if status in FINISHED_STATUSES:
        return 0
    for number, stage in enumerate(_STAGES):
        if status == stage.running:
            return len(_STAGES) - number
        if status == stage.done:
            return len(_STAGES) - number - 1
    return len(_STAGES)


# Every status that a document can have, with the stages that it leaves to do.
STAGES_LEFT = {
    status: stages_left(status)
    for status in [PENDING, *(s for stage in _STAGES for s in (stage.running, stage.done)), *FINISHED_STATUSES]
}


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch's row. `started_at` is when its first items came."""

    batch_id: str
    tenant_id: str
    project_id: str
    name: str
    created_by: str
    created_at: datetime | None = None
    started_at: datetime | None = None
    items: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a batch: a document, or (`source`, a path in container `uploads`) a blob that becomes one."""

    batch_id: str
    item_id: str
    tenant_id: str
    project_id: str
    name: str
    source: str | None = None
    document_id: str | None = None
    state: str = ITEM_PENDING
    attempt: int = 0
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What an operator says about a document that is to be tried again; None leaves a thing as it is."""

    name: str | None = None
    type: str | None = None
    language: str | None = None

    @property
    def hints(self) -> dict[str, str]:
        """What the stages are told."""
        said = {"type": self.type, "language": self.language}
        return {key: value for key, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of a batch's failed items: by error's class, by stage, or one by one; without any, all failed ones.

    What was refused for good is tried again only when it is asked for by error or by name. With `pages` it is those
    instead that were read in part: the pages that they lack are tried again.
    """

    error: str | None = None
    stage: str | None = None
    pages: bool = False
    items: Mapping[str, Correction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """So many items of a batch that are alike."""

    status: str
    stage: str
    type: str | None
    error: str | None
    items: int
    progress: int


@dataclass(frozen=True, slots=True)
class Counts:
    """A batch counted: groups of like items, stages done within the last `window` seconds, and when the last ended."""

    groups: list[Group]
    stages_done: int
    window: float
    ended_at: datetime | None


def summary(counts: Counts) -> dict[str, Any]:
    """total, done, failed, progress (0-100), what there is by status, stage, type and error, and the time left."""
    total = sum(group.items for group in counts.groups)
    done = sum(group.items for group in counts.groups if group.status in DONE_STATUSES)
    failed = sum(group.items for group in counts.groups if group.status in LOST_STATUSES)
    reached = sum(100 * g.items if g.status in DONE_STATUSES | LOST_STATUSES else g.progress for g in counts.groups)
    ended = total > 0 and done + failed == total
    return {
        "status": "empty" if not total else "ended" if ended else "running",
        "total": total,
        "done": done,
        "failed": failed,
        "progress": reached // total if total else 0,
        "by_status": _tally(counts.groups, "status"),
        "by_stage": _tally(counts.groups, "stage"),
        "by_type": _tally(counts.groups, "type"),
        "by_error": _tally([g for g in counts.groups if g.status in LOST_STATUSES], "error"),
        "retrying": _tally([g for g in counts.groups if g.status not in DONE_STATUSES | LOST_STATUSES], "error"),
        "seconds_left": 0 if ended else _seconds_left(counts),
        "ended_at": counts.ended_at if ended else None,
    }


def _tally(groups: list[Group], what: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in groups:
        key = getattr(group, what)
        if key is not None:
            found[key] = found.get(key, 0) + group.items
    return dict(sorted(found.items()))


def _seconds_left(counts: Counts) -> int | None:
    """By the stages done of late; None while there is nothing to tell it by."""
    left = sum(STAGES_LEFT.get(group.status, 0) * group.items for group in counts.groups)
    if not left or not counts.stages_done or counts.window <= 0:
        return None
    return max(1, round(left * counts.window / counts.stages_done))
