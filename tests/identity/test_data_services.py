"""Storage and Service Bus, reached with the app's identity alone: real clients, TLS, tokens for the right scope."""

from __future__ import annotations

import asyncio
import ssl
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp.connector
import pytest
import trustme
from azure.servicebus._pyamqp.aio import _connection_async

from shared import credentials
from shared.adapters.blob import AzureBlobs
from shared.adapters.service_bus import ServiceBusQueue
from shared.ports import WorkMessage
from tests.identity.stand_ins import IdentityEndpoint
from tests.identity.test_identity import authority, endpoint
from tests.infra.bicep import INFRA
from tests.localhost.test_connections import guarded_storage
from tests.support.bus import Bus

__all__ = ["authority", "endpoint", "guarded_storage"]

STORAGE = "https://storage.azure.com"
SERVICE_BUS = "https://servicebus.azure.net/"  # as the SDK has it


async def test_blobs_are_written_and_read_with_a_token_for_storage(
    endpoint: IdentityEndpoint, guarded_storage: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, url, _ = guarded_storage
    # What SSL_CERT_FILE does to a process that starts with it (tests/adapters/http): aiohttp has read it by now.
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)
    blobs = AzureBlobs(account_url=url, credential=credentials.identity())
    try:
        for number in range(3):
            await blobs.put("documents", f"t/{number}", b"text")
        assert await blobs.get("documents", "t/1") == b"text"
    finally:
        await blobs.close()
    assert endpoint.asked == {STORAGE: 1}


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    running = Bus(tmp_path / "bus", INFRA / "queues.json")
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def namespace(
    bus: Bus, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The broker behind TLS, as Azure's is; at another port than the SDK's, which cannot be chosen."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost").configure_cert(context)

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", bus.port)
        await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", 0, ssl=context)
    monkeypatch.setattr(_connection_async, "SECURE_PORT", server.sockets[0].getsockname()[1])
    yield "localhost"
    server.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_requests_are_sent_with_a_token_for_the_service_bus(
    endpoint: IdentityEndpoint,
    namespace: str,
    authority: tuple[trustme.CA, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    queue = ServiceBusQueue(namespace=namespace, credential=credentials.identity())
    try:
        await queue.send("document-imports", [WorkMessage(uuid.uuid4().hex, {"n": 1}, {"kind": "import"})])
        await queue.look("document-imports")
    finally:
        await queue.close()
    assert set(endpoint.asked) == {SERVICE_BUS}
