"""A queue on virtual time, without a network."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from localhost.service_bus.broker import Broker
from localhost.service_bus.declaration import QueueSettings
from localhost.service_bus.decode import decode
from localhost.service_bus.encode import encode, section
from localhost.service_bus.errors import LOCK_LOST, MESSAGE_NOT_FOUND, Refusal
from localhost.service_bus.message import Message, delivered, sections
from localhost.service_bus.queue import Queue
from localhost.service_bus.store import Store
from localhost.service_bus.types import Symbol, Timestamp, UInt

SECOND = 1000


class VirtualClock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 1_700_000_000_000

    def now(self) -> int:
        return self.time


class Taker:
    """Takes up to `room` messages."""

    def __init__(self, room: int = 100, deletes: bool = False) -> None:
        self.room = room
        self.deletes = deletes
        self.taken: list[tuple[str, int]] = []
        self.tokens: list[uuid.UUID] = []

    def is_ready(self) -> bool:
        return self.room > 0

    def take(self, message: Message, raw: bytes) -> None:
        self.room -= 1
        (body,) = sections(raw)[0x75]
        self.taken.append((decode(body).decode(), message.delivery_count))
        if message.token:
            self.tokens.append(message.token)


class World:
    """A broker with a few queues, its clock, and what its tests do with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = VirtualClock()
        self.open()

    def open(self) -> None:
        self.store = Store(self.folder)
        settings = [
            QueueSettings("graves"),
            QueueSettings("q", max_delivery_count=2, lock_duration=60 * SECOND),
            QueueSettings("f", max_delivery_count=1, forwards_dead_letters_to="graves"),
            QueueSettings("t", time_to_live=10 * SECOND, dead_letters_expired=True),
            QueueSettings("d", detects_duplicates=True, duplicate_window=600 * SECOND),
        ]
        self.broker = Broker(settings, self.store, self.clock)

    def reopen(self) -> None:
        self.store.close()
        self.open()

    def __getitem__(self, name: str) -> Queue:
        return self.broker.find(name)[0]

    def wait(self, seconds: float) -> None:
        self.clock.time += int(seconds * SECOND)
        self.broker.keep_appointments()
        self.broker.dispatch()

    def take(self, name: str, **options: Any) -> Taker:
        taker = Taker(**options)
        self[name].join(taker)
        self.broker.dispatch()
        self[name].leave(taker)
        return taker


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def message(text: str, ttl: int | None = None, message_id: str | None = None, at: int | None = None) -> bytes:
    parts = [section(0x70, encode([True, None, None if ttl is None else UInt(ttl)]))]
    if at is not None:
        parts.append(section(0x72, encode({Symbol("x-opt-scheduled-enqueue-time"): Timestamp(at)})))
    parts.append(section(0x73, encode([message_id])))
    return b"".join([*parts, section(0x75, encode(text.encode()))])


