"""Activities, retries and timers: the cases of the specification that concern single orchestrations."""

from collections import Counter
from datetime import timedelta
from typing import Any

import azure.durable_functions as df
import pytest

from localhost.durable.protocol import EventType
from tests.localhost.conftest import MakeLab
from tests.localhost.lab import Orchestration
from tests.localhost.virtual_clock import START

RETRIES = df.RetryOptions(5000, 5)
TWICE = df.RetryOptions(5000, 2)


def hello(name: Any) -> str:
    return f"hi {name}"


def bad(_: Any) -> None:
    raise ValueError("always")


def fails_twice() -> Any:
    """An activity that fails twice for each input."""
    attempts: Counter[str] = Counter()

    def flaky(name: str) -> str:
        attempts[name] += 1
        if attempts[name] < 3:
            raise ValueError(f"boom {attempts[name]}")
        return name

    return flaky


async def test_f01_two_activities_in_sequence(make_lab: MakeLab) -> None:
    def chain(context: Any) -> Orchestration:
        first = yield context.call_activity("hello", "a")
        second = yield context.call_activity("hello", "b")
        return [first, second]

    lab = make_lab({"chain": chain}, {"hello": hello})
    await lab.start("chain")
    await lab.run()
    assert await lab.result() == ("Completed", ["hi a", "hi b"])
    assert lab.script.invocations == 3
    assert await lab.kinds() == [12, 0, 4, 13, 12, 5, 4, 13, 12, 5, 13]


async def test_f02_twenty_activities_side_by_side(make_lab: MakeLab) -> None:
    def fan(context: Any) -> Orchestration:
        return (yield context.task_all([context.call_activity("double", n) for n in range(20)]))

    lab = make_lab({"fan": fan}, {"double": lambda n: n * 2})
    await lab.start("fan")
    await lab.run()
    assert await lab.result() == ("Completed", [n * 2 for n in range(20)])
    scheduled = [item["EventId"] for item in await lab.history() if item["EventType"] == EventType.TASK_SCHEDULED]
    assert scheduled == [*range(20)]
    assert lab.script.invocations == 2


async def test_no_more_activities_run_at_once_than_host_json_allows(make_lab: MakeLab) -> None:
    def fan(context: Any) -> Orchestration:
        yield context.task_all([context.call_activity("hello", n) for n in range(20)])

    lab = make_lab({"fan": fan}, {"hello": hello})
    lab.build_engine(concurrent_activities=5)
    await lab.start("fan")
    await lab.run()
    completed = Counter(round((at - START).total_seconds()) for at in await lab.moments(EventType.TASK_COMPLETED))
    assert completed == {1: 5, 2: 5, 3: 5, 4: 5}


async def test_an_instance_that_began_first_gets_on_first(make_lab: MakeLab) -> None:
    def two(context: Any) -> Orchestration:
        yield context.call_activity("hello", 1)
        yield context.call_activity("hello", 2)

    lab = make_lab({"two": two}, {"hello": hello})
    lab.build_engine(concurrent_activities=1)
    for name in ("a", "b", "c"):
        lab.clock.advance(timedelta(milliseconds=1))
        await lab.start("two", name)
    await lab.run()
    ended = {name: (await lab.moments(EventType.EXECUTION_COMPLETED, name))[0] for name in ("a", "b", "c")}
    # While the first decides on its second activity, the slot is not left empty.
    assert [round((ended[name] - START).total_seconds()) for name in ("a", "b", "c")] == [3, 4, 6]


async def test_f03_a_retried_activity_succeeds_at_the_third_attempt(make_lab: MakeLab) -> None:
    def retried(context: Any) -> Orchestration:
        return (yield context.call_activity_with_retry("flaky", RETRIES, "x"))

    lab = make_lab({"retried": retried}, {"flaky": fails_twice()})
    await lab.start("retried")
    await lab.run()
    assert await lab.result() == ("Completed", "x")
    one_retry = [13, 12, 6, 10, 13, 12, 11, 4]
    assert await lab.kinds() == [12, 0, 4, *one_retry, *one_retry, 13, 12, 5, 13]


