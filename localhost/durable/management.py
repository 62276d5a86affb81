"""What can be asked of the engine from outside, and the reasons for which it says no."""

import json
import re
from typing import Any

from localhost.durable import queries, store
from localhost.durable.engine import Engine
from localhost.durable.episode import new_id
from localhost.durable.protocol import FINISHED, EventType, Status, execution_started
from localhost.durable.queries import Filter, Row
from localhost.durable.records import NewInstance

_FORBIDDEN = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")
LONGEST_ID = 100
NOT_JSON = "The request body is not valid JSON."


class BadRequestError(Exception):
    """The request cannot be understood or names an impossible id."""


class NotFoundError(Exception):
    """There is no such instance."""


class FinishedError(Exception):
    """The instance has finished."""


class ConflictError(Exception):
    """An instance of that id is running."""


class NotFinishedError(Exception):
    """Only a finished instance can be purged."""


class Management:
    """Starts, asks, steers and removes instances."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._database = engine.database

    async def start(self, name: str, instance_id: str | None, input_text: str, version: str | None = None) -> str:
        """Start an instance and return its id; a finished one of the same id is replaced."""
        chosen = instance_id or new_id()
        _check_id(chosen)
        parse_json(input_text)
        version = version or self._engine.limits.versions.own
        now, execution_id = self._engine.clock.now(), new_id()
        started = execution_started(now, name, chosen, execution_id, input_text, version, parent=None)
        new = NewInstance(chosen, execution_id, name, version, input_text, started)
        if not await self._database.call(store.create, new, now):
            raise ConflictError(f"An Orchestration instance with the id {chosen} is already running.")
        self._engine.expect(chosen)
        return chosen

    async def get(self, instance_id: str) -> Row:
        """Return an instance as it is stored."""
        row = await self._database.call(queries.instance, instance_id)
        if row is None:
            raise NotFoundError(instance_id)
        return row

    async def raise_event(self, instance_id: str, name: str, payload: object) -> None:
        """Raise an external event."""
        await self._alive(instance_id)
        await self._engine.raise_event(instance_id, name, payload)

    async def terminate(self, instance_id: str, reason: str) -> None:
        """End an instance; its running activities and children go on."""
        await self._alive(instance_id)
        await self._engine.send(instance_id, EventType.EXECUTION_TERMINATED, Input=reason)

    async def suspend(self, instance_id: str, reason: str) -> None:
        """Let an instance keep its events until it is resumed."""
        await self._alive(instance_id)
        await self._engine.send(instance_id, EventType.EXECUTION_SUSPENDED, Reason=reason)

    async def resume(self, instance_id: str, reason: str) -> None:
        """Let a suspended instance go on."""
        await self._alive(instance_id)
        await self._engine.send(instance_id, EventType.EXECUTION_RESUMED, Reason=reason)

    async def restart(self, instance_id: str, with_new_id: bool) -> str:
        """Start the same orchestrator with the same input once more and return the id."""
        row = await self.get(instance_id)
        chosen = None if with_new_id else instance_id
        return await self.start(row["name"], chosen, row["input"], row["version"])

    async def purge(self, instance_id: str) -> int:
        """Remove one finished instance."""
        row = await self.get(instance_id)
        if Status(row["status"]) not in FINISHED:
            raise NotFinishedError(
                f"The instance '{instance_id}' is {row['status']}: only finished ones can be purged."
            )
        await self._database.call(store.delete, [instance_id])
        return 1

    async def purge_all(self, wanted: Filter) -> int:
        """Remove all finished instances that are meant."""
        return await self._database.call(queries.purge, wanted)

    async def page(self, wanted: Filter, top: int, after: str) -> tuple[list[Row], str | None]:
        """Return a page of instances and the token of the next."""
        return await self._database.call(queries.page, wanted, top, after)

    async def history(self, instance_id: str) -> list[dict[str, object]]:
        """Return the stored history of an instance."""
        return await self._database.call(queries.history, instance_id)

    async def _alive(self, instance_id: str) -> None:
        row = await self.get(instance_id)
        if Status(row["status"]) in FINISHED:
            raise FinishedError(f"The instance '{instance_id}' has finished.")


def _check_id(instance_id: str) -> None:
    if instance_id.startswith("@") or len(instance_id) > LONGEST_ID or _FORBIDDEN.search(instance_id):
        raise BadRequestError(
            f"Instance ids have up to {LONGEST_ID} characters, no leading '@', "
            "and none of / \\ # ? or control characters."
        )


def parse_json(text: str) -> Any:
    """Return what a JSON text holds, or raise BadRequestError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequestError(NOT_JSON) from error
