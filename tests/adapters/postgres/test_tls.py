"""A server elsewhere is signed in to over TLS only, and only where its name and its authority are right."""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from shared.adapters.postgres import Database
from shared.domain.errors import Unavailable

SSL_REQUEST = 80877103
ANSWER = b"E" + struct.pack("!i", 4 + 26) + b"SFATAL\0C28000\0Mnot today\0\0\0\0"


class Server:
    """Speaks as much of PostgreSQL's protocol as it takes to hear who signs in."""

    def __init__(self, certificate: trustme.LeafCert) -> None:
        self.users: list[bytes] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._context)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            size, code = struct.unpack("!ii", await reader.readexactly(8))
            if code == SSL_REQUEST:
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(self._context)
                size, code = struct.unpack("!ii", await reader.readexactly(8))
            said = (await reader.readexactly(size - 8)).split(b"\0")
            self.users.append(said[said.index(b"user") + 1])
            writer.write(ANSWER)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[tuple[Server, int, Path]]:
    """A server whose authority is in the file that comes with it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    made = Server(authority.issue_cert("localhost"))
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    yield made, listening.sockets[0].getsockname()[1], tmp_path / "ca.pem"
    listening.close()


async def ping(host: str, port: int) -> None:
    url = f"postgresql://id-app:token@{host}:{port}/theogen?sslmode=verify-full"
    database = Database(url, size=1, overflow=0, timeout=5, recycle=60)
    try:
        await database.ping()
    finally:
        await database.close()


async def test_the_authorities_are_those_that_the_process_trusts(
    server: tuple[Server, int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, port, authority = server
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with pytest.raises(Exception, match="not today"):  # TLS is there, and the server has heard who asks
        await ping("localhost", port)
    assert heard.users == [b"id-app"]


async def test_nobody_signs_in_to_a_server_that_cannot_prove_who_it_is(
    server: tuple[Server, int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, port, authority = server
    with pytest.raises(Unavailable):  # an authority that nobody knows
        await ping("localhost", port)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with pytest.raises(Unavailable):  # another name
        await ping("127.0.0.1", port)
    assert heard.users == []
