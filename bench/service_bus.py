"""Messages per second through the local Service Bus: `python -m bench.service_bus`, medians of three runs."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceiver, ServiceBusSender

from tests.localhost.service_bus.bus import Bus

COUNT = 2000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        bus = Bus(Path(folder) / "bus")
        try:
            with ServiceBusClient.from_connection_string(bus.connection) as client:
                queue = bus.queue()
                with client.get_queue_sender(queue) as sender, client.get_queue_receiver(queue) as receiver:
                    receiver.peek_messages(1)
                    _measure(sender, receiver)
        finally:
            bus.stop()


def _measure(sender: ServiceBusSender, receiver: ServiceBusReceiver) -> None:
    figures: dict[str, list[float]] = {}
    for _ in range(3):
        for name, work in (
            ("sent one by one", lambda: _send_singly(sender)),
            ("sent in batches of 100", lambda: _send_batches(sender)),
            ("received and completed", lambda: _receive(receiver, 2 * COUNT)),
        ):
            figures.setdefault(name, []).append(_rate(work))
    for name, rates in figures.items():
        print(f"{name}: {statistics.median(rates):,.0f} messages/s", file=sys.stdout)


def _rate(work: Callable[[], int]) -> float:
    started = time.perf_counter()
    return work() / (time.perf_counter() - started)


def _send_singly(sender: ServiceBusSender) -> int:
    for _ in range(COUNT):
        sender.send_messages(ServiceBusMessage(b"x" * 200))
    return COUNT


def _send_batches(sender: ServiceBusSender) -> int:
    for _ in range(COUNT // 100):
        sender.send_messages([ServiceBusMessage(b"x" * 200) for _ in range(100)])
    return COUNT


def _receive(receiver: ServiceBusReceiver, count: int) -> int:
    left = count
    while left:
        for message in receiver.receive_messages(min(100, left), max_wait_time=10):
            receiver.complete_message(message)
            left -= 1
    return count


if __name__ == "__main__":
    main()
