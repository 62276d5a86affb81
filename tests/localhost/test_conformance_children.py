"""Sub-orchestrations, and races between retried calls and timers."""

from collections import Counter
from datetime import timedelta
from typing import Any

import azure.durable_functions as df
import pytest

from localhost.durable.protocol import EventType
from tests.localhost.conftest import MakeLab
from tests.localhost.lab import Lab, Orchestration
from tests.localhost.virtual_clock import START

RETRIES = df.RetryOptions(5000, 5)


def bad(_: Any) -> None:
    raise ValueError("always")


def failing(context: Any) -> Orchestration:
    yield context.call_activity("bad", 1)


async def test_f14_a_childs_failure_is_named_through_each_level(make_lab: MakeLab) -> None:
    def parent(context: Any) -> Orchestration:
        yield context.call_sub_orchestrator("failing", None, "kid")

    lab = make_lab({"parent": parent, "failing": failing}, {"bad": bad})
    await lab.start("parent")
    await lab.run()
    status, output = await lab.result()
    assert status == "Failed"
    assert output.startswith(
        "Orchestrator function 'parent' failed: Orchestrator function 'failing' failed: "
        "Activity function 'bad' failed:  ValueError: always"
    )


async def test_f15_a_child_without_an_id_is_named_after_its_parents_execution(make_lab: MakeLab) -> None:
    def parent(context: Any) -> Orchestration:
        yield context.call_activity("work", 1)
        return (yield context.call_sub_orchestrator("child", {"a": 1}))

    def child(context: Any) -> Any:
        return [context.instance_id, context.get_input()]

    lab = make_lab({"parent": parent, "child": child}, {"work": lambda n: n})
    await lab.start("parent")
    await lab.run()
    execution = (await lab.management.get("i"))["execution_id"]
    assert await lab.result() == ("Completed", [f"{execution}:1", {"a": 1}])


async def test_a_child_may_not_take_the_id_of_its_parent(make_lab: MakeLab, caplog: pytest.LogCaptureFixture) -> None:
    def parent(context: Any) -> Orchestration:
        yield context.call_sub_orchestrator("parent", None, "i")

    lab = make_lab({"parent": parent})
    await lab.start("parent")
    await lab.run()
    assert await lab.result() == ("Running", None)
    assert "forbidden id" in caplog.text


async def test_a_child_with_the_id_of_a_running_instance_fails(make_lab: MakeLab) -> None:
    def parent(context: Any) -> Orchestration:
        yield context.call_sub_orchestrator("waiting", None, "taken")

    def waiting(context: Any) -> Orchestration:
        yield context.wait_for_external_event("never")

    lab = make_lab({"parent": parent, "waiting": waiting})
    await lab.start("waiting", "taken")
    await lab.start("parent")
    await lab.run()
    status, output = await lab.result()
    assert status == "Failed"
    assert "'taken' is already running" in output


def flaky_for_each_race() -> Any:
    attempts: Counter[str] = Counter()

    def flaky(name: str) -> str:
        attempts[name] += 1
        if attempts[name] < 3:
            raise ValueError("not yet")
        return name

    return flaky


def race(context: Any) -> Orchestration:
    """Race a call that is retried twice against a timer; the input says how."""
    how = context.get_input()
    if how == "child":
        call = context.call_sub_orchestrator("retrying", how)
    else:
        call = context.call_activity_with_retry("flaky", RETRIES, how)
    timer = context.create_timer(context.current_utc_datetime + timedelta(minutes=10))
    yield context.task_any([call, timer])
    if how != "uncancelled":
        timer.cancel()
    return (yield context.call_activity("hello", how))


def retrying(context: Any) -> Orchestration:
    return (yield context.call_activity_with_retry("flaky", RETRIES, context.get_input()))


async def raced(make_lab: MakeLab, how: str) -> Lab:
    lab = make_lab({"race": race, "retrying": retrying}, {"flaky": flaky_for_each_race(), "hello": lambda n: n})
    await lab.start("race", client_input=how)
    await lab.run()
    return lab


async def test_f19_a_retried_activity_raced_against_a_cancelled_timer_is_non_deterministic(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    lab = await raced(make_lab, "cancelled")
    status, output = await lab.result()
    assert status == "Failed"
    assert output.startswith("Non-Deterministic workflow detected: ")
    assert "sequence number 2" in output
    assert "(Q3)" in caplog.text


async def test_f20_retries_in_a_sub_orchestration_can_be_raced(make_lab: MakeLab) -> None:
    lab = await raced(make_lab, "child")
    assert await lab.result() == ("Completed", "child")


async def test_f21_without_cancelling_the_race_completes_when_the_timer_fires(make_lab: MakeLab) -> None:
    lab = await raced(make_lab, "uncancelled")
    assert await lab.result() == ("Completed", "uncancelled")
    assert (await lab.moments(EventType.EXECUTION_COMPLETED))[0] - START >= timedelta(minutes=10)
