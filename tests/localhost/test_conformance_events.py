"""External events, continue-as-new, suspension and termination."""

from datetime import timedelta
from typing import Any

import pytest

from localhost.durable.protocol import EventType
from tests.localhost.conftest import MakeLab
from tests.localhost.lab import Orchestration
from tests.localhost.virtual_clock import START


def human(context: Any) -> Orchestration:
    """Wait an hour for a decision; the input tells whether the timer is cancelled."""
    timer = context.create_timer(context.current_utc_datetime + timedelta(hours=1))
    event = context.wait_for_external_event("Go")
    winner = yield context.task_any([timer, event])
    if winner == event:
        if context.get_input() == "cancel":
            timer.cancel()
        return event.result
    return "timeout"


def two_waits(context: Any) -> Orchestration:
    if context.get_input() == "busy":
        yield context.call_activity("work", 1)
    first = yield context.wait_for_external_event("E")
    second = yield context.wait_for_external_event("E")
    return [first, second]


async def test_f07_an_event_beats_a_cancelled_timer_at_once(make_lab: MakeLab) -> None:
    lab = make_lab({"human": human})
    await lab.start("human", client_input="cancel")
    await lab.raise_later(5, "Go", {"a": 1})
    await lab.run()
    assert await lab.result() == ("Completed", {"a": 1})
    assert (await lab.moments(EventType.EXECUTION_COMPLETED))[0] - START < timedelta(seconds=6)


async def test_f08_an_uncancelled_timer_keeps_the_instance_running(make_lab: MakeLab) -> None:
    lab = make_lab({"human": human})
    await lab.start("human")
    await lab.raise_later(5, "Go", "yes")
    await lab.run()
    assert await lab.result() == ("Completed", "yes")
    assert (await lab.moments(EventType.EXECUTION_COMPLETED))[0] - START >= timedelta(hours=1)


