"""Who starts orchestrations, raises events and sends messages, and goes on until each is acknowledged."""

import asyncio
import contextlib
import json
from typing import Any

import httpx
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from tests.localhost.crash.plan import Orchestration, Plan, Post, news

PAUSE = 0.05
FINISHED = ("Completed", "Failed", "Canceled", "Terminated")


class LostError(AssertionError):
    """Something that was acknowledged is gone."""


class Callers:
    """Speaks with the host over HTTP and with the broker through the SDK."""

    def __init__(self, plan: Plan, http: httpx.AsyncClient, connection: str) -> None:
        self._plan, self._http, self._connection = plan, http, connection
        self.unsure: set[str] = set()  # messages that were sent more than once
        self._flowing = asyncio.Event()

    async def answered(self) -> None:
        """Wait until the host answers and messages flow again: the SDK takes its time to notice and to connect."""
        await self._flowing.wait()
        while await self._request("GET", "/instances/nobody") is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(PAUSE)

    async def start_all(self) -> None:
        """Start all instances and tell those that listen their news."""
        for item in self._plan.orchestrations:
            await self._start(item)
            await asyncio.sleep(self._plan.gap)
        for item in self._plan.orchestrations:
            for number in range(item.count if item.kind == "events" else 0):
                await self._raise(item.id, f"news{number}", {"value": news(number)})

    async def send_all(self) -> None:
        """Send all messages."""
        left = [*self._plan.posts]
        while left:
            with contextlib.suppress(Exception):  # whatever the SDK makes of a broker that is gone
                await self._send(left)
            self._flowing.clear()
            if left:
                self.unsure.add(left[0].id)
                await asyncio.sleep(PAUSE)
        self._flowing.set()

    async def finished(self, instance_id: str) -> dict[str, Any]:
        """Wait for an instance that was started with an acknowledgement."""
        while True:
            response = await self._request("GET", f"/instances/{instance_id}")
            if response is not None and response.status_code == 404:
                raise LostError(f"{instance_id} was started and is gone")
            if response is not None and response.json()["runtimeStatus"] in FINISHED:
                return dict(response.json())
            await asyncio.sleep(PAUSE)

    async def _start(self, item: Orchestration) -> None:
        while not await self._exists(item.id):  # an acknowledgement may have been lost: it would begin twice
            answer = await self._request("POST", f"/orchestrators/{item.kind}/{item.id}", item.order)
            if answer is not None:
                assert answer.status_code in (202, 409), answer.text
                return
            await asyncio.sleep(PAUSE)

    async def _raise(self, instance_id: str, name: str, value: object) -> None:
        path = f"/instances/{instance_id}/raiseEvent/{name}"
        answer = None
        while answer is None:
            await asyncio.sleep(PAUSE)
            answer = await self._request("POST", path, value)
        if answer.status_code == 404:
            raise LostError(f"{instance_id} was started and is gone")
        assert answer.status_code in (202, 410), answer.text

    async def _exists(self, instance_id: str) -> bool:
        response = await self._request("GET", f"/instances/{instance_id}")
        return response is not None and response.status_code in (200, 202)

    async def _request(self, method: str, path: str, body: object = None) -> httpx.Response | None:
        try:
            response = await self._http.request(method, path, json=body)
        except httpx.TransportError:
            return None
        return None if response.status_code >= 500 else response

    async def _send(self, left: list[Post]) -> None:
        async with contextlib.AsyncExitStack() as stack:
            client = ServiceBusClient.from_connection_string(self._connection, retry_total=0)
            await stack.enter_async_context(client)
            senders: dict[str, Any] = {}
            while left:
                post = left[0]
                if post.queue not in senders:
                    senders[post.queue] = await stack.enter_async_context(client.get_queue_sender(post.queue))
                await senders[post.queue].send_messages(ServiceBusMessage(json.dumps(post.body), message_id=post.id))
                left.pop(0)
                self._flowing.set()
                await asyncio.sleep(self._plan.gap)
