"""Activities run in a process of their own, which may end at any time; orchestrations hear of them as before."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from typing import Any

import psutil
import pytest

from tests.localhost.conftest import StartHost
from tests.localhost.process import HostProcess, wait_for


def activity_processes(host: HostProcess) -> list[psutil.Process]:
    found = list[psutil.Process]()
    for child in psutil.Process(host.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            found += [child] if "localhost.host.activity_worker" in child.cmdline() else []
    return found


def called(host: HostProcess, activity: str, given: Any = None, instance_id: str = "c") -> Any:
    """What an orchestration gets of an activity: `returned`, or the text of what `failed`."""
    host.start("call", instance_id, {"activity": activity, "input": given})
    ended = host.finished(instance_id)
    assert ended["runtimeStatus"] == "Completed", ended
    return ended["output"]


def test_activities_run_beside_each_other_outside_the_host(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("processes", "p", 20)
    began = time.monotonic()
    [process] = activity_processes(host)
    assert host.finished("p")["output"] == [process.pid]
    assert time.monotonic() - began < 20 * 0.3


def test_there_are_as_many_processes_as_the_setting_says_and_all_work(start_host: StartHost) -> None:
    host = start_host("trial", LOCALHOST_ACTIVITY_PROCESSES="2")
    host.start("processes", "p", 20)
    assert host.finished("p")["output"] == sorted(process.pid for process in activity_processes(host))


def test_without_one_the_host_runs_activities_itself(start_host: StartHost) -> None:
    host = start_host("trial", LOCALHOST_ACTIVITY_PROCESSES="0")
    host.start("processes", "p", 2)
    assert host.finished("p")["output"] == [host.process.pid]
    assert activity_processes(host) == []
    assert "LookupError: no" in called(host, "fail_with", "no")["failed"]


def test_a_number_of_processes_that_is_none_is_refused(start_host: StartHost) -> None:
    with pytest.raises(AssertionError, match="LOCALHOST_ACTIVITY_PROCESSES is 'many': it must be a number"):
        start_host("trial", LOCALHOST_ACTIVITY_PROCESSES="many")


def test_an_activity_whose_process_is_killed_is_run_again(start_host: StartHost) -> None:
    host = start_host("trial", TRIAL_WORK_SECONDS="0.5")
    host.start("steps", "s", 3)
    for number in (0, 1):
        wait_for(lambda expected=number: f"begin {expected}" in host.traced(), "an activity runs")  # type: ignore[misc]
        for process in activity_processes(host):
            process.kill()
        wait_for(lambda expected=number: f"end {expected}" in host.traced(), "it has run again")  # type: ignore[misc]
    assert host.finished("s")["output"] == [0, 2, 4]
    traced = host.traced()
    assert [traced.count(f"begin {number}") for number in range(3)] == [2, 2, 1]
    assert [traced.count(f"end {number}") for number in range(3)] == [1, 1, 1]
    assert len(activity_processes(host)) == 1
    assert "activity 'work' of 's' is run again: the process that runs activities has ended" in host.log.read_text()


def test_an_activity_that_ends_its_process_takes_no_other_with_it(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("steps", "s", 20)
    assert called(host, "die_once") == {"returned": "alive"}
    assert host.finished("s")["output"] == [2 * number for number in range(20)]


def test_an_activity_that_no_process_survives_fails_at_last(start_host: StartHost) -> None:
    host = start_host("trial")
    assert "the process that runs activities has ended" in called(host, "die_always")["failed"]
    assert host.traced().count("died") == 5
    assert called(host, "die_once", instance_id="d") == {"returned": "alive"}


def test_an_idle_process_that_dies_is_replaced_before_it_is_needed(start_host: StartHost) -> None:
    host = start_host("trial")
    [first] = activity_processes(host)
    first.kill()
    wait_for(lambda: [one.pid for one in activity_processes(host)] not in ([], [first.pid]), "there is another")
    assert called(host, "give_back", 1) == {"returned": 1}


def test_it_ends_with_the_host_however_that_ends_and_whatever_it_does(start_host: StartHost) -> None:
    host = start_host("trial")
    orphans = psutil.Process(host.process.pid).children(recursive=True)
    host.start("call", "c", {"activity": "block_the_loop"})
    time.sleep(0.5)
    assert len(orphans) == 2
    host.kill()
    wait_for(lambda: not any(process.is_running() for process in orphans), "they have ended", 5)


@pytest.mark.slow
def test_what_was_under_way_when_the_host_stopped_is_cancelled_and_runs_again_at_the_next_start(
    start_host: StartHost,
) -> None:
    host = start_host("trial", AzureFunctionsJobHost__functionTimeout='"00:05:00"')
    host.start("call", "c", {"activity": "linger"})
    wait_for(lambda: "lingers" in host.traced(), "it runs")
    children = psutil.Process(host.process.pid).children(recursive=True)
    assert host.stop() == 0
    assert not any(process.is_running() for process in children)
    assert host.traced().count("cancelled") == 1
    again = start_host("trial")
    wait_for(lambda: again.traced().count("lingers") == 2, "it runs again")


def test_signals_to_the_whole_group_leave_the_end_to_the_host(start_host: StartHost) -> None:
    host = start_host("trial")
    [process] = activity_processes(host)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(process.pid, number)
    assert called(host, "process") == {"returned": process.pid}


def parted(failure: str) -> tuple[str, Any]:
    """Reason and details, without the frames, which are one process's or another's."""
    reason, _, details = failure.partition('{"$type"')
    found = json.loads('{"$type"' + details)
    stack = found["InnerException"].pop("RemoteStackTrace")
    assert "in fail_with" in stack
    found["InnerException"]["Message"] = found["InnerException"]["Message"].replace(stack, "")
    return reason, found


@pytest.mark.parametrize(
    "text", ["no", "", "línea\nlínea\n+-", "\0\x1b[0m", "Contraseña: Password=secreto", "a" * 100_000]
)
def test_what_an_activity_raises_reaches_its_orchestration_word_by_word(start_host: StartHost, text: str) -> None:
    told = dict[str, tuple[str, Any]]()
    for processes in ("0", "1"):
        host = start_host("trial", LOCALHOST_ACTIVITY_PROCESSES=processes)
        failed = called(host, "fail_with", text, instance_id=f"c{processes}")["failed"]
        assert "Function fail_with failed: LookupError" in host.log.read_text()
        assert "secreto" not in failed
        assert host.stop() == 0
        told[processes] = parted(failed)
    assert told["0"] == told["1"]
    assert told["1"][0].startswith("Activity function 'fail_with' failed:  LookupError: " + text[:15])


def test_what_cannot_be_returned_and_what_gives_up_are_failures_and_end_no_process(start_host: StartHost) -> None:
    host = start_host("trial")
    [process] = activity_processes(host)
    assert "TypeError" in called(host, "return_a_set", instance_id="c1")["failed"]
    assert "SystemExit: Setting X cannot be used." in called(host, "give_up", instance_id="c2")["failed"]
    assert called(host, "process", instance_id="c3") == {"returned": process.pid}


def test_payloads_of_every_kind_and_size_come_back_as_they_went(start_host: StartHost) -> None:
    host = start_host("trial", AzureFunctionsJobHost__functionTimeout='"00:05:00"')
    odd: list[Any] = [None, True, -0.5, 10**18, "", "día", "\n+\n-", "😀", {"": [{}], "a\n": None}]
    assert json.dumps(called(host, "give_back", odd, instance_id="c1")["returned"]) == json.dumps(odd)
    assert called(host, "half_of_a_pair", instance_id="h") == {"returned": "\ud83d"}
    large = ["ñandú" * 200_000, "x"]
    assert called(host, "give_back", large, instance_id="c2") == {"returned": large}


def test_what_activities_and_their_programs_print_goes_to_the_log(start_host: StartHost) -> None:
    host = start_host("trial")
    assert called(host, "say", "+ printed\n\0\0\0\5") == {"returned": 0}
    assert host.log.read_text().count("+ printed") == 2
    assert "of a program" in host.log.read_text()
    assert called(host, "give_back", 1, instance_id="d") == {"returned": 1}


def test_a_thread_over_its_time_fails_and_goes_on(start_host: StartHost) -> None:
    host = start_host("trial")
    [process] = activity_processes(host)
    text = "Timeout value of 00:00:02 was exceeded by function: Functions.block_a_thread"
    assert text in called(host, "block_a_thread")["failed"]
    assert "Function block_a_thread cannot be stopped in its thread and goes on" in host.log.read_text()
    assert called(host, "process", instance_id="d") == {"returned": process.pid}


def test_activities_that_block_take_the_threads_that_all_share(start_host: StartHost) -> None:
    host = start_host("trial", PYTHON_THREADPOOL_THREAD_COUNT="1", TRIAL_BLOCK_SECONDS="1.5")
    host.start("call", "c", {"activity": "block_a_thread"})
    wait_for(lambda: "blocked" in host.traced(), "the only thread is taken")
    began = time.monotonic()
    host.finished(host.rpc.post("/orchestrators/read_input").json()["id"])
    assert time.monotonic() - began > 0.7


def test_one_that_blocks_the_loop_fails_and_its_process_is_replaced(start_host: StartHost) -> None:
    host = start_host("trial")
    [stuck] = activity_processes(host)
    text = "Timeout value of 00:00:02 was exceeded by function: Functions.block_the_loop"
    assert text in called(host, "block_the_loop")["failed"]
    wait_for(lambda: not stuck.is_running(), "it is ended")
    assert called(host, "give_back", 1, instance_id="d") == {"returned": 1}


def test_an_activity_may_start_orchestrations(start_host: StartHost) -> None:
    host = start_host("trial")
    assert called(host, "start_other", "other") == {"returned": "other"}
    assert host.finished("other")["output"] == {"from": "an activity"}


def test_they_log_as_the_host_does(start_host: StartHost) -> None:
    host = start_host("trial", "--verbose")
    called(host, "give_back", 1)
    assert "DEBUG   localhost.host: give_back took" in host.log.read_text()
