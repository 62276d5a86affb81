"""The HTTP API of Durable Functions, and the unmodified client against it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure import durable_functions as df

from localhost.host.client_binding import client_binding
from tests.localhost.conftest import APPS, StartHost
from tests.localhost.process import HostProcess, wait_for


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    process = HostProcess(APPS / "trial", tmp_path_factory.mktemp("api"), (), {})
    process.wait_until_ready()
    yield process
    process.kill()


@pytest.fixture
def client(host: HostProcess) -> df.DurableOrchestrationClient:
    rpc = str(host.rpc.base_url).rstrip("/").removesuffix("/durabletask")
    return df.DurableOrchestrationClient(client_binding(str(host.http.base_url), rpc, "TrialHub", "key"))


def test_f28_an_id_that_runs_is_refused_and_one_that_ended_is_replaced(host: HostProcess) -> None:
    assert host.rpc.post("/orchestrators/listen/twice").status_code == 202
    refused = host.rpc.post("/orchestrators/listen/twice")
    assert refused.status_code == 409
    assert "already running" in refused.json()["Message"]
    host.rpc.post("/instances/twice/raiseEvent/news", json=1)
    assert host.finished("twice")["output"] == ["int", 1]
    assert host.rpc.post("/orchestrators/steps/twice").status_code == 202
    assert host.finished("twice")["name"] == "steps"


def test_f29_statuses_and_orders_answer_with_their_own_codes(host: HostProcess) -> None:
    assert host.rpc.get("/instances/nobody").status_code == 404
    for order in ("terminate", "suspend", "resume", "raiseEvent/news"):
        assert host.rpc.post(f"/instances/nobody/{order}", json=1).status_code == 404
    host.rpc.post("/orchestrators/listen/orders")
    pending = host.rpc.get("/instances/orders")
    assert pending.status_code == 202
    assert pending.headers["Retry-After"] == "5"
    assert host.rpc.post("/instances/orders/raiseEvent/x", content=b"1").status_code == 400
    assert host.rpc.delete("/instances/orders").status_code == 412
    assert host.rpc.post("/instances/orders/terminate?reason=over").status_code == 202
    ended = host.finished("orders")
    assert (ended["runtimeStatus"], ended["output"]) == ("Terminated", "over")
    assert host.rpc.post("/instances/orders/terminate").status_code == 410
    assert host.rpc.post("/instances/orders/raiseEvent/news", json=1).status_code == 410
    assert host.rpc.delete("/instances/orders").json() == {"instancesDeleted": 1}
    assert host.rpc.delete("/instances/orders").status_code == 404


def test_f30_webhooks_and_functions_want_a_key_when_keys_are_checked(start_host: StartHost) -> None:
    guarded = start_host("trial", "--auth")
    keys = json.loads((guarded.report.parent / "keys.json").read_text())
    webhook = "/runtime/webhooks/durabletask/instances"
    assert guarded.http.get(webhook).status_code == 401
    assert guarded.http.get(webhook, params={"code": keys["function"]}).status_code == 401
    assert guarded.http.get(webhook, params={"code": keys["durabletask_extension"]}).status_code == 200
    assert guarded.http.get("/api/text").status_code == 401
    assert guarded.http.get("/api/text", headers={"x-functions-key": keys["function"]}).status_code == 200
    assert guarded.http.get("/api/text", headers={"x-functions-key": keys["master"]}).status_code == 200
    assert guarded.http.post("/api/echo", content=b"x").status_code == 201


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"a": 1}, ("Completed", {"a": 1})),
        ([1], ("Failed", "the JSON object must be str, bytes or bytearray, not list")),
        ("text", ("Failed", "Expecting value")),
    ],
)
def test_f31_a_start_by_http_decodes_its_body_only_once(
    host: HostProcess, body: object, found: tuple[str, object]
) -> None:
    instance = host.rpc.post("/orchestrators/read_input", json=body).json()["id"]
    ended = host.finished(instance)
    assert ended["runtimeStatus"] == found[0]
    if found[0] == "Completed":
        assert ended["output"] == found[1]
    else:
        assert str(found[1]) in ended["output"]


def test_f32_an_event_of_the_python_client_arrives_as_text(host: HostProcess) -> None:
    host.start("listen", "heard")
    assert host.http.post("/api/tell/heard/news", json={"a": 1}).status_code == 202
    assert host.finished("heard")["output"] == ["str", '{"a": 1}']
    host.rpc.post("/orchestrators/listen/told")
    host.rpc.post("/instances/told/raiseEvent/news", json={"a": 1})
    assert host.finished("told")["output"] == ["dict", {"a": 1}]


async def test_f33_a_list_is_paged_and_the_client_reads_only_the_first_page(
    host: HostProcess, client: df.DurableOrchestrationClient
) -> None:
    for number in range(250):
        host.rpc.post(f"/orchestrators/read_input/many-{number:03}")
    first = host.rpc.get("/instances", params={"instanceIdPrefix": "many-"})
    token = first.headers["x-ms-continuation-token"]
    second = host.rpc.get(
        "/instances", params={"instanceIdPrefix": "many-"}, headers={"x-ms-continuation-token": token}
    )
    assert [len(first.json()), len(second.json())] == [100, 100]
    assert second.json()[0]["instanceId"] == "many-100"
    assert len(await client.get_status_by(instance_id_prefix="many-")) == 100


async def test_the_unmodified_client_starts_asks_steers_and_purges(
    host: HostProcess, client: df.DurableOrchestrationClient
) -> None:
    assert not await client.get_status("unknown")
    assert await client.start_new("listen", "mine") == "mine"
    await client.suspend("mine", "a pause")
    wait_for(lambda: host.rpc.get("/instances/mine").json()["runtimeStatus"] == "Suspended", "it is suspended")
    await client.raise_event("mine", "news", [1])
    await client.resume("mine", "go on")
    assert host.finished("mine")["output"] == ["str", "[1]"]
    status = await client.get_status("mine", show_history=True)
    assert status.runtime_status == df.OrchestrationRuntimeStatus.Completed
    assert status.historyEvents[0]["EventType"] == "ExecutionStarted"
    restarted = await client.restart("mine")
    await client.terminate(restarted["id"], "no more")
    assert host.finished(restarted["id"])["output"] == "no more"
    assert (await client.purge_instance_history("mine")).instances_deleted == 1
    since = datetime.now(UTC) - timedelta(hours=1)
    finished = [df.OrchestrationRuntimeStatus.Terminated]
    assert (await client.purge_instance_history_by(since, runtime_status=finished)).instances_deleted >= 1
    with pytest.raises(Exception, match="No instance with ID"):
        await client.terminate("mine", "gone")


async def test_an_impossible_id_is_a_clean_error_of_the_client(client: df.DurableOrchestrationClient) -> None:
    with pytest.raises(Exception, match="Instance ids have up to"):
        await client.start_new("listen", "@entity")


def test_what_this_host_does_not_have_is_refused_by_name(host: HostProcess) -> None:
    assert "entities" in host.rpc.get("/entities/counter/k").json()["Message"]
    host.rpc.post("/orchestrators/read_input/done")
    assert "Rewind" in host.rpc.post("/instances/done/rewind").json()["Message"]


def test_an_unknown_orchestrator_is_accepted_and_then_fails(host: HostProcess) -> None:
    assert host.rpc.post("/orchestrators/nope/unknown-name").status_code == 202
    ended = host.finished("unknown-name")
    assert ended["runtimeStatus"] == "Failed"
    assert ended["output"].startswith("The function 'nope' doesn't exist, is disabled, or is not an orchestrator")


def test_a_start_that_waits_answers_with_the_output(host: HostProcess) -> None:
    answer = host.rpc.post("/orchestrators/steps/waited?timeout=10&pollingInterval=0.05", json="2")
    assert (answer.status_code, answer.json()) == (200, [0, 2])
