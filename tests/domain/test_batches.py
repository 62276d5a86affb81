"""Batches: what is left to do, and what a count says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.domain.batches import STAGES_LEFT, Counts, Group, stages_left, summary
from shared.domain.document import FINISHED_STATUSES, STAGES

NOW = datetime(2026, 1, 17, tzinfo=UTC)


def group(status: str, items: int, progress: int = 0, error: str | None = None) -> Group:
    return Group(status, "ocr", None, error, items, progress)


def test_every_stage_that_is_done_leaves_one_less() -> None:
    assert STAGES_LEFT["pending"] == len(STAGES)
    left = [stages_left(stage.running) for stage in STAGES.values()]
    assert left == list(range(len(STAGES), 0, -1))
    assert [stages_left(stage.done) for stage in STAGES.values()] == [n - 1 for n in left]
    assert {STAGES_LEFT[status] for status in FINISHED_STATUSES} == {0}


def test_an_empty_batch_has_neither_ended_nor_anything_left() -> None:
    found = summary(Counts([], 0, 0.0, None))
    assert (found["status"], found["total"], found["progress"], found["seconds_left"]) == ("empty", 0, 0, None)


@pytest.mark.parametrize("status", ["completed", "needs_review", "rejected", "refused", "ocr_failed"])
def test_what_has_ended_counts_in_full(status: str) -> None:
    found = summary(Counts([group(status, 3)], 0, 0.0, NOW))
    assert (found["status"], found["progress"], found["ended_at"]) == ("ended", 100, NOW)
    assert found["done"] + found["failed"] == 3


def test_progress_is_that_of_all_items_together() -> None:
    found = summary(Counts([group("completed", 1), group("ocr_completed", 3, 90)], 0, 0.0, NOW))
    assert (found["status"], found["progress"], found["ended_at"]) == ("running", (100 + 90) // 4, None)


def test_the_time_left_follows_the_pace() -> None:
    running = [group("ocr_completed", 10, 300)]  # five stages each
    assert summary(Counts(running, 25, 60.0, None))["seconds_left"] == 120
    assert summary(Counts(running, 0, 60.0, None))["seconds_left"] is None
    assert summary(Counts(running, 10_000, 0.1, None))["seconds_left"] == 1
