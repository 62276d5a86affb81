"""Peers that break the rules: their connection ends with a reason, and nobody else notices."""

import contextlib
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from localhost.service_bus.encode import encode
from localhost.service_bus.frames import AMQP_HEADER, MAX_FRAME, SASL, SASL_HEADER, frame, raw_frame
from localhost.service_bus.performatives import Attach, Begin, Close, Detach, Disposition, Flow, Open, Transfer
from localhost.service_bus.types import Described
from tests.localhost.service_bus.bus import Bus
from tests.localhost.service_bus.peer import Peer, message, transfer

FUZZ = int(os.environ.get("THEOGEN_FUZZ", "3000"))
ACCEPTED = Described(0x24, [])


@pytest.fixture
def peer(bus: Bus) -> Iterator[Peer]:
    made = Peer(bus.port)
    yield made
    made.close()


def raw(body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">IBBH", size or len(body) + 8, 2, 0, 0) + body


@pytest.mark.parametrize(
    ("bytes_sent", "condition"),
    [
        (raw(b"", 7), "amqp:connection:framing-error"),
        (raw(b"", MAX_FRAME + 1), "amqp:connection:framing-error"),
        (raw(b"\xff\xff"), "amqp:decode-error"),
        (raw(b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff"), "amqp:decode-error"),
        (raw(b"\x00" * 100), "amqp:decode-error"),
        (raw(encode("no performative")), "amqp:decode-error"),
        (frame(0, Open("again")), "amqp:not-allowed"),
        (frame(0, Begin(None, 0, 1, 1)), "amqp:not-allowed"),
        (frame(64, Begin(None, 0, 1, 1)), "amqp:not-allowed"),
        (frame(7, Flow(0, 1, 0, 1)), "amqp:not-allowed"),
        (frame(0, Flow(0, 1, 0, 1, 5, 0, 1)), "amqp:session:unattached-handle"),
        (frame(0, Transfer(5, 0, b"t", 0)), "amqp:session:unattached-handle"),
        (frame(0, Attach("name", 256, True)), "amqp:not-allowed"),
        (raw_frame(SASL, 0, encode(Described(0x41, []))), "amqp:connection:framing-error"),
    ],
)
def test_a_broken_rule_ends_the_connection_with_its_reason(peer: Peer, bytes_sent: bytes, condition: str) -> None:
    peer.open().send(bytes_sent)
    error = peer.end()
    assert error.value[0] == condition
    assert error.value[1].endswith(".")


def test_a_stream_that_ends_early_is_told_so(peer: Peer) -> None:
    peer.open().send(b"\x00\x00\x00\x40\x02")
    peer._socket.shutdown(socket.SHUT_WR)
    assert "middle of a frame" in peer.end().value[1]


def test_what_is_no_amqp_is_told_what_this_is(bus: Bus) -> None:
    for greeting in (b"GET / HTTP/1.1\r\n\r\n", b"AMQP\x00\x00\x09\x01", b"AMQP\x02\x01\x00\x00"):
        peer = Peer(bus.port)
        peer.send(greeting)
        assert peer._take(8) == AMQP_HEADER
        assert "no header of AMQP 1.0" in peer.end().value[1]
        peer.close()


def test_a_malformed_handshake_ends_the_connection(peer: Peer) -> None:
    peer.send(SASL_HEADER + raw_frame(SASL, 0, b"\xff"))
    assert peer._take(8) == SASL_HEADER


def test_a_transaction_is_refused_in_a_sentence(peer: Peer) -> None:
    peer.open().say(0, Attach("c", 0, False, None, None, Described(0x28, []), Described(0x30, [None])))
    answer = peer.until("Attach")
    assert (answer.source, answer.target) == (None, None)
    detach: Detach = peer.until("Detach")
    assert detach.error.value[:2] == [
        "amqp:not-implemented",
        "The local Service Bus does not support transactions.",
    ]


def test_a_malformed_message_is_refused_and_the_link_goes_on(bus: Bus, peer: Peer) -> None:
    peer.open().attach(bus.queue(), receives=False)
    peer.send(transfer(0, 0, b"\xff\xff") + transfer(0, 1, message()))
    first, second = peer.until("Disposition"), peer.until("Disposition")
    assert first.state.value[0].value[0] == "amqp:decode-error"
    assert (second.first, second.state) == (1, ACCEPTED)


def test_a_malformed_request_is_refused_and_the_link_goes_on(bus: Bus, peer: Peer) -> None:
    peer.open().attach(f"{bus.queue()}/$management", receives=False)
    body = encode({"message-count": "many"})
    request = b"\x00\x53\x74" + encode({"operation": "com.microsoft:peek-message"}) + b"\x00\x53\x77" + body
    peer.send(transfer(0, 0, b"\x00\x53\x77\xff") + transfer(0, 1, request))
    assert peer.until("Disposition").state.value[0].value[0] == "amqp:decode-error"
    assert peer.until("Disposition").state == ACCEPTED


def test_a_message_in_endless_parts_is_not_kept(bus: Bus, peer: Peer) -> None:
    peer.open().attach(bus.queue(), receives=False)
    before, part = bus.memory(), b"x" * 60_000
    for _ in range(1000):
        peer.send(frame(0, Transfer(0, 0, b"t", 0, False, True), part))
    peer.send(frame(0, Transfer(0, 0, b"t", 0, False, False), part))
    assert peer.until("Disposition").state.value[0].value[0] == "amqp:link:message-size-exceeded"
    assert bus.memory() - before < 20_000


def test_parts_on_too_many_links_end_the_connection(bus: Bus, peer: Peer) -> None:
    peer.open()
    for handle in range(20):
        peer.attach(bus.queue() if handle == 0 else "plain-0", receives=False, handle=handle)
        for _ in range(5):
            peer.send(frame(0, Transfer(handle, handle, b"t", 0, False, True), b"x" * 50_000))
    assert peer.end().value[0] == "amqp:resource-limit-exceeded"


def test_a_claim_to_settle_everything_is_not_walked_through(bus: Bus, peer: Peer) -> None:
    peer.open().say(0, Disposition(True, 0, 0xFFFFFFFF, False, ACCEPTED))
    peer.say(0, Flow(0, 1, 0, 1, echo=True))
    assert peer.next()[1].outgoing_window


def test_a_receiver_that_does_not_read_holds_no_memory(bus: Bus) -> None:
    queue = bus.queue()
    with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_sender(queue) as sender,
    ):
        for _ in range(400):
            sender.send_messages(ServiceBusMessage(b"x" * 250_000))
        before = bus.memory()
        greedy = Peer(bus.port).open()
        greedy.attach(queue, receives=True)
        greedy.say(0, Flow(0, 0x7FFFFFFF, 0, 1, 0, 0, 0x7FFFFFFF))
        time.sleep(2)
        assert bus.memory() - before < 30_000  # of a hundred megabytes
        with client.get_queue_receiver(queue) as other:
            assert other.receive_messages(1, max_wait_time=5)  # what the greedy one could not take
    total, deadline = 0, time.monotonic() + 60
    while total < 300 and time.monotonic() < deadline:  # and once it reads, it gets them
        if type(performative := greedy.next()[1]) is Transfer and not performative.more:
            total += 1
    assert total == 300
    greedy.close()


def test_requests_whose_replies_are_not_read_hold_no_memory(bus: Bus) -> None:
    queue = bus.queue()
    with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_sender(queue) as sender,
    ):
        for _ in range(20):
            sender.send_messages(ServiceBusMessage(b"x" * 250_000))
    peer = Peer(bus.port, patience=1).open()
    for handle, receives in ((0, False), (1, True)):
        peer.attach(f"{queue}/$management", receives=receives, handle=handle)
    body = encode({"from-sequence-number": 0, "message-count": 100})
    request = b"\x00\x53\x74" + encode({"operation": "com.microsoft:peek-message"}) + b"\x00\x53\x77" + body
    before = bus.memory()

    def flood() -> None:
        for number in range(20_000):
            peer.send(transfer(0, number, request, settled=True))

    thread = threading.Thread(target=lambda: _until_it_blocks(flood))
    thread.start()
    time.sleep(3)
    assert bus.memory() - before < 80_000  # a few answers of four megabytes
    peer.close()
    thread.join(20)


