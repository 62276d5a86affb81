"""The engine's only source of time, injected so that tests can run eight days in milliseconds."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits for it."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once that much time has passed."""
        ...

    async def wait(self, wake: asyncio.Event, until: datetime | None, running: int) -> None:
        """Return when `wake` is set or `until` has come; `running` counts the work that may still set it."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Sleep for real."""
        await asyncio.sleep(seconds)

    async def wait(self, wake: asyncio.Event, until: datetime | None, running: int) -> None:
        """Wait for the event, but not past `until`."""
        timeout = None if until is None else max(0.0, (until - self.now()).total_seconds())
        try:
            async with asyncio.timeout(timeout):
                await wake.wait()
        except TimeoutError:
            return
