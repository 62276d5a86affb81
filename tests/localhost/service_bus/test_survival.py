"""SIGKILL in the middle of sending and receiving: nothing acknowledged is lost, nothing completed comes again."""

import contextlib
import random
import signal
import threading
import time
from typing import Any

import azure.servicebus
import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from tests.localhost.service_bus.bus import Bus

# Older SDKs do not wait for the answer to a completion, so they cannot know of it.
COMPLETION_IS_ANSWERED = tuple(map(int, azure.servicebus.__version__.split(".")[:2])) >= (7, 15)


class Traffic:
    """A sender and a receiver that go on until the broker is gone, and keep the books."""

    def __init__(self) -> None:
        self.next = 0
        self.over = threading.Event()  # the broker is gone
        self.acknowledged: set[str] = set()
        self.completed: set[str] = set()
        self.seen: set[str] = set()
        self.came_again: set[str] = set()

    def send(self, connection: str, queue: str) -> None:
        with (
            ServiceBusClient.from_connection_string(connection, retry_total=0) as client,
            client.get_queue_sender(queue) as sender,
        ):
            while True:
                while self.next > len(self.seen) + 500 and not self.over.is_set():
                    time.sleep(0.01)  # the receiver is slower
                ids = [f"{self.next + n}" for n in range(random.choice((1, 1, 20)))]
                self.next += len(ids)
                sender.send_messages([ServiceBusMessage("x", message_id=one) for one in ids])
                self.acknowledged.update(ids)

    def receive(self, connection: str, queue: str, until_empty: bool = False) -> None:
        with (
            ServiceBusClient.from_connection_string(connection, retry_total=0) as client,
            client.get_queue_receiver(queue, prefetch_count=50) as receiver,
        ):
            while True:
                messages = receiver.receive_messages(50, max_wait_time=2)
                if until_empty and not messages:
                    return
                for message in messages:
                    self.take(receiver, message)

    def take(self, receiver: Any, message: Any) -> None:
        if message.message_id in self.completed:
            self.came_again.add(message.message_id)
        self.seen.add(message.message_id)
        receiver.complete_message(message)
        self.completed.add(message.message_id)


def until_the_end(work: Any, *arguments: Any) -> threading.Thread:
    def run() -> None:
        with contextlib.suppress(Exception):  # whatever the SDK makes of a broker that is gone
            work(*arguments)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.slow
def test_a_killed_broker_has_lost_nothing_and_repeats_nothing(own_bus: Bus) -> None:
    queue, traffic = own_bus.queue(), Traffic()
    for _ in range(4):
        threads = [until_the_end(work, own_bus.connection, queue) for work in (traffic.send, traffic.receive)]
        before = len(traffic.completed)
        until = time.monotonic() + 20
        while len(traffic.completed) < before + 100 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(random.random())
        own_bus.stop(signal.SIGKILL)
        traffic.over.set()
        for thread in threads:
            thread.join(60)
        traffic.over.clear()
        own_bus.start()
    traffic.receive(own_bus.connection, queue, until_empty=True)
    assert len(traffic.acknowledged) > 400
    assert traffic.acknowledged <= traffic.seen
    if COMPLETION_IS_ANSWERED:
        assert traffic.came_again == set()


def test_what_was_there_is_there_after_an_orderly_end(own_bus: Bus) -> None:
    queue = own_bus.queue()
    with (
        ServiceBusClient.from_connection_string(own_bus.connection) as client,
        client.get_queue_sender(queue) as sender,
        client.get_queue_receiver(queue) as receiver,
    ):
        sender.send_messages([ServiceBusMessage(text) for text in ("done", "dead", "deferred", "held", "left")])
        done, dead, deferred, _ = receiver.receive_messages(4, max_wait_time=5)
        receiver.complete_message(done)
        receiver.dead_letter_message(dead, reason="why")
        receiver.defer_message(deferred)
        receiver.peek_messages(1)  # answered after all that
    assert own_bus.stop() == 0
    own_bus.start()
    with (
        ServiceBusClient.from_connection_string(own_bus.connection) as client,
        client.get_queue_sender(queue) as sender,
        client.get_queue_receiver(queue) as receiver,
    ):
        assert [str(message) for message in receiver.peek_messages(9, sequence_number=1)] == [
            "deferred",
            "held",
            "left",
        ]
        sender.send_messages(ServiceBusMessage("new"))
        messages = receiver.receive_messages(3, max_wait_time=5)
        assert [(str(message), message.sequence_number) for message in messages] == [
            ("held", 4),
            ("left", 5),
            ("new", 6),
        ]
        with client.get_queue_receiver(queue, sub_queue="deadletter") as graves:
            assert graves.receive_messages(1, max_wait_time=5)[0].dead_letter_reason == "why"


def test_a_client_goes_on_when_the_broker_is_back(own_bus: Bus) -> None:
    queue = own_bus.queue()
    with (
        ServiceBusClient.from_connection_string(own_bus.connection, retry_backoff_factor=0.2) as client,
        client.get_queue_sender(queue) as sender,
        client.get_queue_receiver(queue) as receiver,
    ):
        sender.send_messages(ServiceBusMessage("1"))
        receiver.complete_message(receiver.receive_messages(1, max_wait_time=5)[0])
        while receiver.peek_messages(1, sequence_number=1):  # SDKs before 7.15 do not wait for the broker's answer
            pass
        own_bus.stop()
        own_bus.start()
        sender.send_messages(ServiceBusMessage("2"))
        assert str(receiver.receive_messages(1, max_wait_time=10)[0]) == "2"
