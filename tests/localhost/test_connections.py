"""Connections by name: a connection string, or addresses that a managed identity opens."""

import datetime
import ipaddress
import json
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from azure.storage.blob import BlobServiceClient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from localhost.host.binding_texts import BindingError
from localhost.host.connections import Connection, service_bus_connection, storage_connection
from localhost.stack import Stack
from localhost.stack.azurite import ACCOUNT, KEY
from tests.localhost.conftest import StartHost
from tests.localhost.process import answers, wait_for
from tests.support.ports import free_port


def test_a_connection_string_is_found_by_its_three_names() -> None:
    assert storage_connection("X", {"AzureWebJobsX": "1", "X": "2"}).text == "1"
    assert storage_connection("X", {"X": "2", "X__blobServiceUri": "https://x"}).text == "2"
    assert storage_connection("X", {"ConnectionStrings:X": "3"}).text == "3"
    found = storage_connection(None, {"AzureWebJobsStorage": "UseDevelopmentStorage=true"})
    assert "AccountName=devstoreaccount1" in found.text


def test_addresses_are_found_by_the_names_of_their_settings() -> None:
    account = storage_connection(None, {"AzureWebJobsStorage__accountName": "acme"})
    assert (account.blobs, account.queues) == (
        "https://acme.blob.core.windows.net",
        "https://acme.queue.core.windows.net",
    )
    both = {"X__blobServiceUri": "https://b", "X__queueServiceUri": "https://q", "X__clientId": "id"}
    assert storage_connection("X", both) == Connection(blobs="https://b", queues="https://q", client_id="id")
    bus = {
        "AzureWebJobsS__fullyQualifiedNamespace": "n.servicebus.windows.net",
        "AzureWebJobsS__credential": "managedidentity",
    }
    assert service_bus_connection("S", bus) == Connection(namespace="n.servicebus.windows.net", managed=True)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Storage account connection string 'AzureWebJobsX' does not exist"),
        ({"X__blobServiceUri": "https://b"}, "needs X__blobServiceUri and X__queueServiceUri, or X__accountName"),
        ({"X__accountName": "a", "X__credential": "secret"}, "X__credential is 'secret'"),
        (
            {"X__accountName": "a", "X__managedIdentityResourceId": "/s"},
            "X__managedIdentityResourceId is not available",
        ),
    ],
)
def test_a_storage_connection_that_lacks_something_says_what(settings: dict[str, str], sentence: str) -> None:
    with pytest.raises(BindingError, match=sentence):
        storage_connection("X", settings)


def test_a_service_bus_without_a_namespace_is_refused() -> None:
    with pytest.raises(BindingError, match="Service Bus connection 'S' does not exist"):
        service_bus_connection("S", {})
    with pytest.raises(BindingError, match=r"fullyQualifiedNamespace.*'S' is neither"):
        service_bus_connection("S", {"S__clientId": "id"})


async def test_a_service_bus_is_opened_by_its_namespace() -> None:
    async with AsyncExitStack() as stack:
        client = Connection(namespace="n.servicebus.windows.net", managed=True).service_bus(stack)
        assert client.fully_qualified_namespace == "n.servicebus.windows.net"


class Tokens(BaseHTTPRequestHandler):
    """The endpoint at which an app's managed identity gets its tokens in Azure."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        resource = parse_qs(urlsplit(self.path).query)["resource"][0]
        right = self.headers["X-IDENTITY-HEADER"] == "secret"
        self.asked.append(resource)
        now = int(time.time())
        claims = {"iss": "https://sts.windows.net/t/", "aud": resource, "iat": now, "nbf": now - 60, "exp": now + 3600}
        token = {"access_token": jwt.encode(claims, "k" * 32), "expires_on": str(now + 3600), "resource": resource}
        self.send_response(200 if right else 401)
        self.end_headers()
        self.wfile.write(json.dumps({**token, "token_type": "Bearer"}).encode() if right else b"{}")

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def tokens() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/msi/token"
    server.shutdown()


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "storage of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(1))
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files


@pytest.fixture
def guarded_storage(stack: Stack, azurite_connection: str, tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """An Azurite that speaks TLS and takes tokens: its certificate and the addresses of blobs and queues."""
    cert, key = certificate(tmp_path)
    node, script, *_ = stack.keepers["azurite"].part.command().argv
    ports = [free_port() for _ in range(3)]
    words = [
        word
        for name, port in zip(("blob", "queue", "table"), ports, strict=True)
        for word in (f"--{name}Port", str(port))
    ]
    flags = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence", "--oauth", "basic"]
    process = subprocess.Popen([node, script, *flags, "--cert", cert, "--key", key, *words], cwd=tmp_path)
    wait_for(lambda: all(map(answers, ports)), "Azurite listens")
    yield cert, f"https://127.0.0.1:{ports[0]}/{ACCOUNT}", f"https://127.0.0.1:{ports[1]}/{ACCOUNT}"
    process.kill()
    process.wait()


def test_a_blob_is_read_with_nothing_but_an_identity(
    guarded_storage: tuple[Path, str, str], tokens: str, start_host: StartHost
) -> None:
    cert, blobs, queues = guarded_storage
    name = f"in-{uuid.uuid4().hex[:8]}"
    container = BlobServiceClient(blobs, KEY, connection_verify=str(cert)).create_container(name)
    container.upload_blob("t1/a.txt", b"abc")
    start = {
        "AzureWebJobsStorage": "",
        "AzureWebJobsStorage__blobServiceUri": blobs,
        "AzureWebJobsStorage__queueServiceUri": queues,
        "AzureWebJobsStorage__credential": "managedidentity",
        "IDENTITY_ENDPOINT": tokens,
        "IDENTITY_HEADER": "secret",
        "SSL_CERT_FILE": str(cert),
        "INCOMING": name,
        "FAILING": f"failing-{name}",
        "LOCALHOST_BLOB_POLL_SECONDS": "0.1",
    }
    host = start_host("blobs", **start)
    wait_for(lambda: len(host.traced()) == 1, "the blob has been read")
    assert host.traced()[0].startswith(f"read {name}/t1/a.txt 3 ")
    assert set(Tokens.asked) == {"https://storage.azure.com"}