def refuses(condition: str, call: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as refusal:
        call()
    assert refusal.value.condition == condition


def test_a_lock_ends_to_the_millisecond(world: World) -> None:
    world["q"].send([message("a")])
    (token,) = world.take("q").tokens
    world.wait(59.999)
    assert world.take("q").taken == []
    world["q"].renew([token])
    world.wait(59.999)
    assert world.take("q").taken == []
    world.wait(0.001)
    refuses(LOCK_LOST, lambda: world["q"].complete(token))
    assert world.take("q").taken == [("a", 1)]


def test_a_lock_that_is_over_is_lost_even_before_anybody_has_noticed(world: World) -> None:
    world["q"].send([message("a")])
    (token,) = world.take("q").tokens
    world.clock.time += 60 * SECOND
    refuses(LOCK_LOST, lambda: world["q"].complete(token))
    refuses(LOCK_LOST, lambda: world["q"].renew([token]))


def test_locks_that_end_count_as_deliveries(world: World) -> None:
    world["q"].send([message("a")])
    for _ in range(2):
        world.take("q")
        world.wait(60)
    assert world.take("q").taken == []
    assert world.take("q/$DeadLetterQueue").taken == [("a", 2)]


def test_a_released_message_is_not_counted(world: World) -> None:
    world["q"].send([message("a")])
    for _ in range(5):
        taker = world.take("q")
        world["q"].abandon(taker.tokens[0], counted=False)
    assert taker.taken == [("a", 0)]


def test_dead_letters_are_forwarded_once_and_start_afresh(world: World) -> None:
    world["f"].send([message("a")])
    world["f"].abandon(world.take("f").tokens[0])
    assert world.take("f/$DeadLetterQueue").taken == []
    ((dead, raw),) = world["graves"].peek(0, 9)
    assert (dead.reason, dead.source, dead.delivery_count) == ("MaxDeliveryCountExceeded", "f", 0)
    assert b"x-opt-deadletter-source" in delivered(dead, raw)


def test_the_shorter_of_two_times_to_live_counts(world: World) -> None:
    world["t"].send([message("queue's", ttl=60 * SECOND), message("its own", ttl=5 * SECOND)])
    world.wait(5)
    assert world.take("t/$DeadLetterQueue").taken == [("its own", 0)]
    world.wait(5)
    assert world.take("t/$DeadLetterQueue").taken == [("queue's", 0)]
    assert world["t"].depth == 0


def test_a_locked_message_expires_only_when_it_is_given_back(world: World) -> None:
    world["t"].send([message("a")])
    (token,) = world.take("t").tokens
    world.wait(11)
    assert world["t"].depth == 1
    world["t"].abandon(token)
    world.wait(0)
    assert world["t"].depth == 0


def test_a_deferred_message_does_not_expire(world: World) -> None:
    world["t"].send([message("a")])
    world["t"].defer(world.take("t").tokens[0])
    world.wait(3600)
    assert [item[0].sequence for item in world["t"].receive_deferred([1], deletes=False)] == [1]


def test_deferred_messages_are_received_all_or_none(world: World) -> None:
    world["q"].send([message("a"), message("b")])
    world["q"].defer(world.take("q", room=1).tokens[0])
    refuses(MESSAGE_NOT_FOUND, lambda: world["q"].receive_deferred([1, 2], deletes=True))
    assert len(world["q"].receive_deferred([1], deletes=True)) == 1
    refuses(MESSAGE_NOT_FOUND, lambda: world["q"].receive_deferred([1], deletes=True))


def test_a_scheduled_message_waits_even_for_days_and_lives_from_then_on(world: World) -> None:
    world["t"].send([message("a", at=world.clock.now() + 86_400 * SECOND)])
    world.wait(86_399)
    assert world.take("t").taken == []
    world.wait(1)
    world.wait(9.9)
    assert world.take("t").taken == [("a", 0)]


def test_a_duplicate_is_dropped_within_the_window_also_over_a_restart(world: World) -> None:
    world["d"].send([message("first", message_id="m")])
    world.wait(300)
    world["d"].send([message("again", message_id="m"), message("without"), message("without")])
    world.reopen()
    world.wait(299)
    world["d"].send([message("again", message_id="m")])
    world.wait(1)
    world["d"].send([message("later", message_id="m")])
    assert [text for text, _ in world.take("d").taken] == ["first", "without", "without", "later"]


def test_after_a_restart_all_is_there_but_the_locks(world: World) -> None:
    world["q"].send([message(text) for text in "abcd"])
    first = world.take("q", room=3)
    world["q"].complete(first.tokens[0])
    world["q"].abandon(first.tokens[1])
    world.reopen()
    refuses(LOCK_LOST, lambda: world["q"].complete(first.tokens[2]))
    assert world.take("q").taken == [("b", 1), ("c", 0), ("d", 0)]
    assert world["q"].send([message("e")]) == [5]


def test_messages_go_round_among_those_who_have_room(world: World) -> None:
    full, one, two = Taker(0), Taker(), Taker()
    for taker in (full, one, two):
        world["q"].join(taker)
    world["q"].send([message(text) for text in "abcd"])
    world.broker.dispatch()
    assert [[text for text, _ in taker.taken] for taker in (full, one, two)] == [[], ["a", "c"], ["b", "d"]]


def test_what_went_early_leaves_nothing_behind(world: World) -> None:
    for _ in range(100):
        world["t"].send([message("x") for _ in range(100)])
        world.take("t", deletes=True)
        world.broker.keep_appointments()
    assert len(world.broker._agenda) < 1200
    assert world.store._reader.execute("SELECT count(*) FROM messages").fetchone() == (0,)
    world.store.commit(world.store.take())
    assert world.store._reader.execute("SELECT count(*) FROM bodies").fetchone() == (0,)


def test_the_declared_order_of_a_batch_is_all_or_nothing(world: World) -> None:
    refuses("amqp:decode-error", lambda: world["q"].send([message("good"), b"\xff"]))
    assert world["q"].depth == 0
