"""What the unmodified SDK gets, with both of its clients."""

import asyncio
import itertools
import os
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.servicebus
import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusMessageState, ServiceBusReceiveMode, ServiceBusSubQueue
from azure.servicebus import exceptions as errors
from azure.servicebus.amqp import AmqpAnnotatedMessage

from tests.localhost.service_bus.bus import Bus, Client

SETTLEMENT_IS_ANSWERED = tuple(map(int, azure.servicebus.__version__.split(".")[:2])) >= (7, 15)
DEAD: dict[str, Any] = {"sub_queue": ServiceBusSubQueue.DEAD_LETTER}


def with_both_clients(test: Callable[[Bus, Client], Awaitable[None]]) -> Callable[[Bus], Awaitable[None]]:
    """Run a test with the synchronous and the asynchronous client side by side: both mostly wait."""

    async def run(bus: Bus) -> None:
        clients = [Client(bus.connection, flavour) for flavour in ("sync", "aio")]
        try:
            await asyncio.gather(*(test(bus, client) for client in clients))
        finally:
            for client in clients:
                await client.close()

    run.__name__ = test.__name__
    return run


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def take(receiver: Any, count: int, wait: float = 5) -> list[Any]:
    """So many messages, however many calls they come in."""
    found: list[Any] = []
    while len(found) < count:
        more = await receiver.receive_messages(count - len(found), max_wait_time=wait)
        assert more, f"only {len(found)} of {count} came"
        found += more
    return found


async def nothing_comes(receiver: Any) -> bool:
    return not await receiver.receive_messages(1, max_wait_time=0.5)


@with_both_clients
async def test_all_that_a_sender_says_arrives(bus: Bus, client: Client) -> None:
    queue, a_uuid = bus.queue(), uuid.uuid4()
    said: Any = {"s": "x", "i": 7, "f": 1.5, "b": True, "u": a_uuid, "t": datetime(2026, 1, 2, tzinfo=UTC)}
    message = ServiceBusMessage(
        b"\x00\xff", application_properties=said, subject="subject", content_type="application/json",
        correlation_id="c", message_id="m", to="to", reply_to="back", time_to_live=timedelta(hours=1),
        partition_key="m",
    )  # fmt: skip
    await client.send(queue, message)
    async with client.receiver(queue) as receiver:
        (got,) = await take(receiver, 1)
        assert isinstance(got.lock_token, uuid.UUID)
        assert got.locked_until_utc > datetime.now(UTC)
        await receiver.complete_message(got)
        with pytest.raises(errors.MessageAlreadySettled):
            await receiver.complete_message(got)
    assert b"".join(got.body) == b"\x00\xff"
    assert (got.message_id, got.subject, got.content_type, got.correlation_id) == (
        "m",
        "subject",
        "application/json",
        "c",
    )
    assert (got.to, got.reply_to, got.partition_key) == ("to", "back", "m")
    properties = got.application_properties
    assert (properties[b"s"], properties[b"i"], properties[b"f"], properties[b"b"]) == (b"x", 7, 1.5, True)
    assert properties[b"u"] == a_uuid
    assert (got.delivery_count, got.sequence_number, got.enqueued_sequence_number) == (0, 1, 1)
    assert got.time_to_live == timedelta(hours=1)
    assert got.expires_at_utc == got.enqueued_time_utc + timedelta(hours=1)