def _until_it_blocks(flood: object) -> None:
    try:
        flood()  # type: ignore[operator]
    except OSError:
        return


def test_a_receiver_gets_at_once_what_is_there(bus: Bus, peer: Peer) -> None:
    queue = bus.queue()
    peer.open().attach(queue, receives=False)
    peer.send(transfer(0, 0, message()))
    peer.attach(queue, receives=True, handle=1)
    time.sleep(0.2)
    before = time.monotonic()
    peer.say(0, Flow(1, 99, 0, 99, 1, 0, 5))
    assert peer.until("Transfer").handle == 1
    assert time.monotonic() - before < 0.5


def test_signs_of_life_come_as_often_as_the_peer_wants(bus: Bus) -> None:
    peer = Peer(bus.port).open(idle_time_out=400)
    before = time.monotonic()
    for _ in range(5):
        assert peer._take(8) == b"\x00\x00\x00\x08\x02\x00\x00\x00"
    assert time.monotonic() - before < 2
    peer.say(0, Close())
    assert peer.end() is None
    peer.close()


def well_formed(queue: str) -> list[bytes]:
    """Frames of a healthy conversation, to be damaged."""
    receiving = Attach("r", 1, True, None, None, Described(0x28, [queue]), Described(0x29, [None]))
    sending = Attach("s", 0, False, None, None, Described(0x28, [None]), Described(0x29, [queue]))
    asking = sending._replace(handle=2, target=Described(0x29, [f"{queue}/$management"]))
    body = encode({"from-sequence-number": 0, "message-count": 3})
    request = b"\x00\x53\x74" + encode({"operation": "com.microsoft:peek-message"}) + b"\x00\x53\x77" + body
    opening = [frame(0, each) for each in (Open("f"), Begin(None, 0, 99, 99), sending, receiving, asking)]
    return [
        *opening,
        frame(0, Flow(0, 99, 0, 99, 1, 0, 5)),
        transfer(0, 0, message()),
        transfer(2, 1, request),
        frame(0, Disposition(True, 0, 0, False, ACCEPTED)),
        frame(0, Detach(1, True)),
        frame(0, Close()),
    ]


