"""`Scanner` on clamd's INSTREAM: the file goes over the connection in pieces, each with its length in front.

clamd answers `stream: OK`, `stream: NAME FOUND` or `… ERROR`, and may answer and hang up before it has read everything:
then the answer that is already there counts, not the broken connection.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from shared.adapters.clamav.address import Address
from shared.domain.document import CLEAN, INFECTED, NOT_SCANNED, Scan
from shared.domain.errors import ScannerUnavailable, TimedOut

PIECE = 256 * 1024
LONGEST_ANSWER = 64 * 1024
SIDE_BY_SIDE = 8  # clamd has ten threads by default, and lets more callers wait
ANSWER = re.compile(r"^stream: (?:(?P<signature>.+) FOUND|(?P<clean>OK))$")
TOO_LARGE = "INSTREAM size limit exceeded"
# What clamd with AlertExceedsMax says of a file that it did not look through to its end.
NOT_ALL_OF_IT = "Heuristics.Limits.Exceeded"

OVER_THE_LIMIT = "The file is larger than the virus scanner takes."
OVER_ITS_LIMITS = "The file holds more than the virus scanner looks through."


class ClamdScanner:
    """Asks a clamd. At most SIDE_BY_SIDE files are scanned at once."""

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        """`url` as Address has it; `timeout` in seconds for one file. Raises ValueError for another URL."""
        self._address, self._timeout = Address.of(url), timeout
        self._free = asyncio.Semaphore(SIDE_BY_SIDE)

    async def scan(self, data: bytes) -> Scan:
        """What clamd says of the bytes. Raises TimedOut, and ScannerUnavailable when it is away or gives no verdict."""
        async with self._free, self._in_time():
            engine = await self._ask(b"zVERSION\0")
            answer = await self._ask(b"zINSTREAM\0", data)
        return self._verdict(answer, engine)

    def _verdict(self, answer: str, engine: str) -> Scan:
        if TOO_LARGE in answer:
            return Scan(NOT_SCANNED, engine=engine, reason=OVER_THE_LIMIT)
        found = ANSWER.match(answer)
        if found is None:
            raise ScannerUnavailable(f"The virus scanner answered without a verdict: {answer[:200]!r}.")
        signature = found["signature"]
        if signature is None:
            return Scan(CLEAN, engine=engine)
        if signature.startswith(NOT_ALL_OF_IT):
            return Scan(NOT_SCANNED, engine=engine, reason=OVER_ITS_LIMITS)
        return Scan(INFECTED, signature, engine)

    async def _ask(self, command: bytes, data: bytes | None = None) -> str:
        """One command on a connection of its own; its answer without the NUL that ends it."""
        try:
            connection = await self._address.connect()
        except OSError as error:
            raise ScannerUnavailable(f"The virus scanner at {self._address} cannot be reached.") from error
        with connection:
            with suppress(OSError):  # it has hung up: what it said before that is read below
                await _send(connection, command, data)
            return await _answer(connection)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        limit = asyncio.timeout(self._timeout)
        try:
            async with limit:
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise TimedOut(f"The virus scanner did not answer within {self._timeout:.0f} seconds.") from error


async def _send(connection: socket.socket, command: bytes, data: bytes | None) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, command)
    if data is None:
        return
    for at in range(0, len(data), PIECE):
        piece = data[at : at + PIECE]
        await loop.sock_sendall(connection, len(piece).to_bytes(4, "big") + piece)
    await loop.sock_sendall(connection, bytes(4))


async def _answer(connection: socket.socket) -> str:
    """What it says, to the NUL that ends it. Raises ScannerUnavailable where that never comes.

    A bare socket still gives what arrived before the other side hung up; asyncio's streams forget it.
    """
    answer = b""
    with suppress(OSError):
        while len(answer) < LONGEST_ANSWER and not answer.endswith(b"\0"):
            piece = await asyncio.get_running_loop().sock_recv(connection, 4096)
            if not piece:
                break
            answer += piece
    if not answer.endswith(b"\0"):  # a clamd that is stopped in the middle must not pass as one that says OK
        raise ScannerUnavailable("The virus scanner hung up before it had answered.")
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
