"""Listens on loopback and runs until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from localhost.service_bus.broker import Broker
from localhost.service_bus.clock import SystemClock
from localhost.service_bus.connection import Connection
from localhost.service_bus.declaration import QueueSettings
from localhost.service_bus.store import Store
from localhost.service_bus.turns import Turns

log = logging.getLogger("localhost.service_bus")

MOST_CONNECTIONS = 500


async def serve(
    declaration: list[QueueSettings],
    data: Path,
    port: int,
    *,
    durable: bool = True,
    ready: Callable[[int], None] = lambda port: None,
) -> None:
    """Serve until SIGTERM or SIGINT; raises if the disk fails."""
    clock, store = SystemClock(), Store(data, durable=durable)
    turns = Turns(Broker(declaration, store, clock), clock)
    listener = socket.create_server(("127.0.0.1", port))
    server = await asyncio.get_running_loop().create_server(_maker(turns), sock=listener)
    running = asyncio.create_task(turns.run(), name="turns")
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    ready(listener.getsockname()[1])
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await turns.stop()
    finally:
        server.close()
    store.close()


def _maker(turns: Turns) -> Callable[[], asyncio.BaseProtocol]:
    def make() -> asyncio.BaseProtocol:
        if len(turns) >= MOST_CONNECTIONS:
            log.warning("a connection is refused: there are %d", MOST_CONNECTIONS)
            return _Refused()
        return Connection(turns.broker, turns)

    return make


class _Refused(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
