"""Requests that no good client sends get the code and the words of the specification, and the host goes on."""

from collections.abc import Iterator

import pytest

from localhost.durable.protocol import compact
from tests.localhost.conftest import APPS, StartHost
from tests.localhost.process import HostProcess

NOT_JSON = "The request body is not valid JSON."
WRONG = "One or more of the arguments submitted is incorrect"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    process = HostProcess(APPS / "trial", tmp_path_factory.mktemp("bad"), (), {})
    process.wait_until_ready()
    yield process
    assert "Traceback" not in process.log.read_text()
    process.kill()


@pytest.mark.parametrize(
    "body",
    [b"{", b"{'a': 1}", b"[1,", b"\xff\xfe{", b'"\xe9"', b"[" * 100_000, b'{"a": 1} b'],
    ids=["open", "quotes", "cut off", "no text", "not UTF-8", "endless", "more after it"],
)
def test_malformed_json_starts_nothing_and_raises_nothing(host: HostProcess, body: bytes) -> None:
    host.rpc.post("/orchestrators/listen/hears")
    for path in ("/orchestrators/listen/malformed", "/instances/hears/raiseEvent/news"):
        answer = host.rpc.post(path, content=body, headers=JSON)
        assert (answer.status_code, answer.json()["Message"]) == (400, NOT_JSON)
    assert host.rpc.get("/instances/malformed").status_code == 404
    assert host.rpc.get("/instances/hears").status_code == 202


def test_half_a_character_in_json_is_kept_as_it_came(host: HostProcess) -> None:
    started = host.rpc.post("/orchestrators/listen/half", content=rb'"\ud83d"', headers=JSON)
    assert started.status_code == 202
    host.rpc.post("/instances/half/raiseEvent/news", content=rb'"\ud83d"', headers=JSON)
    assert host.finished("half")["output"] == ["str", "\ud83d"]


@pytest.mark.parametrize("instance", ["@x", "x" * 101, "a%23b", "a%3Fb", "a%5Cb", "a%01b"])
def test_an_impossible_id_is_refused(host: HostProcess, instance: str) -> None:
    answer = host.rpc.post(f"/orchestrators/listen/{instance}")
    assert answer.status_code == 400
    assert answer.json()["Message"].startswith("Instance ids have up to 100 characters")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/instances?top=many"),
        ("GET", "/instances?top=inf"),
        ("GET", "/instances?top=-1"),
        ("GET", "/instances?createdTimeFrom=yesterday"),
        ("DELETE", "/instances?createdTimeFrom=yesterday"),
        ("POST", "/orchestrators/listen?timeout=soon"),
        ("POST", "/orchestrators/listen?timeout=nan"),
        ("POST", "/orchestrators/listen?timeout=1&pollingInterval=x"),
    ],
)
def test_arguments_that_are_no_numbers_or_times_are_refused(host: HostProcess, method: str, path: str) -> None:
    answer = host.rpc.request(method, path)
    assert (answer.status_code, answer.json()["Message"]) == (400, WRONG)


def test_unknown_orders_verbs_and_functions_are_not_found(host: HostProcess) -> None:
    host.rpc.post("/orchestrators/listen/there")
    for method, path in (("POST", "/instances/there/hurry"), ("PUT", "/instances/there"), ("GET", "/orchestrators/x")):
        assert host.rpc.request(method, path).status_code == 404, path
    assert host.http.get("/api/no-such-function").status_code == 404
    assert host.http.post("/admin/functions/no-such-function").status_code == 404


def test_a_webhook_takes_no_larger_body_than_the_host_and_the_rpc_endpoint_takes_any(start_host: StartHost) -> None:
    small = start_host("trial", FUNCTIONS_REQUEST_BODY_SIZE_LIMIT="1000")
    large = compact("x" * 5000)
    webhook = "/runtime/webhooks/durabletask/orchestrators/read_input/large"
    assert small.http.post(webhook, content=large, headers=JSON).status_code == 413
    assert small.rpc.post("/orchestrators/read_input/large", content=compact(large), headers=JSON).status_code == 202
    assert small.finished("large")["output"] == "x" * 5000
