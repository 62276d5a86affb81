"""Proxies and own certificates by the usual variables: every HTTP client of ours goes the way that they say."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.app import ROOT

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOSTS = {"health.example", "model.example", "blobs.example", "issuer.example", "collector.example"}


@dataclass
class Way:
    """What the proxy was asked for, and what came through to the services behind it."""

    proxy: str = ""
    tunnels: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of one's own, and what it signed for the services: `ca.pem`, `server.pem`."""
    folder = tmp_path_factory.mktemp("authority")
    now, key, own = datetime.datetime.now(datetime.UTC), ec.generate_private_key(ec.SECP256R1()), _name("An authority")
    server_key = ec.generate_private_key(ec.SECP256R1())

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(own, subject, public, x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )

    signed = certificate(own, key.public_key(), ca=True).sign(key, hashes.SHA256())
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in sorted(HOSTS)])
    of_server = certificate(_name("services"), server_key.public_key(), ca=False)
    of_server = of_server.add_extension(names, critical=False)
    private = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(signed.public_bytes(pem))
    (folder / "server.pem").write_bytes(private + of_server.sign(key, hashes.SHA256()).public_bytes(pem))
    return folder


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@pytest.fixture
async def way(authority: Path) -> AsyncIterator[Way]:
    """A proxy that leads every tunnel to one server, which has a certificate for all hosts and finds nothing."""
    way = Way()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority / "server.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        host = next(line for line in head.splitlines() if line.lower().startswith("host:"))
        way.served.add(host.partition(":")[2].strip())
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(_quiet(serve), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split(" ", 2)
        assert method == "CONNECT"
        way.tunnels.add(target.partition(":")[0])
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pump(reader, back), _pump(there, writer))

    proxy = await asyncio.start_server(_quiet(tunnel), "127.0.0.1", 0)
    way.proxy = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    yield way
    for listening in (server, proxy):
        listening.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _quiet(handler: Handler) -> Handler:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await handler(reader, writer)

    return handle


async def ask_all(**environ: str) -> None:
    """Let a process of its own ask with every client: libraries read some of these variables when they are imported."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.adapters.http.process", cwd=ROOT, env=kept | environ,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 200)
    assert process.returncode == 0, said.decode()


async def test_every_client_goes_through_the_proxy_and_trusts_the_own_authority(way: Way, authority: Path) -> None:
    await ask_all(HTTPS_PROXY=way.proxy, SSL_CERT_FILE=str(authority / "ca.pem"))
    assert way.tunnels == HOSTS
    assert way.served == HOSTS


@pytest.mark.slow
async def test_hosts_that_need_no_proxy_are_asked_directly(way: Way, authority: Path) -> None:
    direct = "health.example,model.example,blobs.example,issuer.example"
    await ask_all(HTTPS_PROXY=way.proxy, SSL_CERT_FILE=str(authority / "ca.pem"), NO_PROXY=direct)
    assert way.tunnels == {"collector.example"}


@pytest.mark.slow
async def test_nobody_trusts_an_authority_that_is_not_named(way: Way) -> None:
    await ask_all(HTTPS_PROXY=way.proxy)
    assert way.tunnels == HOSTS
    assert way.served == set()
