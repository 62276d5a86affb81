"""The functions host: loading, HTTP, timeouts, refusals."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.localhost.conftest import APPS, StartHost
from tests.localhost.process import HostProcess, wait_for


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    process = HostProcess(APPS / "trial", tmp_path_factory.mktemp("host"), (), {"PYTHON_THREADPOOL_THREAD_COUNT": "2"})
    process.wait_until_ready()
    yield process
    process.kill()


def test_a_route_gives_parameters_query_context_and_headers(host: HostProcess) -> None:
    answer = host.http.get("/API/Greet/Jos%C3%A9%20Luis?a=1&a=2&empty=")
    assert answer.json() == {"greeting": "hello José Luis", "query": {"a": "1,2"}, "function": "greet"}
    assert answer.headers["X-Trial"] == "1"


def test_f34_wrong_method_failure_and_wrapped_answers(host: HostProcess) -> None:
    assert host.http.post("/api/greet/x").status_code == 404
    assert host.http.get("/api/nothing").status_code == 404
    failed = host.http.get("/api/fail")
    assert (failed.status_code, failed.content) == (500, b"")
    wrapped = host.http.get("/api/wrapped")
    assert (wrapped.status_code, wrapped.text, wrapped.headers["X-Wrapped"]) == (418, "tea", "yes")
    text = host.http.get("/api/text")
    assert (text.status_code, text.text) == (200, "plain")
    assert text.headers["Content-Type"].startswith("text/plain")


def test_a_body_arrives_whole_a_chunked_one_empty_and_a_huge_one_not_at_all(start_host: StartHost) -> None:
    host = start_host("trial", FUNCTIONS_REQUEST_BODY_SIZE_LIMIT="1000000")
    body = bytes(range(256)) * 1000
    assert host.http.post("/api/echo", content=body).content == body
    assert host.http.post("/api/echo", content=iter([body])).content == b""
    assert host.http.post("/api/echo", content=body * 10).status_code == 413


def test_f39_a_function_over_its_time_fails_and_says_so(host: HostProcess) -> None:
    assert host.http.get("/api/slow").status_code == 500
    assert host.http.get("/api/blocked").status_code == 500
    text = "Timeout value of 00:00:02 was exceeded by function: Functions."
    assert f"{text}slow" in host.log.read_text()
    assert f"{text}blocked" in host.log.read_text()
    assert "Function blocked cannot be stopped in its thread and goes on" in host.log.read_text()
    host.start("patience", "p")
    assert f"{text}sleep_long" in host.finished("p")["output"]


def test_functions_over_their_time_leave_their_threads_to_the_next(start_host: StartHost) -> None:
    host = start_host("trial", PYTHON_THREADPOOL_THREAD_COUNT="1", TRIAL_BLOCK_SECONDS="600")
    for _ in range(2):
        assert host.http.get("/api/blocked").status_code == 500
    assert host.http.get("/api/text").text == "plain"
    host.start("fan", "f", 2)
    assert host.finished("f")["output"] == 2


def test_f40_a_missing_setting_stops_only_its_function(host: HostProcess) -> None:
    errors = host.http.get("/admin/host/status").json()["errors"]
    assert "unresolved: '%MISSING%' does not resolve to a value." in errors
    assert host.http.get("/admin/host/ping").status_code == 200


def test_a_service_bus_without_connection_and_entity_triggers_are_refused_by_name(host: HostProcess) -> None:
    errors = "\n".join(host.http.get("/admin/host/status").json()["errors"])
    assert "from_queue: Service Bus connection 'ServiceBus' does not exist" in errors
    assert "counter: The trigger 'entityTrigger' is not available" in errors


def test_f41_a_key_vault_reference_is_refused(start_host: StartHost) -> None:
    with pytest.raises(AssertionError, match="'SECRET' is a Key Vault reference"):
        start_host("trial", SECRET="@Microsoft.KeyVault(VaultName=v;SecretName=s)")


def test_f42_blocking_functions_starve_the_threads_that_orchestrators_need(host: HostProcess) -> None:
    import threading

    blockers = [threading.Thread(target=host.http.get, args=("/api/blocked",)) for _ in range(2)]
    for blocker in blockers:
        blocker.start()
    time.sleep(0.3)
    began = time.monotonic()
    instance = host.rpc.post("/orchestrators/read_input").json()["id"]
    host.finished(instance)
    assert time.monotonic() - began > 1
    for blocker in blockers:
        blocker.join()


def test_two_functions_of_one_name_fail_the_whole_app(start_host: StartHost) -> None:
    with pytest.raises(AssertionError, match="cannot be indexed: Function same does not have a unique"):
        start_host("clash")


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_warm_up_runs_once_in_each_process_and_run_on_startup_once(start_host: StartHost, processes: int) -> None:
    host = start_host("trial", LOCALHOST_ACTIVITY_PROCESSES=str(processes))
    wait_for(lambda: len(host.traced()) == processes + 2, "all have run")
    assert host.traced() == [*["warm"] * (processes + 1), "timer False"]
    assert host.stop() == 0


def test_a_timer_runs_on_demand(start_host: StartHost) -> None:
    host = start_host("trial")
    wait_for(lambda: len(host.traced()) == 3, "the start is over")
    assert host.http.post("/admin/functions/nightly", json={}).status_code == 202
    assert host.traced()[3:] == ["timer False"]
    assert host.http.post("/admin/functions/greet", json={}).status_code == 404


def test_the_log_says_where_a_function_failed_but_not_what_its_message_quotes(host: HostProcess) -> None:
    host.http.get("/api/fail")
    log = host.log.read_text()
    assert "Function fail failed: ValueError" in log
    assert "ValueError: no" not in log


def test_instances_are_printed_beside_a_running_host(host: HostProcess, capsys: pytest.CaptureFixture[str]) -> None:
    from localhost.instances import main

    host.rpc.post("/orchestrators/read_input/shown", json={"a": 1})
    host.finished("shown")
    data: Path = host.report.parent
    assert main(["--data", str(data)]) == 0
    assert "read_input  shown" in capsys.readouterr().out
    assert main(["shown", "--data", str(data)]) == 0
    assert "ExecutionCompleted" in capsys.readouterr().out
    assert main(["nobody", "--data", str(data)]) == 1
