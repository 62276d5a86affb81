"""The process that runs orchestrators may end at any time: nothing is lost, and nothing waits for ever."""

import time

import psutil

from tests.localhost.conftest import StartHost
from tests.localhost.process import HostProcess, wait_for


def orchestrator_processes(host: HostProcess) -> list[psutil.Process]:
    children = psutil.Process(host.process.pid).children()
    return [child for child in children if "localhost.host.orchestrator_worker" in child.cmdline()]


def test_when_it_is_killed_another_takes_its_place(start_host: StartHost) -> None:
    host = start_host("trial", TRIAL_WORK_SECONDS="0.2")
    host.start("steps", "s", 4)
    wait_for(lambda: "begin 1" in host.traced(), "the second activity runs")
    for process in orchestrator_processes(host):
        process.kill()
    assert host.finished("s")["output"] == [0, 2, 4, 6]
    assert len(orchestrator_processes(host)) == 1


def test_there_are_as_many_as_the_setting_says(start_host: StartHost) -> None:
    host = start_host("trial", FUNCTIONS_WORKER_PROCESS_COUNT="2")
    host.start("fan", "f", 20)
    assert host.finished("f")["output"] == 20
    assert len(orchestrator_processes(host)) == 2


def test_it_ends_with_the_host_however_that_ends(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("fan", "f", 2)
    host.finished("f")
    orphans = orchestrator_processes(host)
    assert orphans
    host.kill()
    wait_for(lambda: not any(process.is_running() for process in orphans), "they have ended")


def test_what_an_orchestrator_raises_reaches_its_instance(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("steps", "s", "no number")
    began = time.monotonic()
    ended = host.finished("s")
    assert ended["runtimeStatus"] == "Failed"
    assert "TypeError" in ended["output"] or "cannot be interpreted as an integer" in ended["output"]
    assert time.monotonic() - began < 20


def test_its_sdk_reads_the_hosts_times_directly(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("reader_of_times", "r")
    assert host.finished("r")["output"] == "localhost.host.sdk_timestamps"
