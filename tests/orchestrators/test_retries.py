"""Trying again, by class of error: `preprocess_document` plays the activity that fails."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any

import pytest

from functions.orchestrators.retries import attempt as attempt_generator
from tests.localhost.virtual_clock import START
from tests.orchestrators.stage_play import BROKEN, BUSY, DONE, IMPORT, SLOW, Outcome, busy, play

DAY = 24 * 3600


async def attempt(*outcomes: Outcome | Exception) -> tuple[list[int], str]:
    """The waits between the attempts, and how the import ended."""
    with play(preprocess_document=list(outcomes)) as stage:
        output = await stage.run("import_document", IMPORT)
        return stage.waits("preprocess_document"), output["status"]


async def test_what_may_pass_is_tried_again_after_each_delay_in_turn() -> None:
    assert await attempt(SLOW, SLOW, SLOW, DONE) == ([60, 300, 900], "done")


async def test_when_the_delays_are_used_up_the_attempt_has_failed() -> None:
    assert await attempt(SLOW) == ([60, 300, 900], "failed")


async def test_what_can_never_work_is_not_tried_again() -> None:
    assert await attempt(BROKEN, DONE) == ([], "failed")


async def test_what_has_ended_is_not_tried_again() -> None:
    assert await attempt({"status": "ended", "reason": "encrypted"}, DONE) == ([], "ended")


async def test_an_activity_that_raises_is_tried_again() -> None:
    assert await attempt(ZeroDivisionError("a bug"), DONE) == ([60], "done")


async def test_an_activity_that_always_raises_fails_with_its_first_line() -> None:
    with play(preprocess_document=[ZeroDivisionError("a bug\nwith more lines")]) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
        [failure] = stage.jobs("fail_document")
    assert failure["error"] == "unexpected"
    assert "a bug" in failure["message"]
    assert "\n" not in failure["message"]
    assert len(failure["message"]) <= 500


async def test_a_busy_provider_is_asked_again_after_twice_as_long_each_time_up_to_ten_minutes() -> None:
    waits, status = await attempt(*[BUSY] * 9, DONE)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert status == "done"


@pytest.mark.parametrize(("after", "wait"), [(42, 42), (12.4, 12), (1, 1), (None, 5), (3600, 600)])
async def test_a_provider_that_says_how_long_is_heeded_within_bounds(after: float | None, wait: int) -> None:
    assert await attempt(busy(after), DONE) == ([wait], "done")


async def test_waiting_for_a_busy_provider_uses_up_no_attempt() -> None:
    outcomes = [SLOW, BUSY, BUSY, SLOW, BUSY, SLOW, BUSY, DONE]
    assert await attempt(*outcomes) == ([60, 5, 10, 300, 20, 900, 40], "done")


class Moment:
    """As much of a context as `attempt` uses; time passes when the generator waits for a timer."""

    def __init__(self) -> None:
        self.current_utc_datetime = START

    def call_activity(self, name: str, job: object) -> None:
        return None

    def get_input(self) -> dict[str, Any]:
        return {}

    def create_timer(self, due: datetime) -> datetime:
        return due


def waits_of(outcome: Outcome, moment: Moment) -> Generator[int, None, Outcome]:
    """The seconds between attempts of which each ends with this outcome."""
    generator = attempt_generator(moment, "read_pages", {}, [60, 300, 900])
    try:
        due = next(generator)
        while True:
            due = generator.send(outcome)
            yield round((due - moment.current_utc_datetime).total_seconds())
            moment.current_utc_datetime = due
            generator.send(None)
    except StopIteration as end:
        return dict(end.value)


def test_a_provider_that_is_busy_for_a_day_gets_the_delays_and_then_no_more() -> None:
    def watch() -> Generator[int, None, None]:
        ends.append((yield from waits_of(busy(600), Moment())))

    ends: list[Outcome] = []
    assert list(watch()) == [600] * (DAY // 600) + [60, 300, 900]
    assert ends == [{**busy(600), "status": "failed"}]


async def test_each_activity_begins_with_all_its_attempts() -> None:
    with play(preprocess_document=[SLOW, SLOW, DONE], classify_document=[BUSY, SLOW, SLOW, DONE]) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "done"}
        assert stage.waits("preprocess_document") == [60, 300]
        assert stage.waits("classify_document") == [5, 60, 300]


async def test_an_activity_that_got_on_before_it_had_to_wait_counts_anew() -> None:
    got_on = {**BUSY, "progressed": True}
    assert await attempt(BUSY, BUSY, got_on, BUSY, DONE) == ([5, 10, 5, 10], "done")
