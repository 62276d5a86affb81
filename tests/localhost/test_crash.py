"""A host that is killed loses nothing: the next one on the same data goes on."""

import pytest

from tests.localhost.conftest import StartHost
from tests.localhost.process import wait_for


def test_f26_an_activity_that_was_running_when_the_host_was_killed_runs_again(start_host: StartHost) -> None:
    first = start_host("trial", TRIAL_WORK_SECONDS="0.4")
    first.start("steps", "s", 4)
    wait_for(lambda: "begin 2" in first.traced(), "the third activity runs")
    first.kill()
    second = start_host("trial")
    assert second.finished("s")["output"] == [0, 2, 4, 6]
    begun = [line for line in second.traced() if line.startswith("begin")]
    assert begun == ["begin 0", "begin 1", "begin 2", "begin 2", "begin 3"]


def test_a_wide_fan_survives_kill_after_kill(start_host: StartHost) -> None:
    host = start_host("trial")
    host.start("fan", "f", 600)
    for _ in range(3):
        host.kill()
        host = start_host("trial")
    assert host.finished("f")["output"] == 600


def test_a_clean_stop_lets_the_running_activity_end(start_host: StartHost) -> None:
    first = start_host("trial", TRIAL_WORK_SECONDS="0.5")
    first.start("steps", "s", 1)
    wait_for(lambda: "begin 0" in first.traced(), "the activity runs")
    assert first.stop() == 0
    second = start_host("trial")
    assert second.finished("s")["output"] == [0]
    assert second.traced().count("begin 0") == 1


def test_two_hosts_never_share_a_data_folder(start_host: StartHost) -> None:
    start_host("trial")
    with pytest.raises(AssertionError, match="Another host works on"):
        start_host("trial")
