"""A clock that jumps: when all running work sleeps, the next thing due happens now."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
SETTLING_TURNS = 20


class VirtualClock:
    """Time that passes only when nobody is at work."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0
        self.idle = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    def advance(self, time: timedelta) -> None:
        """Let time pass where nothing runs yet."""
        self._now += time

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), self._count, future))
        await future

    async def wait(self, wake: asyncio.Event, until: datetime | None, running: int) -> None:
        for _ in range(SETTLING_TURNS):
            await asyncio.sleep(0)
        if wake.is_set():
            return
        times = [moment for moment, _, _ in self._sleepers[:1]] + ([until] if until else [])
        if running > len(self._sleepers) or not times:
            if running == 0:
                self.idle.set()
            await wake.wait()
            self.idle.clear()
            return
        # A millisecond passes with each jump, so that no two moments of an orchestration look the same.
        self._now = max(self._now, min(times)) + timedelta(milliseconds=1)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)
        for _ in range(SETTLING_TURNS):
            await asyncio.sleep(0)