async def test_f04_a_timer_follows_the_last_failed_attempt_too(make_lab: MakeLab) -> None:
    def exhausted(context: Any) -> Orchestration:
        try:
            yield context.call_activity_with_retry("bad", TWICE, None)
        except Exception as error:
            return str(error)

    lab = make_lab({"exhausted": exhausted}, {"bad": bad})
    await lab.start("exhausted")
    await lab.run()
    status, output = await lab.result()
    assert status == "Completed"
    assert output.startswith("Activity function 'bad' failed:  ValueError: always \n {")
    timers = [item["EventId"] for item in await lab.history() if item["EventType"] == EventType.TIMER_CREATED]
    assert timers == [1, 3]


async def test_f05_parallel_retries_keep_their_ids_apart(make_lab: MakeLab) -> None:
    def parallel(context: Any) -> Orchestration:
        tasks = [
            context.call_activity_with_retry("flaky", df.RetryOptions(1000 * (3 - n), 5), f"k{n}") for n in range(3)
        ]
        done = yield context.task_all(tasks)
        return [done, (yield context.call_activity("hello", 1))]

    lab = make_lab({"parallel": parallel}, {"flaky": fails_twice(), "hello": hello})
    await lab.start("parallel")
    await lab.run()
    assert await lab.result() == ("Completed", [["k0", "k1", "k2"], "hi 1"])


async def test_f06_after_a_failed_child_the_next_activity_waits_for_the_others(make_lab: MakeLab) -> None:
    def caught(context: Any) -> Orchestration:
        try:
            yield context.task_all([context.call_activity(name, 1) for name in ("hello", "bad", "hello")])
        except Exception:
            return (yield context.call_activity("hello", "after"))

    lab = make_lab({"caught": caught}, {"hello": hello, "bad": bad})
    await lab.start("caught")
    await lab.run()
    assert await lab.result() == ("Completed", "hi after")
    assert await lab.kinds() == [12, 0, 4, 4, 4, 13, 12, 5, 6, 5, 4, 13, 12, 5, 13]


async def test_f12_a_timer_of_eight_days_is_made_of_two(make_lab: MakeLab) -> None:
    def long(context: Any) -> Orchestration:
        yield context.create_timer(context.current_utc_datetime + timedelta(days=8))
        return "awake"

    lab = make_lab({"long": long})
    await lab.start("long")
    await lab.run()
    assert await lab.result() == ("Completed", "awake")
    history = await lab.history()
    fire_at = [item["FireAt"][:10] for item in history if item["EventType"] == EventType.TIMER_CREATED]
    assert fire_at == ["2026-11-25", "2026-11-30"]


