"""An engine on virtual time over a temporary file, with orchestrators and activities written in the test."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Generator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import azure.durable_functions as df

from localhost.durable import store
from localhost.durable.app import Limits
from localhost.durable.clock import Clock
from localhost.durable.database import Database
from localhost.durable.engine import Engine
from localhost.durable.management import Management
from localhost.durable.protocol import Event, EventType, compact, event
from localhost.durable.records import Message
from localhost.durable.versions import Versions
from tests.localhost.virtual_clock import VirtualClock

Orchestration = Generator[Any, Any, Any]
Orchestrator = Callable[[Any], Any]
Activity = Callable[[Any], Any]
History = list[int]


class Script:
    """Functions of a test: the SDK's own orchestrator handler, and activities that take a second."""

    def __init__(
        self, orchestrators: Mapping[str, Orchestrator], activities: Mapping[str, Activity], clock: Clock
    ) -> None:
        self._handlers = {name: df.Orchestrator.create(function) for name, function in orchestrators.items()}
        self._activities = activities
        self._clock = clock
        self.invocations = 0

    def use_handlers(self, handlers: Mapping[str, Callable[[str], str]]) -> None:
        """Take handlers that the SDK has made already."""
        self._handlers = dict(handlers)

    @property
    def orchestrators(self) -> list[str]:
        return [*self._handlers]

    @property
    def activities(self) -> list[str]:
        return [*self._activities]

    async def orchestrate(self, name: str, document: str) -> str:
        self.invocations += 1
        return str(self._handlers[name](document))

    async def act(self, name: str, input_text: str) -> str:
        await self._clock.sleep(1)
        return compact(self._activities[name](json.loads(input_text)))


class Lab:
    """Starts instances and lets time pass until nothing more can happen."""

    def __init__(
        self,
        folder: Path,
        orchestrators: Mapping[str, Orchestrator],
        activities: Mapping[str, Activity] | None = None,
    ) -> None:
        self.clock = VirtualClock()
        self.script = Script(orchestrators, activities or {}, self.clock)
        self.database = Database(folder)
        self.build_engine()

    def build_engine(self, concurrent_activities: int = 1000, versions: Versions | None = None) -> None:
        """Make an engine that knows the script's functions as they are now."""
        limits = Limits(concurrent_activities, 10, versions=versions or Versions())
        self.engine = Engine(self.database, self.script, self.clock, limits)
        self.management = Management(self.engine)

    async def start(self, name: str, instance_id: str = "i", client_input: Any = None) -> None:
        """Start as client 1.7 does: the body is a JSON string that holds JSON again."""
        text = "null" if client_input is None else json.dumps(json.dumps(client_input))
        await self.management.start(name, instance_id, text)

    async def raise_later(self, seconds: float, name: str, payload: Any, instance_id: str = "i") -> None:
        await self.post_later(seconds, EventType.EVENT_RAISED, instance_id, Name=name, Input=compact(payload))

    async def post_later(self, seconds: float, kind: EventType, instance_id: str = "i", **fields: Any) -> None:
        due = self.clock.now() + timedelta(seconds=seconds)
        message = Message(instance_id, event(kind, due, **fields), due)
        await self.engine.database.call(store.post, [message])
        self.engine.expect(instance_id, due)

    async def run(self) -> None:
        """Work until nothing is due any more; real seconds do not pass."""
        worker = asyncio.create_task(self.engine.run())
        idle = asyncio.create_task(self.clock.idle.wait())
        await asyncio.wait([worker, idle], return_when=asyncio.FIRST_COMPLETED)
        for task in (worker, idle):
            task.cancel()
        await asyncio.gather(worker, idle, return_exceptions=True)
        self.clock.idle.clear()

    async def result(self, instance_id: str = "i") -> tuple[str, Any]:
        row = await self.management.get(instance_id)
        output = row["output"]
        with contextlib.suppress(ValueError):
            output = None if output is None else json.loads(output)
        return row["status"], output

    async def history(self, instance_id: str = "i") -> list[Event]:
        return await self.management.history(instance_id)

    async def kinds(self, instance_id: str = "i") -> History:
        """Event numbers, without the completion that the specification's lists leave out."""
        return [item["EventType"] for item in await self.history(instance_id) if item["EventType"] != 1]

    async def moments(self, kind: EventType, instance_id: str = "i") -> list[datetime]:
        """When the events of a kind were written."""
        return [
            datetime.fromisoformat(item["Timestamp"][:26] + "+00:00")
            for item in await self.history(instance_id)
            if item["EventType"] == kind
        ]

    def close(self) -> None:
        self.engine.database.close()
