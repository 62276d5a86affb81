"""Trying again, by class of error: `preprocess_document` plays the activity that fails."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.orchestrators.retries import attempt as attempt_generator
from shared.domain.waiting import chance, throttled_wait
from tests.localhost.virtual_clock import START
from tests.orchestrators.stage_play import BROKEN, BUSY, DONE, IMPORT, SLOW, Outcome, busy, play

DAY = 24 * 3600


async def attempt(*outcomes: Outcome | Exception) -> tuple[list[int], str]:
    """The waits between the attempts, and how the import ended."""
    with play(preprocess_document=list(outcomes)) as stage:
        output = await stage.run("import_document", IMPORT)
        return stage.waits("preprocess_document"), output["status"]


async def test_what_has_timed_out_is_tried_again_after_short_waits_and_then_after_each_delay_in_turn() -> None:
    assert await attempt(*[SLOW] * 6, DONE) == ([5, 10, 15, 60, 300, 900], "done")


@pytest.mark.parametrize("error", ["unavailable", "transient"])
async def test_other_errors_that_may_pass_are_tried_again_as_what_has_timed_out(error: str) -> None:
    assert await attempt({**SLOW, "error": error}) == ([5, 10, 15, 60, 300, 900], "failed")


async def test_when_the_delays_are_used_up_the_attempt_has_failed() -> None:
    assert await attempt(SLOW) == ([5, 10, 15, 60, 300, 900], "failed")


def test_no_short_wait_is_longer_than_the_first_delay() -> None:
    assert list(waits_of(SLOW, Moment(), [2, 9])) == [2, 4, 6, 2, 9]
    assert list(waits_of(SLOW, Moment(), [])) == []


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


async def test_a_busy_provider_is_asked_again_after_about_twice_as_long_each_time_up_to_ten_minutes() -> None:
    waits, status = await attempt(*[BUSY] * 9, DONE)
    most = [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert all(whole / 2 - 1 <= wait <= whole for wait, whole in zip(waits, most, strict=True)), waits
    assert status == "done"


@pytest.mark.parametrize("after", [42, 12.4, 1, 600])
async def test_a_provider_that_says_how_long_is_heeded_and_given_up_to_a_quarter_more(after: float) -> None:
    [wait], status = await attempt(busy(after), DONE)
    assert round(after) <= wait <= min(600, after * 1.25) + 1
    assert status == "done"


@pytest.mark.parametrize(
    "after", [None, -1, 0, 86400, 3600, "12", "Wed, 21 Oct 2026 07:28:00 GMT", "soon", True, [], {}]
)
async def test_a_provider_that_says_nothing_sane_is_not_believed(after: Any) -> None:
    [wait], status = await attempt({**BUSY, "after": after}, DONE)
    assert 2 <= wait <= 5
    assert status == "done"


@given(st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans()), st.integers(0, 10_000))
def test_no_hint_makes_a_wait_that_is_none(hint: Any, times: int) -> None:
    for luck in (0.0, 0.5, chance("i", times)):
        assert 0 < throttled_wait(hint, times, 600, luck) <= 600


def test_instances_that_were_told_the_same_do_not_come_back_at_once() -> None:
    waits = {next(waits_of(busy(10), Moment(instance))) for instance in map(str, range(200))}
    assert len(waits) > 1
    assert waits <= {10, 11, 12}


def test_a_replay_finds_the_same_waits() -> None:
    first, again = (list(islice(waits_of(busy(None), Moment("same")), 8)) for _ in range(2))
    assert first == again


async def test_waiting_for_a_busy_provider_uses_up_no_attempt() -> None:
    outcomes = [SLOW, BUSY, BUSY, SLOW, BUSY, SLOW, SLOW, BUSY, SLOW, SLOW, BUSY, DONE]
    waits, status = await attempt(*outcomes)
    assert status == "done"
    assert [wait for wait, outcome in zip(waits, outcomes, strict=False) if outcome is SLOW] == [
        5,
        10,
        15,
        60,
        300,
        900,
    ]


class Moment:
    """As much of a context as `attempt` uses; time passes when the generator waits for a timer."""

    def __init__(self, instance_id: str = "i") -> None:
        self.current_utc_datetime, self.instance_id = START, instance_id

    def call_activity(self, name: str, job: object) -> None:
        return None

    def get_input(self) -> dict[str, Any]:
        return {}

    def create_timer(self, due: datetime) -> datetime:
        return due


def waits_of(outcome: Outcome, moment: Moment, delays: Sequence[int] = (60, 300, 900)) -> Generator[int, None, Outcome]:
    """The seconds between attempts of which each ends with this outcome."""
    generator = attempt_generator(moment, "read_pages", {}, delays)
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
    assert ends == [{**busy(600), "status": "failed", "tries": DAY // 600 + 4}]


async def test_each_activity_begins_with_all_its_attempts() -> None:
    with play(preprocess_document=[SLOW, SLOW, DONE], classify_document=[BUSY, SLOW, SLOW, DONE]) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "done"}
        assert stage.waits("preprocess_document") == [5, 10]
        assert stage.waits("classify_document")[1:] == [5, 10]


async def test_an_activity_that_got_on_before_it_had_to_wait_counts_anew() -> None:
    got_on = {**BUSY, "progressed": True}
    waits, _ = await attempt(BUSY, BUSY, BUSY, BUSY, got_on, BUSY, DONE)
    assert waits[3] >= 20
    assert waits[4] <= 5
    assert waits[5] <= 10
    assert await attempt(*[ZeroDivisionError()] * 3, {**SLOW, "progressed": True}, DONE) == ([60, 300, 900, 5], "done")


async def test_what_must_not_be_lost_is_tried_for_a_day() -> None:
    outage: list[Outcome | Exception] = [SLOW, ZeroDivisionError("a bug"), BUSY, *[SLOW] * 50, DONE]
    with play(preprocess_document=[BROKEN], bury_request=outage) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
    assert stage.waits("bury_request")[:9] == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert stage.names.count("bury_request") == len(outage)


@pytest.mark.slow
async def test_what_cannot_be_buried_for_a_day_is_left() -> None:
    with play(preprocess_document=[BROKEN], bury_request=[SLOW]) as stage:
        assert await stage.run("import_document", IMPORT) == {"status": "failed"}
    assert DAY <= sum(stage.waits("bury_request")) < DAY + 1200
