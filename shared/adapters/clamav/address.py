"""Where clamd listens: `tcp://host:3310` or `unix:///var/run/clamav/clamd.ctl`."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORT = 3310


@dataclass(frozen=True, slots=True)
class Address:
    """A host and port, or the path of a socket."""

    host: str = ""
    port: int = PORT
    path: str = ""

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises ValueError where the URL is of neither form."""
        parts = urlsplit(url.strip())
        if parts.scheme == "tcp" and parts.hostname and parts.path in {"", "/"}:
            return cls(parts.hostname, parts.port or PORT)
        if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
            return cls(path=parts.path)
        raise ValueError(f"{url!r} is neither tcp://host:port nor unix:///path")

    async def connect(self) -> socket.socket:
        """A new connection that does not block: clamd takes one command on each. Raises OSError."""
        loop = asyncio.get_running_loop()
        if self.path:
            return await _connected(socket.AF_UNIX, self.path)
        failure = OSError("The name has no address.")
        for family, _, _, _, place in await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            try:
                return await _connected(family, place)
            except OSError as error:
                failure = error
        raise failure

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"


async def _connected(family: int, place: tuple[object, ...] | str) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    one.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(one, place)
    except BaseException:
        one.close()
        raise
    return one
