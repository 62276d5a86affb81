"""Who starts orchestrations, raises events and gives orders, and goes on until each is acknowledged."""

import asyncio
from typing import Any

import httpx

from tests.localhost.crash.plan import HELD, PURGED, REASON, TERMINATED, Orchestration, Plan, news

PAUSE = 0.05
FINISHED = ("Completed", "Failed", "Canceled", "Terminated")
SUSPENDED = "Suspended"


class LostError(AssertionError):
    """Something that was acknowledged is gone."""


class Callers:
    """Speaks with the host over HTTP."""

    def __init__(self, plan: Plan, http: httpx.AsyncClient) -> None:
        self._plan, self._http = plan, http
        self._started = {item.id: asyncio.Event() for item in plan.orchestrations}
        self.removed: dict[str, dict[str, Any]] = {}  # the last status of what was purged

    async def answered(self) -> None:
        """Wait until the host answers."""
        await self._ask("GET", "/instances/nobody")

    async def start_all(self) -> None:
        """Start all instances and tell those that listen their news."""
        for item in self._plan.orchestrations:
            await self._start(item)
            self._started[item.id].set()
            await asyncio.sleep(self._plan.gap)
        for item in self._plan.orchestrations:
            for number in range(item.count if item.kind == "events" else 0):
                await self._raise(item.id, f"news{number}", {"value": news(number)})

    async def steer(self, item: Orchestration) -> None:
        """Hold an instance for a while, end it, or remove it when it has finished, as its plan says."""
        await self._started[item.id].wait()
        await asyncio.sleep(item.pause)
        if item.fate == HELD:
            await self._hold(item.id, item.pause)
        elif item.fate == TERMINATED:
            await self._order(item.id, f"terminate?reason={REASON}")
        elif item.fate == PURGED:
            self.removed[item.id] = await self.finished(item.id)
            await self._purge(item.id)

    async def _hold(self, instance_id: str, pause: float) -> None:
        await self._order(instance_id, "suspend?reason=wait")
        status = ""
        while status not in (SUSPENDED, *FINISHED):
            status = await self._status(instance_id)
        await asyncio.sleep(pause)
        assert await self._status(instance_id) == status, f"{instance_id} was {status} and went on by itself"
        await self._order(instance_id, "resume?reason=go")

    async def _purge(self, instance_id: str) -> None:
        answer = await self._ask("DELETE", f"/instances/{instance_id}")
        assert answer.status_code in (200, 404), answer.text  # 404: an answer was lost
        assert not await self.exists(instance_id), f"{instance_id} was purged and is there"

    async def finished(self, instance_id: str) -> dict[str, Any]:
        """Wait for an instance that was started with an acknowledgement; its last status, if it was removed since."""
        if instance_id in self.removed:
            return self.removed[instance_id]
        while True:
            response = await self._ask("GET", f"/instances/{instance_id}")
            if response.status_code == 404:
                raise LostError(f"{instance_id} was started and is gone")
            if response.json()["runtimeStatus"] in FINISHED:
                return dict(response.json())
            await asyncio.sleep(PAUSE)

    async def _status(self, instance_id: str) -> str:
        response = await self._ask("GET", f"/instances/{instance_id}")
        if response.status_code == 404:
            raise LostError(f"{instance_id} was started and is gone")
        return str(response.json()["runtimeStatus"])

    async def _start(self, item: Orchestration) -> None:
        while not await self.exists(item.id):  # an acknowledgement may have been lost: it would begin twice
            answer = await self._request("POST", f"/orchestrators/{item.kind}/{item.id}", item.order)
            if answer is not None:
                assert answer.status_code in (202, 409), answer.text
                return
            await asyncio.sleep(PAUSE)

    async def _raise(self, instance_id: str, name: str, value: object) -> None:
        await self._order(instance_id, f"raiseEvent/{name}", value)

    async def _order(self, instance_id: str, order: str, body: object = None) -> None:
        """Until it is acknowledged; one that was carried out and whose answer was lost is given again."""
        answer = await self._ask("POST", f"/instances/{instance_id}/{order}", body)
        if answer.status_code == 404 and instance_id not in self.removed:
            raise LostError(f"{instance_id} was started and is gone")
        assert answer.status_code in (202, 404, 410), answer.text

    async def exists(self, instance_id: str) -> bool:
        """Whether the host knows an instance."""
        response = await self._ask("GET", f"/instances/{instance_id}")
        return response.status_code != 404

    async def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        while (answer := await self._request(method, path, body)) is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(PAUSE)
        return answer

    async def _request(self, method: str, path: str, body: object = None) -> httpx.Response | None:
        try:
            response = await self._http.request(method, path, json=body)
        except httpx.TransportError:
            return None
        return None if response.status_code >= 500 else response