async def test_f09_an_event_in_other_case_is_consumed_but_not_seen(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    lab = make_lab({"human": human})
    await lab.start("human")
    await lab.raise_later(5, "go", 1)
    await lab.run()
    assert await lab.result() == ("Completed", "timeout")
    assert "(Q6)" in caplog.text


async def test_f10_an_event_before_its_first_wait_is_delivered_twice(
    make_lab: MakeLab, caplog: pytest.LogCaptureFixture
) -> None:
    lab = make_lab({"two_waits": two_waits}, {"work": lambda n: n})
    await lab.start("two_waits", client_input="busy")
    await lab.raise_later(0, "E", 1)
    await lab.raise_later(30, "E", 2)
    await lab.run()
    assert await lab.result() == ("Completed", [1, 1])
    assert (await lab.moments(EventType.EXECUTION_COMPLETED))[0] - START >= timedelta(seconds=30)
    assert "(Q5)" in caplog.text


async def test_f11_two_waits_take_two_events_in_order(make_lab: MakeLab) -> None:
    lab = make_lab({"two_waits": two_waits})
    await lab.start("two_waits")
    await lab.raise_later(5, "E", 1)
    await lab.raise_later(30, "E", 2)
    await lab.run()
    assert await lab.result() == ("Completed", [1, 2])


async def test_f16_continue_as_new_begins_a_new_history_each_time(make_lab: MakeLab) -> None:
    executions = []

    def loop(context: Any) -> Orchestration:
        turn = context.get_input() or 0
        yield context.call_activity("work", turn)
        if turn < 3:
            context.continue_as_new(turn + 1)
            return None
        return turn

    lab = make_lab({"loop": loop}, {"work": lambda n: executions.append(n)})
    await lab.start("loop")
    before = (await lab.management.get("i"))["execution_id"]
    await lab.run()
    assert await lab.result() == ("Completed", 3)
    assert executions == [0, 1, 2, 3]
    assert (await lab.management.get("i"))["execution_id"] != before
    assert await lab.kinds() == [12, 0, 4, 13, 12, 5, 13]


def one_event_each(context: Any) -> Orchestration:
    turn = context.get_input() or 0
    event = yield context.wait_for_external_event("Go")
    if turn < 2:
        context.continue_as_new(turn + 1)
        return None
    return [turn, event]


async def test_f17_events_that_come_together_are_carried_over_to_the_next_generations(
    make_lab: MakeLab,
) -> None:
    lab = make_lab({"each": one_event_each})
    await lab.start("each")
    for payload in range(3):
        await lab.raise_later(0, "Go", payload)
    await lab.run()
    assert await lab.result() == ("Completed", [2, 2])


async def test_f18_an_event_that_came_before_continue_as_new_is_lost(make_lab: MakeLab) -> None:
    def forgetful(context: Any) -> Orchestration:
        turn = context.get_input() or 0
        yield context.call_activity("work", 1)
        if turn < 1:
            context.continue_as_new(turn + 1)
            return None
        return (yield context.wait_for_external_event("Go"))

    lab = make_lab({"forgetful": forgetful}, {"work": lambda n: n})
    await lab.start("forgetful")
    await lab.raise_later(0.5, "Go", "lost")
    await lab.run()
    assert await lab.result() == ("Running", None)


async def test_a_suspended_instance_keeps_its_events_until_it_is_resumed(make_lab: MakeLab) -> None:
    lab = make_lab({"two_waits": two_waits})
    await lab.start("two_waits")
    await lab.post_later(1, EventType.EXECUTION_SUSPENDED, Reason="pause")
    await lab.raise_later(2, "E", 1)
    await lab.raise_later(3, "E", 2)
    await lab.run()
    assert await lab.result() == ("Suspended", None)
    await lab.management.resume("i", "go on")
    await lab.run()
    assert await lab.result() == ("Completed", [1, 2])


async def test_suspending_after_a_decision_does_not_take_it_twice(make_lab: MakeLab) -> None:
    ran: list[int] = []

    def after_event(context: Any) -> Orchestration:
        yield context.wait_for_external_event("Go")
        return (yield context.call_activity("work", 1))

    lab = make_lab({"after_event": after_event}, {"work": ran.append})
    await lab.start("after_event")
    await lab.raise_later(1, "Go", 1)
    await lab.post_later(1, EventType.EXECUTION_SUSPENDED, Reason="pause")
    await lab.post_later(9, EventType.EXECUTION_RESUMED, Reason="go on")
    await lab.run()
    assert (await lab.result())[0] == "Completed"
    assert ran == [1]


async def test_a_terminated_instance_ends_with_the_reason_and_its_children_go_on(make_lab: MakeLab) -> None:
    def parent(context: Any) -> Orchestration:
        yield context.call_sub_orchestrator("child", None, "kid")

    def child(context: Any) -> Orchestration:
        yield context.create_timer(context.current_utc_datetime + timedelta(minutes=1))
        return "grown"

    lab = make_lab({"parent": parent, "child": child})
    await lab.start("parent")
    await lab.post_later(5, EventType.EXECUTION_TERMINATED, Input="enough")
    await lab.run()
    assert await lab.result() == ("Terminated", "enough")
    assert await lab.result("kid") == ("Completed", "grown")


async def test_f23_entities_and_http_calls_are_refused_by_name(make_lab: MakeLab) -> None:
    import azure.durable_functions as df

    def asks(context: Any) -> Orchestration:
        return (yield context.call_entity(df.EntityId("Counter", "k"), "add", 1))

    def calls(context: Any) -> Orchestration:
        return (yield context.call_http("GET", "http://example.org"))

    lab = make_lab({"asks": asks, "calls": calls})
    await lab.start("asks", "a")
    await lab.start("calls", "b")
    await lab.run()
    assert await lab.result("a") == (
        "Failed",
        "Orchestrator function 'asks' failed: context.call_entity is not available on the local host.",
    )
    assert (await lab.result("b"))[1].endswith("context.call_http is not available on the local host.")