async def test_f13_an_unknown_activity_leaves_the_instance_running(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(context: Any) -> Orchestration:
        yield context.call_activity("nope", 1)

    lab = make_lab({"missing": missing})
    await lab.start("missing")
    await lab.run()
    assert await lab.result() == ("Running", None)
    assert await lab.kinds() == [12, 0, 13]
    assert "(Q7): activity 'nope' does not exist" in caplog.text


async def test_f22_an_older_winner_of_task_any_does_not_start_what_follows(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    def stalled(context: Any) -> Orchestration:
        short = context.create_timer(context.current_utc_datetime + timedelta(seconds=30))
        yield context.task_any([context.call_activity("hello", 1), short])
        long = context.create_timer(context.current_utc_datetime + timedelta(hours=2))
        yield context.task_any([short, long])
        if context.get_input() == "cancel":
            long.cancel()
        return (yield context.call_activity("hello", "after"))

    lab = make_lab({"stalled": stalled}, {"hello": hello})
    await lab.start("stalled", "waits")
    await lab.start("stalled", "cancels", "cancel")
    await lab.run()
    waited = (await lab.moments(EventType.TASK_SCHEDULED, "waits"))[-1] - START
    cancelled = (await lab.moments(EventType.TASK_SCHEDULED, "cancels"))[-1] - START
    assert waited > timedelta(hours=2)
    assert cancelled < timedelta(seconds=32)
    assert "'waits' (Q2)" in caplog.text
    assert "'cancels' (Q2)" not in caplog.text


async def test_f24_a_custom_status_over_16_kb_fails_the_orchestration(make_lab: MakeLab) -> None:
    def talkative(context: Any) -> Orchestration:
        context.set_custom_status("x" * 9000)
        yield context.call_activity("hello", 1)

    lab = make_lab({"talkative": talkative}, {"hello": hello})
    await lab.start("talkative")
    await lab.run()
    status, output = await lab.result()
    assert status == "Failed"
    assert "16 KB" in output


async def test_f25_an_exception_fails_the_orchestration_with_its_text(make_lab: MakeLab) -> None:
    def raising(context: Any) -> Orchestration:
        yield context.call_activity("hello", 1)
        raise ValueError("boom")

    lab = make_lab({"raising": raising}, {"hello": hello})
    await lab.start("raising")
    await lab.run()
    assert await lab.result() == ("Failed", "Orchestrator function 'raising' failed: boom")


async def test_f27_a_renamed_first_activity_is_non_deterministic(make_lab: MakeLab) -> None:
    def version_of(name: str) -> Any:
        def changed(context: Any) -> Orchestration:
            yield context.call_activity(name, 1)
            yield context.wait_for_external_event("go")

        return changed

    activities = {"hello": hello, "bye": hello}
    lab = make_lab({"changed": version_of("hello")}, activities)
    await lab.start("changed")
    await lab.run()
    lab = make_lab({"changed": version_of("bye")}, activities)
    await lab.management.raise_event("i", "go", 1)
    await lab.run()
    status, output = await lab.result()
    assert status == "Failed"
    assert output.startswith("Non-Deterministic workflow detected: A previous execution of this orchestration")
    assert "with sequence number 0 named 'hello'" in output


async def test_f43_a_failed_child_holds_back_what_follows_until_its_sister_timer_fires(
    make_lab: MakeLab,
) -> None:
    def compensating(context: Any) -> Orchestration:
        timer = context.create_timer(context.current_utc_datetime + timedelta(minutes=10))
        try:
            yield context.task_all([context.call_activity("bad", 1), timer])
        except Exception:
            if context.get_input() == "return":
                return "early"
        return (yield context.call_activity("hello", "compensated"))

    lab = make_lab({"compensating": compensating}, {"hello": hello, "bad": bad})
    await lab.start("compensating", "acts")
    await lab.start("compensating", "returns", "return")
    await lab.run()
    assert await lab.result("acts") == ("Completed", "hi compensated")
    assert await lab.result("returns") == ("Completed", "early")
    assert (await lab.moments(EventType.TASK_SCHEDULED, "acts"))[-1] - START > timedelta(minutes=10)
    assert (await lab.moments(EventType.EXECUTION_COMPLETED, "returns"))[0] - START > timedelta(minutes=10)


async def test_half_a_character_in_results_and_errors_stops_nothing(make_lab: MakeLab) -> None:
    def echoes(context: df.DurableOrchestrationContext) -> Orchestration:
        told = yield context.call_activity("tell", None)
        try:
            yield context.call_activity("fail", None)
        except Exception as error:
            raise ValueError(told) from error

    def fail(_: object) -> None:
        raise ValueError("\ud83d")

    lab = make_lab({"echoes": echoes}, {"tell": lambda _: "a\ud83d", "fail": fail})
    await lab.start("echoes")
    await lab.run()
    assert await lab.result() == ("Failed", "Orchestrator function 'echoes' failed: a\ufffd")