def damaged(frames: list[bytes], chance: random.Random) -> bytes:
    """The conversation with one to three frames changed, cut, doubled or swapped."""
    frames = list(frames)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(frames))
        one = bytearray(frames[place])
        kind = chance.randrange(6)
        if kind < 3 and one:
            for _ in range(chance.randint(1, 4)):
                # Sizes are mostly left alone: a wrong one only makes the broker wait for the rest.
                one[chance.randrange(4 if chance.random() < 0.9 else 0, len(one))] = chance.randrange(256)
        elif kind == 3:
            del one[chance.randrange(8, len(one) + 1) :]
            one[:4] = len(one).to_bytes(4, "big")
        elif kind == 4:
            frames.insert(place, bytes(one))
        else:
            one += bytes(chance.randrange(256) for _ in range(chance.randint(1, 30)))
            one[:4] = len(one).to_bytes(4, "big")
        frames[place] = bytes(one)
    return b"".join(frames)


def converse(port: int, data: bytes) -> str:
    """Send it all; how it ended: a condition, or `closed` without one. EOFError if the broker only hangs up."""
    peer = Peer(port, patience=5)
    try:
        peer.send(AMQP_HEADER + data)
        with contextlib.suppress(OSError):
            peer._socket.shutdown(socket.SHUT_WR)
        assert peer._take(8) == AMQP_HEADER
        close = peer.until("Close")
        return str(close.error.value[0]) if close.error else "closed"
    finally:
        peer.close()


def test_damaged_conversations_end_with_an_amqp_error_and_nothing_else(bus: Bus) -> None:
    queue, chance = bus.queue(), random.Random(7)
    frames, size = well_formed(queue), 0
    with ThreadPoolExecutor(4) as pool:

        def run(count: int) -> dict[str, int]:
            found: dict[str, int] = {}
            for ended in pool.map(
                lambda data: converse(bus.port, data), (damaged(frames, chance) for _ in range(count))
            ):
                found[ended] = found.get(ended, 0) + 1
            return found

        run(300)
        size = bus.memory()
        found = run(FUZZ // len(frames))
    print(found)
    assert "amqp:internal-error" not in found
    assert {"amqp:decode-error", "closed"} <= found.keys()
    assert all(key.startswith("amqp:") or key == "closed" for key in found)
    assert bus.memory() - size < 8_000 + FUZZ // 50
    with (
        ServiceBusClient.from_connection_string(bus.connection) as client,
        client.get_queue_sender(bus.queue()) as sender,
    ):
        sender.send_messages(ServiceBusMessage("the broker lives on"))
