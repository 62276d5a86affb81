"""The work loop: runs episodes and activities within their limits and writes down what came of them."""

import asyncio
import heapq
import json
import logging
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from localhost.durable import store
from localhost.durable.activity import failed, run_activity
from localhost.durable.app import Functions, Limits
from localhost.durable.clock import Clock
from localhost.durable.database import Database
from localhost.durable.episode import close_episode, open_episode
from localhost.durable.failures import AbortedError, WorkerLostError
from localhost.durable.player import Player
from localhost.durable.protocol import FINISHED, Event, EventType, compact, event
from localhost.durable.records import ActivityCall, Episode, Message, Work, moment

log = logging.getLogger("localhost.durable")

RETRY_AFTER = timedelta(seconds=5)
SHORTEST_REST = timedelta(milliseconds=10)
LONGEST_REST = timedelta(seconds=1)
# Processes that may end under an activity. Then it has failed: a file that no process survives would go round for ever.
MOST_LOST = 5


class Engine:
    """Owns the database: all that changes an instance goes through here."""

    def __init__(self, database: Database, functions: Functions, clock: Clock, limits: Limits) -> None:
        self.database = database
        self.functions = functions
        self.clock = clock
        self.limits = limits
        self._player = Player(functions, limits)
        self._activities = frozenset(name.casefold() for name in functions.activities)
        self._wake = asyncio.Event()
        self._stopping = False
        self._ready: dict[str, None] = {}
        self._busy: set[str] = set()
        self._timers: list[tuple[datetime, str]] = []
        self._resting: dict[str, datetime] = {}
        self._queue: list[ActivityCall] = []  # a heap: whoever began first gets on first
        self._running_activities = 0
        self._lost: Counter[int] = Counter()
        self._finished: list[tuple[ActivityCall, Event]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Find again what an earlier process left, then work until stopped."""
        waiting, self._queue = await self._recover()
        for due, instance_id in waiting:
            self.expect(instance_id, due)
        while not self._stopping:
            self._wake.clear()
            self._collect_due()
            self._launch_activities()
            await self._launch_episodes()
            until = self._timers[0][0] if self._timers else None
            await self.clock.wait(self._wake, until, len(self._tasks))

    async def stop(self, patience: float) -> None:
        """Start nothing new, give running work `patience` seconds, and write down what it brought."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                log.warning("abandoned %d running activities or episodes; they run again at the next start", len(late))
                await asyncio.wait(late, timeout=1)
        finished, self._finished = self._finished, []
        await self.database.call(store.finish_activities, finished, self.clock.now())

    def expect(self, instance_id: str, due: datetime | None = None) -> None:
        """Look at an instance when its message is due: now, unless told otherwise."""
        now = self.clock.now()
        due = max(due or now, self._resting.get(instance_id, now))
        if due > now:
            heapq.heappush(self._timers, (due, instance_id))
        else:
            self._ready[instance_id] = None
        self._wake.set()

    async def _recover(self) -> tuple[list[tuple[datetime, str]], list[ActivityCall]]:
        waiting, activities = await self.database.call(store.pending)
        if waiting or activities:
            log.info("found %d waiting messages and %d activities to run", len(waiting), len(activities))
        return [(moment(due), instance_id) for instance_id, due in waiting], sorted(activities)

    def _collect_due(self) -> None:
        now = self.clock.now()
        while self._timers and self._timers[0][0] <= now:
            _, instance_id = heapq.heappop(self._timers)
            self._ready[instance_id] = None

    async def _launch_episodes(self) -> None:
        # All results that have arrived go into one transaction, and so into few episodes. What these begin with
        # is read in the same one: the disk is asked once, and threads change places once.
        finished, self._finished = self._finished, []
        for call, _ in finished:
            self.expect(call.instance_id)
        chosen = self._choose()
        if not finished and not chosen:
            return
        began = self.clock.now()
        works = await self.database.call(store.advance, finished, chosen, began)
        for instance_id, work in zip(chosen, works, strict=True):
            if work is None or self._stopping:
                self._busy.discard(instance_id)
            else:
                self._start(self._run_episode(work, began))

    def _choose(self) -> list[str]:
        free = max(0, self.limits.concurrent_orchestrators - len(self._busy))
        # Thousands may be ready: looking at all of them each time would cost the square of their number.
        chosen = [*islice((instance_id for instance_id in self._ready if instance_id not in self._busy), free)]
        for instance_id in chosen:
            del self._ready[instance_id]
        self._busy.update(chosen)
        return chosen

    def _launch_activities(self) -> None:
        while self._queue and self._running_activities < self.limits.concurrent_activities:
            self._running_activities += 1
            self._start(self._run_activity(heapq.heappop(self._queue)))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("the engine failed", exc_info=error)

    async def _run_activity(self, call: ActivityCall) -> None:
        try:
            result = await run_activity(self.functions, self._activities, call, self.clock)
        except WorkerLostError as error:
            self._lost[call.number] += 1
            if self._lost[call.number] < MOST_LOST:
                log.warning("activity '%s' of '%s' is run again: %s", call.name, call.instance_id, error)
                heapq.heappush(self._queue, call)
                return
            result = failed(call, self.clock, error)
        finally:
            self._running_activities -= 1
        self._lost.pop(call.number, None)
        self._finished.append((call, result))

    async def _run_episode(self, work: Work, began: datetime) -> None:
        instance_id = work.instance["id"]
        try:
            await self._play(work, began)
        except AbortedError as error:
            log.warning("episode of '%s' was aborted and is tried again: %s", instance_id, error)
            self._resting[instance_id] = began + RETRY_AFTER
            self.expect(instance_id)
        finally:
            self._busy.discard(instance_id)

    async def _play(self, work: Work, now: datetime) -> None:
        past: list[Event] = json.loads(f"[{','.join(work.history)}]")
        new = open_episode(work, past, now)
        outcome = await self._player.play(work, past, new)
        episode = close_episode(work, new, outcome, now)
        queued = await self.database.call(store.commit, episode, self.clock.now())
        for call in queued:
            heapq.heappush(self._queue, call)
        self._rest(episode, now)
        for message in episode.messages:
            self.expect(message.instance_id, message.due)
        for child in episode.children:
            self.expect(child.id)
            self.expect(work.instance["id"])  # hears at once of a child that could not be started

    def _rest(self, episode: Episode, began: datetime) -> None:
        # An episode replays the whole history. Resting as long as one took, when it only noted completions
        # and decided nothing, lets more of them gather: a fan-in that trickles in costs half of the time, not
        # its square. Whoever decided something waits for that, and is not held up.
        ended = self.clock.now()
        rest = min(ended - began, LONGEST_REST)
        decided = episode.activities or episode.messages or episode.children
        if decided or episode.status in FINISHED or rest < SHORTEST_REST:
            self._resting.pop(episode.instance_id, None)
        else:
            self._resting[episode.instance_id] = ended + rest

    async def send(self, instance_id: str, kind: EventType, **fields: Any) -> None:
        """Post an event from outside: a raised event, a termination, a suspension or its end."""
        now = self.clock.now()
        await self.database.call(store.post, [Message(instance_id, event(kind, now, **fields), now)])
        self.expect(instance_id)

    async def raise_event(self, instance_id: str, name: str, payload: object) -> None:
        """Raise an external event; the payload is stored as JSON text."""
        await self.send(instance_id, EventType.EVENT_RAISED, Name=name, Input=compact(payload))
