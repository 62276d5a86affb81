"""A virus scanner for tests: Debian's clamd where it is installed, and a stand-in that speaks its protocol."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.ports import free_port

# The test file that every scanner knows, in halves: whole, it would make scanners refuse this repository.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
needs_clamd = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed (Debian: apt-get install clamav-daemon)")


@contextlib.contextmanager
def clamd(*, unix: bool = False, **settings: str) -> Iterator[str]:
    """A real clamd that knows one virus; gives its URL. `settings` are lines of its configuration."""
    assert CLAMD is not None
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "db").mkdir()
        (folder / "db" / "test.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
        port = free_port()
        lines = {
            "DatabaseDirectory": str(folder / "db"),
            "Foreground": "yes",
            "AlertExceedsMax": "yes",
            "LogFile": str(folder / "log"),
            **({"LocalSocket": str(folder / "socket")} if unix else {"TCPSocket": str(port), "TCPAddr": "127.0.0.1"}),
            **settings,
        }
        (folder / "clamd.conf").write_text("".join(f"{key} {value}\n" for key, value in lines.items()))
        command = [CLAMD, "--config-file", str(folder / "clamd.conf")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(folder / "socket" if unix else ("127.0.0.1", port), process)
            yield f"unix://{folder}/socket" if unix else f"tcp://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _wait_for(place: Path | tuple[str, int], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "clamd did not start"
        family = socket.AF_UNIX if isinstance(place, Path) else socket.AF_INET
        with socket.socket(family) as one, contextlib.suppress(OSError):
            one.connect(str(place) if isinstance(place, Path) else place)
            one.sendall(b"zPING\0")
            if one.recv(16).startswith(b"PONG"):
                return
        time.sleep(0.02)
    raise AssertionError("clamd did not answer")


Answer = Callable[[bytes], bytes]


def honest(data: bytes) -> bytes:
    """What a clamd that knows EICAR says."""
    return f"stream: {SIGNATURE} FOUND".encode() if EICAR in data else b"stream: OK"


@dataclass
class StandIn:
    """Speaks VERSION, PING and INSTREAM on loopback, and misbehaves as told."""

    answer: Answer = honest
    most: int | None = None  # bytes after which it says so and hangs up
    silent: bool = False
    hangs_up: bool = False  # in the middle of its answer
    url: str = ""
    seen: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            command = (await reader.readuntil(b"\0")).rstrip(b"\0")
            if self.silent:
                await asyncio.sleep(60)
            said = await self._obey(command, reader)
            if self.hangs_up and command == b"zINSTREAM":
                writer.write(said)  # without the NUL that would end it
            else:
                writer.write(said + b"\0")
            await writer.drain()
        writer.close()

    async def _obey(self, command: bytes, reader: asyncio.StreamReader) -> bytes:
        if command == b"zINSTREAM":
            data = bytearray()
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                data += await reader.readexactly(size)
                if self.most is not None and len(data) > self.most:
                    return b"INSTREAM size limit exceeded. ERROR"
            self.seen.append(bytes(data))
            return self.answer(bytes(data))
        return {b"zVERSION": b"ClamAV 1.4.0/stand-in", b"zPING": b"PONG"}.get(command, b"UNKNOWN COMMAND")


@asynccontextmanager
async def stand_in(**ways: object) -> AsyncIterator[StandIn]:
    """A stand-in that listens on a free port."""
    one = StandIn(**ways)  # type: ignore[arg-type]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        work: Awaitable[None] = one.serve(reader, writer)
        with contextlib.suppress(asyncio.CancelledError):
            await work

    server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=2**20)
    one.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        server.close()