@with_both_clients
async def test_every_kind_of_body_passes_untouched(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    note: Any = {b"x-my": "note"}
    messages = (
        AmqpAnnotatedMessage(data_body=[b"a", b"b"]),
        AmqpAnnotatedMessage(value_body={"k": [1, None, 2.5]}),
        AmqpAnnotatedMessage(sequence_body=[[1, "two"]], annotations=note),
    )
    for message in messages:
        await client.send(queue, message)
    async with client.receiver(queue) as receiver:
        data, value, sequence = await take(receiver, 3)
    assert list(data.body) == [b"a", b"b"]
    assert value.body == {b"k": [1, None, 2.5]}
    assert list(sequence.body) == [[1, b"two"]]
    assert sequence.raw_amqp_message.annotations[b"x-my"] == b"note"


@with_both_clients
async def test_a_batch_arrives_whole_and_in_order(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    async with client.sender(queue) as sender:
        batch = await sender.create_message_batch()
        for n in range(100):
            batch.add_message(ServiceBusMessage(f"{n}"))
        await sender.send_messages(batch)
        await sender.send_messages([ServiceBusMessage("100"), ServiceBusMessage("101")])
    async with client.receiver(queue, prefetch_count=20) as receiver:
        got = await take(receiver, 102)
        for message in got:
            await receiver.complete_message(message)
        assert await receiver.peek_messages(1) == []
    assert [str(message) for message in got] == [f"{n}" for n in range(102)]
    assert [message.sequence_number for message in got] == list(range(1, 103))


@with_both_clients
async def test_a_message_up_to_256_kilobytes_is_taken_and_no_larger_one(bus: Bus, client: Client) -> None:
    queue, body = bus.queue(), os.urandom(255_000)
    await client.send(queue, ServiceBusMessage(body))
    with pytest.raises(errors.MessageSizeExceededError):
        await client.send(queue, ServiceBusMessage(b"x" * 300_000))
    async with client.receiver(queue) as receiver:
        (got,) = await take(receiver, 1)
        assert b"".join(got.body) == body
        await receiver.complete_message(got)


@with_both_clients
async def test_an_abandoned_message_returns_until_its_deliveries_are_used_up(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, ServiceBusMessage("poison", application_properties={"a": 1}))
    async with client.receiver(queue) as receiver:
        for attempt in range(3):
            (got,) = await take(receiver, 1)
            assert got.delivery_count == attempt
            await receiver.abandon_message(got)
        assert await nothing_comes(receiver)
    async with client.receiver(queue, **DEAD) as receiver:
        (got,) = await take(receiver, 1)
        await receiver.complete_message(got)
        assert await nothing_comes(receiver)
    assert got.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert got.dead_letter_error_description == "Message could not be consumed after 3 delivery attempts."
    assert (got.delivery_count, got.application_properties[b"a"]) == (3, 1)


@with_both_clients
async def test_a_dead_letter_keeps_the_reason_that_was_given(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, ServiceBusMessage("one"), ServiceBusMessage("two"))
    async with client.receiver(queue) as receiver:
        one, two = await take(receiver, 2)
        await receiver.dead_letter_message(one, reason="why", error_description="porque sí, ñandú")
        await receiver.dead_letter_message(two)
    async with client.receiver(queue, **DEAD) as receiver:
        assert [got.dead_letter_reason for got in await receiver.peek_messages(5)] == ["why", None]
        got = await take(receiver, 2)
        for message in got:
            await receiver.complete_message(message)
    assert (str(got[0]), got[0].dead_letter_error_description) == ("one", "porque sí, ñandú")


@with_both_clients
async def test_dead_letters_are_forwarded_with_their_reason_and_source(bus: Bus, client: Client) -> None:
    queue = bus.queue("forwarding")
    await client.send(queue, ServiceBusMessage("to the grave", message_id="m"))
    async with client.receiver(queue) as receiver, client.receiver(queue.replace("forwarding", "graves")) as graves:
        (got,) = await take(receiver, 1)
        await receiver.dead_letter_message(got, reason="why", error_description="because")
        (got,) = await take(graves, 1)
        await graves.complete_message(got)
        assert (got.dead_letter_reason, got.dead_letter_error_description) == ("why", "because")
        assert (got.dead_letter_source, got.message_id, got.delivery_count) == (queue, "m", 0)
    async with client.receiver(queue, **DEAD) as receiver:
        assert await nothing_comes(receiver)


@with_both_clients
async def test_peeking_shows_messages_in_any_state_and_takes_none(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, *(ServiceBusMessage(f"p{n}") for n in range(5)))
    async with client.receiver(queue) as receiver:
        assert [str(got) for got in await receiver.peek_messages(3)] == ["p0", "p1", "p2"]
        assert [str(got) for got in await receiver.peek_messages(10)] == ["p3", "p4"]
        assert await receiver.peek_messages(3) == []
        (got,) = await receiver.peek_messages(1, sequence_number=2)
        assert (str(got), got.sequence_number) == ("p1", 2)
        await take(receiver, 1)
        assert [str(got) for got in await receiver.peek_messages(1, sequence_number=1)] == ["p0"]


@with_both_clients
async def test_a_scheduled_message_comes_at_its_time_unless_it_is_cancelled(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    async with client.sender(queue) as sender, client.receiver(queue) as receiver:
        numbers = await sender.schedule_messages([ServiceBusMessage("later"), ServiceBusMessage("never")], soon(3))
        await sender.cancel_scheduled_messages(numbers[1])
        with pytest.raises(errors.MessageNotFoundError):
            await sender.cancel_scheduled_messages(999)
        await sender.send_messages(ServiceBusMessage("sent", scheduled_enqueue_time_utc=soon(3.5)))
        peeked = await receiver.peek_messages(10)
        assert [str(got) for got in peeked] == ["later", "sent"]
        assert peeked[0].state == ServiceBusMessageState.SCHEDULED
        assert await nothing_comes(receiver)
        for text in ("later", "sent"):
            (got,) = await take(receiver, 1)
            assert str(got) == text
            assert got.enqueued_time_utc == got.scheduled_enqueue_time_utc
            await receiver.complete_message(got)


@with_both_clients
async def test_a_lock_ends_unless_it_is_renewed(bus: Bus, client: Client) -> None:
    queue = bus.queue("brief")
    await client.send(queue, ServiceBusMessage("held"))
    async with client.receiver(queue) as receiver:
        (got,) = await take(receiver, 1)
        first = got.locked_until_utc
        await asyncio.sleep(2.5)
        assert await receiver.renew_message_lock(got) > first
        await asyncio.sleep(3)
        assert await nothing_comes(receiver)
        await asyncio.sleep(2)
        (again,) = await take(receiver, 1)
        assert (again.delivery_count, again.sequence_number) == (1, got.sequence_number)
        with pytest.raises(errors.MessageLockLostError):
            await receiver.renew_message_lock(got)
        got._expiry, got._settled = soon(60), False  # the client's own check set aside
        if SETTLEMENT_IS_ANSWERED:
            with pytest.raises(errors.MessageLockLostError):
                await receiver.complete_message(got)
        await receiver.complete_message(again)
        assert await receiver.peek_messages(1, sequence_number=1) == []


@with_both_clients
async def test_a_deferred_message_comes_only_when_it_is_asked_for(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, *(ServiceBusMessage(text) for text in "abc"))
    async with client.receiver(queue) as receiver:
        got = await take(receiver, 3)
        for message in got:
            await receiver.defer_message(message)
        assert await nothing_comes(receiver)
        assert (await receiver.peek_messages(1, sequence_number=1))[0].state == ServiceBusMessageState.DEFERRED
        a, b = await receiver.receive_deferred_messages([1, 2])
        assert (str(a), str(b), a.delivery_count) == ("a", "b", 1)
        await receiver.complete_message(a)
        await receiver.dead_letter_message(b, reason="r", error_description="e")
        with pytest.raises(errors.MessageNotFoundError):
            await receiver.receive_deferred_messages([1])
        (c,) = await receiver.receive_deferred_messages(3)
        await receiver.abandon_message(c)
        assert await nothing_comes(receiver)  # still deferred
    async with client.receiver(queue, **DEAD) as receiver:
        (b,) = await take(receiver, 1)
        assert b.dead_letter_reason == "r"


@with_both_clients
async def test_receive_and_delete_keeps_nothing(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, ServiceBusMessage("1"), ServiceBusMessage("2"), ServiceBusMessage("3"))
    mode = ServiceBusReceiveMode.RECEIVE_AND_DELETE
    async with client.receiver(queue, receive_mode=mode) as receiver:
        assert [str(got) for got in await take(receiver, 2)] == ["1", "2"]
        assert [str(got) for got in await receiver.peek_messages(5)] == ["3"]


@with_both_clients
async def test_an_expired_message_is_buried_where_that_is_declared_and_dropped_elsewhere(
    bus: Bus, client: Client
) -> None:
    burying, dropping = bus.queue("expiring"), bus.queue()
    for queue in (burying, dropping):
        await client.send(queue, ServiceBusMessage("brief", time_to_live=timedelta(seconds=1)))
    await asyncio.sleep(1.2)
    async with client.receiver(dropping) as receiver:
        assert await nothing_comes(receiver)
    async with client.receiver(dropping, **DEAD) as receiver:
        assert await nothing_comes(receiver)
    async with client.receiver(burying, **DEAD) as receiver:
        (got,) = await take(receiver, 1)
        assert got.dead_letter_reason == "TTLExpiredException"
        await receiver.complete_message(got)


@with_both_clients
async def test_a_message_id_is_taken_once_in_a_queue_that_detects_duplicates(bus: Bus, client: Client) -> None:
    queue = bus.queue("unique")
    await client.send(queue, ServiceBusMessage("first", message_id="same"))
    await client.send(
        queue, ServiceBusMessage("second", message_id="same"), ServiceBusMessage("third", message_id="new")
    )
    async with client.receiver(queue) as receiver:
        got = await take(receiver, 2)
        assert [str(message) for message in got] == ["first", "third"]
        for message in got:
            await receiver.complete_message(message)
        await client.send(queue, ServiceBusMessage("fourth", message_id="same"))
        assert await nothing_comes(receiver)


@with_both_clients
async def test_receivers_that_compete_share_the_messages(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, *(ServiceBusMessage(f"{n}") for n in range(30)))

    async def work() -> list[str]:
        done: list[str] = []
        async with client.receiver(queue) as receiver:
            while messages := await receiver.receive_messages(3, max_wait_time=2):
                for message in messages:
                    await receiver.complete_message(message)
                    done.append(str(message))
        return done

    done = await asyncio.gather(work(), work(), work())
    assert sorted(itertools.chain(*done), key=int) == [f"{n}" for n in range(30)]


@pytest.mark.skipif(not SETTLEMENT_IS_ANSWERED, reason="older SDKs keep what they prefetched until its lock ends")
@with_both_clients
async def test_a_receiver_that_closes_gives_back_what_it_prefetched(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue, *(ServiceBusMessage(f"{n}") for n in range(10)))
    async with client.receiver(queue, prefetch_count=10) as receiver:
        (got,) = await receiver.receive_messages(1, max_wait_time=5)
        await receiver.complete_message(got)
        await asyncio.sleep(0.3)
    async with client.receiver(queue) as receiver:
        got = await take(receiver, 9)
        assert {message.delivery_count for message in got} == {0}


@with_both_clients
async def test_an_unknown_queue_is_named(bus: Bus, client: Client) -> None:
    with pytest.raises(errors.MessagingEntityNotFoundError, match="'nowhere' could not be found"):
        await client.send("nowhere", ServiceBusMessage("x"))
    with pytest.raises(errors.MessagingEntityNotFoundError, match="'nowhere' could not be found"):
        async with client.receiver("nowhere") as receiver:
            await receiver.receive_messages(1, max_wait_time=2)


@with_both_clients
async def test_sessions_are_refused_in_a_sentence(bus: Bus, client: Client) -> None:
    with pytest.raises(errors.ServiceBusError, match="does not support sessions: receive without session_id"):
        async with client.receiver(bus.queue(), session_id="s") as receiver:
            await receiver.receive_messages(1, max_wait_time=2)


@with_both_clients
async def test_topics_are_refused_in_a_sentence(bus: Bus, client: Client) -> None:
    with pytest.raises(errors.ServiceBusError, match="topics are not supported"):
        async with client.receiver("t/Subscriptions/s") as receiver:
            await receiver.receive_messages(1, max_wait_time=2)


@with_both_clients
async def test_dead_letters_take_no_messages(bus: Bus, client: Client) -> None:
    with pytest.raises(errors.ServiceBusError, match="Messages cannot be sent to"):
        await client.send(f"{bus.queue()}/$DeadLetterQueue", ServiceBusMessage("x"))


@with_both_clients
async def test_names_of_queues_are_the_same_in_any_case(bus: Bus, client: Client) -> None:
    queue = bus.queue()
    await client.send(queue.upper(), ServiceBusMessage("x"))
    async with client.receiver(queue) as receiver:
        await receiver.complete_message((await take(receiver, 1))[0])
