"""The `WorkQueue` port on the SDK's asynchronous client."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared import tracing
from shared.domain.errors import NoQueue
from shared.ports import TRACE, WorkMessage

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.servicebus import ServiceBusMessage
    from azure.servicebus.aio import ServiceBusClient, ServiceBusSender

# Messages that are packed before others on the loop get their turn.
PACKED_AT_ONCE = 200


class ServiceBusQueue:
    """Queues of one namespace. A sender costs half a second to open: each queue's stays open, one send at a time."""

    def __init__(
        self,
        *,
        connection_string: str | None = None,
        namespace: str | None = None,
        credential: AsyncTokenCredential | None = None,
    ) -> None:
        """Give `connection_string`, or `namespace` (fully qualified) with `credential`, which stays the caller's."""
        self._connection_string, self._namespace, self._credential = connection_string, namespace, credential
        self._client: ServiceBusClient | None = None
        self._senders: dict[str, ServiceBusSender] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def send(self, queue: str, messages: Sequence[WorkMessage], *, delay: float = 0) -> None:
        """Send all in as few packets as they fit in. Raises Unavailable, TimedOut, Throttled or InvalidRequest."""
        from shared.adapters.service_bus.errors import our_errors

        at = datetime.now(UTC) + timedelta(seconds=delay) if delay else None
        async with self._turns.setdefault(queue, asyncio.Lock()):
            try:
                with our_errors(queue):
                    sender = await self._sender(queue)
                    for start in range(0, len(messages), PACKED_AT_ONCE):
                        await _send(
                            sender, [_plain(message, at) for message in messages[start : start + PACKED_AT_ONCE]]
                        )
            except BaseException:
                await self._drop(queue)
                raise

    async def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        for queue in list(self._senders):
            await self._drop(queue)
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def look(self, queue: str) -> None:
        """Look at the queue's first message, which stays where it is; raises as `send` does."""
        from shared.adapters.service_bus.errors import our_errors

        if self._client is None:
            self._client = self._connect()
        with our_errors(queue):
            async with self._client.get_queue_receiver(queue) as receiver:
                await receiver.peek_messages(1)

    async def _sender(self, queue: str) -> ServiceBusSender:
        if queue not in self._senders:
            if self._client is None:
                self._client = self._connect()
            self._senders[queue] = self._client.get_queue_sender(queue)
        return self._senders[queue]

    async def _drop(self, queue: str) -> None:
        """A sender that failed is not asked again: the next one finds out whether the queue is there."""
        sender = self._senders.pop(queue, None)
        if sender is not None:
            with suppress(Exception):
                await sender.close()

    def _connect(self) -> ServiceBusClient:
        from azure.servicebus.aio import ServiceBusClient

        # Long waits are for the orchestrators, and for messages that are sent again later.
        options: dict[str, Any] = {"retry_total": 2, "retry_backoff_factor": 0.5, "retry_backoff_max": 5}
        if authorities := os.environ.get("SSL_CERT_FILE"):  # which this SDK would pass over
            options["connection_verify"] = authorities
        if self._connection_string:
            return ServiceBusClient.from_connection_string(self._connection_string, **options)
        assert self._credential is not None, "a namespace comes with a credential"
        return ServiceBusClient(str(self._namespace), self._credential, **options)


class UnsetQueue:
    """Stands where no Service Bus is set up: whatever is sent is refused, and the timer starts what waits."""

    async def send(self, queue: str, messages: Sequence[WorkMessage], *, delay: float = 0) -> None:
        """Raises NoQueue."""
        raise NoQueue


async def _send(sender: ServiceBusSender, messages: list[ServiceBusMessage]) -> None:
    packet = await sender.create_message_batch()
    for message in messages:
        try:
            packet.add_message(message)
        except ValueError:  # it is full
            await sender.send_messages(packet)
            packet = await sender.create_message_batch()
            packet.add_message(message)
    await sender.send_messages(packet)


def _plain(message: WorkMessage, at: datetime | None) -> ServiceBusMessage:
    from azure.servicebus import ServiceBusMessage

    # The trace goes along, under the names that Azure's own clients use: the host takes it up from the second.
    trace = tracing.traceparent()
    going_along = {TRACE: trace, "Diagnostic-Id": trace} if trace else {}
    properties: Any = going_along | dict(message.properties)
    body = message.body if isinstance(message.body, bytes) else json.dumps(message.body, ensure_ascii=False).encode()
    return ServiceBusMessage(
        body,
        message_id=message.id,
        content_type="application/json",
        application_properties=properties,
        scheduled_enqueue_time_utc=at,
    )
