"""One at a time within a process, by name: whoever comes second finds what the first has brought."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Turns:
    """A lock a name, forgotten when nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, list[None]]] = {}

    def __len__(self) -> int:
        """How many names are in use."""
        return len(self._locks)

    @asynccontextmanager
    async def turn(self, name: Hashable) -> AsyncIterator[None]:
        """Hold the name's lock."""
        lock, waiting = self._locks.setdefault(name, (asyncio.Lock(), []))
        waiting.append(None)
        try:
            async with lock:
                yield
        finally:
            waiting.pop()
            if not waiting:
                self._locks.pop(name, None)
