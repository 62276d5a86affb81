"""Sending requests with the SDK, to this project's broker."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.functions import meta
from azure.servicebus.aio import ServiceBusClient

from localhost.host.service_bus_message import trigger_value
from shared.adapters.service_bus import ServiceBusQueue, UnsetQueue
from shared.domain.batches import Item
from shared.domain.document import Document
from shared.domain.errors import InvalidRequest, NoQueue, Unavailable
from shared.domain.runs import Run
from shared.ports import WorkMessage
from shared.steps.requests import import_request, item_request, theory_request
from tests.support.bus import Bus

QUEUE = "document-imports"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    running = Bus(tmp_path / "bus", Path(__file__).parents[3] / "infra" / "queues.json")
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def queue(bus: Bus) -> AsyncIterator[ServiceBusQueue]:
    sender = ServiceBusQueue(connection_string=bus.connection)
    yield sender
    await sender.close()


async def received(bus: Bus, count: int) -> list[Any]:
    """So many messages, completed."""
    found: list[Any] = []
    async with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_receiver(QUEUE) as receiver,
    ):
        while len(found) < count:
            more = await receiver.receive_messages(count - len(found), max_wait_time=20)
            assert more, f"only {len(found)} of {count} came"
            for message in more:
                await receiver.complete_message(message)
            found += more
    return found


async def test_many_messages_arrive_each_once_with_body_and_properties(bus: Bus, queue: ServiceBusQueue) -> None:
    messages = [WorkMessage(f"m{n}", {"n": n, "pad": "x" * 900}, {"kind": "import", "tries": n}) for n in range(700)]
    await queue.send(QUEUE, messages)
    found = await received(bus, 700)
    assert {message.message_id for message in found} == {f"m{n}" for n in range(700)}
    first = next(message for message in found if message.message_id == "m7")
    assert json.loads(b"".join(first.body))["n"] == 7
    assert first.application_properties == {b"kind": b"import", b"tries": 7}


async def test_the_same_id_twice_is_one_message(bus: Bus, queue: ServiceBusQueue) -> None:
    for _ in range(2):
        await queue.send(QUEUE, [WorkMessage("same", {"a": 1})])
    await queue.send(QUEUE, [WorkMessage("other", b"bytes as they came")])
    assert [b"".join(message.body) for message in await received(bus, 2)] == [b'{"a": 1}', b"bytes as they came"]


async def test_a_message_can_be_sent_to_come_later(bus: Bus, queue: ServiceBusQueue) -> None:
    await queue.send(QUEUE, [WorkMessage("later", {})], delay=2)
    await queue.send(QUEUE, [WorkMessage("now", {})])
    assert [message.message_id for message in await received(bus, 2)] == ["now", "later"]


async def test_a_broker_that_was_killed_is_found_again(bus: Bus, queue: ServiceBusQueue) -> None:
    await queue.send(QUEUE, [WorkMessage("before", {})])
    bus.kill()
    with pytest.raises(Unavailable):
        await queue.send(QUEUE, [WorkMessage("meanwhile", {})])
    bus.start()
    await queue.send(QUEUE, [WorkMessage("after", {})])
    assert {message.message_id for message in await received(bus, 2)} == {"before", "after"}


async def test_what_cannot_be_sent_is_said(queue: ServiceBusQueue) -> None:
    with pytest.raises(InvalidRequest, match="larger"):
        await queue.send(QUEUE, [WorkMessage("huge", {"x": "x" * 2_000_000})])
    with pytest.raises(Unavailable):
        await queue.send("no-such-queue", [WorkMessage("m", {})])
    with pytest.raises(NoQueue, match="ServiceBus"):
        await UnsetQueue().send(QUEUE, [])


async def test_no_body_of_ours_overrides_a_message_s_metadata(bus: Bus, queue: ServiceBusQueue) -> None:
    a, b, c, d = (str(uuid.uuid4()) for _ in range(4))
    document = Document(d, a, b, "a.txt", "0", 1, "pending", "registered", 0, 0)
    run = Run(c, a, b, "theory", "queued", "k")
    requests = [import_request(document), item_request(Item(c, d, a, b, "a.txt")), theory_request(run)]
    await queue.send(QUEUE, requests)
    for message in await received(bus, 3):
        _, plain = trigger_value(message, binary=True)
        _, merged = trigger_value(message, binary=False)
        assert {name: merged[name] for name in plain} == plain
        assert isinstance(merged["MessageId"], meta.Datum)
