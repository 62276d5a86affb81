"""Turns: all that was read is done, then committed at once, and only then do the answers go out.

One connection that sends commits for itself; a hundred that send share a commit.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from localhost.service_bus.broker import Broker
from localhost.service_bus.clock import Clock
from localhost.service_bus.wire import Wire

LONGEST_WAIT = 1.0  # seconds: clocks may be set


class Turns:
    """Decides when the broker's work is done, committed and let out."""

    def __init__(self, broker: Broker, clock: Clock) -> None:
        self.broker = broker
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._connections: dict[Wire, None] = {}
        self._speaking: dict[Wire, None] = {}
        self._wanted = asyncio.Event()

    def __len__(self) -> int:
        return len(self._connections)

    def arrived(self, connection: Wire) -> None:
        """There is one more connection."""
        self._connections[connection] = None

    def gone(self, connection: Wire) -> None:
        """There is one less."""
        self._connections.pop(connection, None)
        self._speaking.pop(connection, None)

    def wanted(self, connection: Wire) -> None:
        """A connection has something to say, or room for more."""
        self._speaking[connection] = None
        self._wanted.set()

    async def run(self) -> None:
        """Take turns until cancelled; an error of the disk ends it, for then nothing can be promised any more."""
        while True:
            try:
                async with asyncio.timeout(self._pause()):
                    await self._wanted.wait()
            except TimeoutError:
                pass
            self._wanted.clear()
            await self._turn()

    async def stop(self) -> None:
        """Part with every peer."""
        for connection in list(self._connections):
            connection.end()
        await self._turn()
        self._thread.shutdown()

    async def _turn(self) -> None:
        self.broker.keep_appointments()
        self.broker.dispatch()
        speaking, self._speaking = self._speaking, {}
        outputs = [(connection, connection.take_output()) for connection in speaking]
        store = self.broker.store
        if store.changed:
            batch = store.take()
            await asyncio.get_running_loop().run_in_executor(self._thread, store.commit, batch)
            store.committed()
        for connection, output in outputs:
            connection.write(output)
        for connection in speaking:
            connection.continue_if_stalled()

    def _pause(self) -> float:
        next_appointment = self.broker.next_appointment
        if next_appointment is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.0, (next_appointment - self._clock.now()) / 1000))
