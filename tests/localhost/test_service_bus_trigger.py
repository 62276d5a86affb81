"""Service Bus triggers against this project's broker."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from azure.functions import meta
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceivedMessage, ServiceBusSubQueue

from localhost.host.invoker import decode
from localhost.host.service_bus_message import BodyError, trigger_value
from tests.localhost.conftest import StartHost
from tests.localhost.process import HostProcess, wait_for
from tests.localhost.service_bus.bus import Bus


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    running = Bus(tmp_path_factory.mktemp("bus"))
    yield running
    running.stop()


@pytest.fixture
def own_bus(tmp_path: Path) -> Iterator[Bus]:
    running = Bus(tmp_path / "bus")
    yield running
    running.stop()


def send(bus: Bus, queue: str, *messages: ServiceBusMessage) -> None:
    with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_sender(queue) as sender,
    ):
        sender.send_messages(list(messages))


def count(bus: Bus, queue: str, **options: Any) -> int:
    with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_receiver(queue, **options) as receiver,
    ):
        return len(receiver.peek_messages(100))


def traced(host: HostProcess) -> list[dict[str, Any]]:
    return [json.loads(line) for line in host.traced()]


def test_a_function_gets_body_and_metadata_as_in_azure(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue()
    said: Any = {"project": "p", "n": 7}
    send(bus, queue, ServiceBusMessage("ñandú", message_id="m", subject="s", application_properties=said))
    host = start_host("queues", ServiceBus=bus.connection, SEEN=queue)
    wait_for(lambda: bool(host.traced()), "the message has been seen")
    (seen,) = traced(host)
    assert (seen["body"], seen["id"], seen["delivery"], seen["sequence"]) == ("ñandú", "m", 1, 1)
    assert (seen["subject"], seen["label"], seen["properties"], seen["user"]) == ("s", "s", said, said)
    assert (seen["naive"], seen["state"], seen["reason"]) == (True, None, None)
    assert seen["expires"].startswith("9999-12-31")
    assert "LockToken" in seen["metadata"]
    assert "ContentType" not in seen["metadata"]  # it has none
    wait_for(lambda: count(bus, queue) == 0, "the message is completed")


def test_f38_a_body_that_is_a_json_object_overrides_metadata_of_the_same_name(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue()
    body = {"messageid": "x", "DeliveryCount": 5, "Subject": ["lists", "are", "passed", "by"], "own": {"a": 1}}
    send(bus, queue, ServiceBusMessage(json.dumps(body), message_id="m", subject="s"))
    host = start_host("queues", ServiceBus=bus.connection, SEEN=queue)
    wait_for(lambda: bool(host.traced()), "the message has been seen")
    (seen,) = traced(host)
    assert (seen["id"], seen["delivery"], seen["subject"]) == ("x", 5, "s")
    assert "own" in seen["metadata"]


def test_f38_a_body_whose_property_has_the_wrong_type_fails_the_function(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue()
    send(bus, queue, ServiceBusMessage('{"State": "open"}'))
    host = start_host("queues", ServiceBus=bus.connection, SEEN=queue)
    wait_for(lambda: count(bus, queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) == 1, "it is given up")
    assert host.traced() == []


def test_f37_a_function_that_raises_gets_the_message_ten_times_and_then_it_is_buried(
    bus: Bus, start_host: StartHost
) -> None:
    queue = bus.queue("ten")
    send(bus, queue, ServiceBusMessage("poison"))
    host = start_host("queues", WHERE="Other", AzureWebJobsOther=bus.connection, FAILING=queue)
    wait_for(lambda: count(bus, queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) == 1, "it is given up")
    assert [seen["delivery"] for seen in traced(host)] == list(range(1, 11))
    assert "Function fail failed: ValueError" in host.log.read_text()


def test_no_more_calls_run_at_once_than_host_json_allows(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue()
    send(bus, queue, *(ServiceBusMessage("x", message_id=f"{n}") for n in range(8)))
    options = {"AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls": "3"}
    host = start_host("queues", ServiceBus=bus.connection, SLOW=queue, TRIAL_WORK_SECONDS="0.4", **options)
    wait_for(lambda: sum("ended" in seen for seen in traced(host)) == 8, "all have ended")
    begun = [seen for seen in traced(host) if "began" in seen]
    assert max(seen["running"] for seen in begun) == 3
    assert len(begun) == 8


@pytest.mark.slow
def test_a_lock_is_renewed_while_the_function_runs(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue("brief")
    send(bus, queue, ServiceBusMessage("x", message_id="long"))
    host = start_host("queues", ServiceBus=bus.connection, SLOW=queue, TRIAL_WORK_SECONDS="8")
    wait_for(lambda: any("ended" in seen for seen in traced(host)), "it has ended")
    wait_for(lambda: count(bus, queue) == 0, "it is completed")
    assert sum("began" in seen for seen in traced(host)) == 1


def test_a_lock_that_is_not_renewed_gives_the_message_to_another_run(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue("brief")
    send(bus, queue, ServiceBusMessage("x", message_id="long"))
    options = {"AzureFunctionsJobHost__extensions__serviceBus__maxAutoLockRenewalDuration": "00:00:00"}
    host = start_host("queues", ServiceBus=bus.connection, SLOW=queue, TRIAL_WORK_SECONDS="7", **options)
    wait_for(lambda: sum("began" in seen for seen in traced(host)) == 2, "it has begun again")
    assert [seen["delivery"] for seen in traced(host) if "began" in seen] == [1, 2]


def test_a_host_without_auto_complete_leaves_the_message_locked(bus: Bus, start_host: StartHost) -> None:
    queue = bus.queue()
    send(bus, queue, ServiceBusMessage("x"))
    options = {"AzureFunctionsJobHost__extensions__serviceBus__autoCompleteMessages": "false"}
    host = start_host("queues", ServiceBus=bus.connection, SEEN=queue, **options)
    wait_for(lambda: bool(host.traced()), "the message has been seen")
    time.sleep(0.5)
    assert count(bus, queue) == 1


def test_a_listener_goes_on_after_the_service_bus_was_away(own_bus: Bus, start_host: StartHost) -> None:
    queue = own_bus.queue()
    host = start_host("queues", ServiceBus=own_bus.connection, SEEN=queue)
    send(own_bus, queue, ServiceBusMessage("before"))
    wait_for(lambda: len(host.traced()) == 1, "the first has been seen")
    own_bus.stop(signal.SIGKILL)
    time.sleep(1)
    own_bus.start()
    send(own_bus, queue, ServiceBusMessage("after"))
    wait_for(lambda: len(host.traced()) >= 2, "the second has been seen", 60)
    assert traced(host)[-1]["body"] == "after"
    assert host.stop() == 0


def test_what_is_not_supported_is_refused_in_a_sentence(bus: Bus, start_host: StartHost) -> None:
    host = start_host("queues", ServiceBus=bus.connection)
    errors = "\n".join(host.http.get("/admin/host/status").json()["errors"])
    assert "take_many: The local host gives Service Bus messages one by one" in errors
    assert "in_sessions: The local host does not support sessions" in errors
    assert "of_a_topic: The local host has Service Bus queues only" in errors
    assert "nowhere: Service Bus connection 'Unknown' does not exist" in errors
    assert "see: '%SEEN%' does not resolve to a value." in errors


class Received:
    """A received message as far as the host looks at it."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def __getattr__(self, name: str) -> Any:
        return {"delivery_count": 0, "message_id": "m", "application_properties": {b"k": b"v"}}.get(name)


def test_the_body_of_a_value_is_text_and_of_other_values_is_refused() -> None:
    assert trigger_value(Received("text"), binary=False)[0] == meta.Datum("text", "string")
    with pytest.raises(BodyError):
        trigger_value(Received(7), binary=False)


def test_binary_bodies_are_bytes_and_override_nothing() -> None:
    value, metadata = trigger_value(Received([b'{"MessageId": "x"}']), binary=True)
    message: func.ServiceBusMessage = decode({"type": "serviceBusTrigger"}, value, metadata)
    assert (message.get_body(), message.message_id) == (b'{"MessageId": "x"}', "m")
    assert message.application_properties == {"k": "v"}


def test_received_messages_have_all_that_the_host_reads() -> None:
    for name in ("session_id", "reply_to_session_id", "partition_key", "expires_at_utc", "dead_letter_source"):
        assert hasattr(ServiceBusReceivedMessage, name)
