"""Who sends messages, now or for later, calls them back, and puts some aside: until each step is acknowledged."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import MessageNotFoundError

from tests.localhost.crash.clients import PAUSE
from tests.localhost.crash.plan import Plan, Post

LATER = "later"
ASIDE = 0.5  # seconds that a kill has to fall into


class Mail:
    """Speaks with the broker through the SDK."""

    def __init__(self, plan: Plan, connection: str) -> None:
        self._plan, self._connection = plan, connection
        self.unsure: set[str] = set()  # messages that were sent more than once
        self.cancelled: set[str] = set()  # acknowledged, and scheduled only once
        self.not_before: dict[str, float] = {}  # when each may be delivered first
        self.flowing = asyncio.Event()
        self._scheduled: dict[str, int] = {}
        self._seen: dict[int, str] = {}  # what came of the queue for later: number and id
        self._aside: set[int] = set()  # numbers whose deferral was acknowledged
        self._fetched: set[int] = set()
        self._completed: set[int] = set()
        self._back: list[int] = []

    async def send_all(self) -> None:
        """Send all messages; some are scheduled, and some of these called back."""
        left = [*self._plan.posts]
        while left:
            with contextlib.suppress(Exception):  # whatever the SDK makes of a broker that is gone
                await self._send(left)
            self.flowing.clear()
            if left:
                if left[0].id not in self._scheduled:
                    self.unsure.add(left[0].id)
                await asyncio.sleep(PAUSE)
        self.flowing.set()

    async def _send(self, left: list[Post]) -> None:
        async with contextlib.AsyncExitStack() as stack:
            client = ServiceBusClient.from_connection_string(self._connection, retry_total=0)
            await stack.enter_async_context(client)
            senders: dict[str, Any] = {}
            while left:
                post = left[0]
                if post.queue not in senders:
                    senders[post.queue] = await stack.enter_async_context(client.get_queue_sender(post.queue))
                await self._post(senders[post.queue], post)
                left.pop(0)
                self.flowing.set()
                await asyncio.sleep(self._plan.gap)

    async def _post(self, sender: Any, post: Post) -> None:
        message = ServiceBusMessage(json.dumps(post.body), message_id=post.id)
        due = datetime.now(UTC) + timedelta(seconds=post.delay)
        self.not_before.setdefault(post.id, due.timestamp())
        if not post.delay:
            await sender.send_messages(message)
            return
        if post.id not in self._scheduled or not post.cancelled:
            self._scheduled.pop(post.id, None)
            [self._scheduled[post.id]] = await sender.schedule_messages(message, due)
        if post.cancelled:
            try:
                await sender.cancel_scheduled_messages(self._scheduled[post.id])
            except MessageNotFoundError:
                return  # called back already and the answer lost, or due meanwhile
            if post.id not in self.unsure:
                self.cancelled.add(post.id)

    async def put_aside(self, left: Callable[[], bool]) -> None:
        """Defer messages, then fetch each by its number and complete it, until none is left on the disk."""
        unsent = [*self._plan.deferred]
        while unsent or left():
            with contextlib.suppress(Exception):
                async with ServiceBusClient.from_connection_string(self._connection, retry_total=0) as client:
                    async with client.get_queue_sender(LATER) as sender:
                        while unsent:
                            await sender.send_messages(ServiceBusMessage("aside", message_id=unsent[0]))
                            unsent.pop(0)
                    async with client.get_queue_receiver(LATER) as receiver:
                        while left():
                            await self._defer_some(receiver)
                            await asyncio.sleep(ASIDE)
                            await self._fetch_some(receiver)
            await asyncio.sleep(PAUSE)
        assert set(self._seen.values()) == {*self._plan.deferred}, "a message to put aside never came"
        lost = self._aside - self._fetched
        assert not lost, f"deferred and lost: {lost}"
        assert not self._back, f"deferred or completed, and delivered again: {self._back}"

    async def _defer_some(self, receiver: ServiceBusReceiver) -> None:
        for message in await receiver.receive_messages(max_message_count=5, max_wait_time=0.2):
            number = message.sequence_number or 0
            self._seen[number] = str(message.message_id)
            if number in self._completed | self._aside:
                self._back.append(number)
            await receiver.defer_message(message)
            self._aside.add(number)

    async def _fetch_some(self, receiver: ServiceBusReceiver) -> None:
        for number in self._seen.keys() - self._completed:
            # Not there: its deferral or its completion was not acknowledged, and one of them happened nevertheless.
            with contextlib.suppress(MessageNotFoundError):
                [message] = await receiver.receive_deferred_messages([number])
                self._fetched.add(number)
                await receiver.complete_message(message)
                self._completed.add(number)
