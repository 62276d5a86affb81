"""A loopback stand-in for Azure AI Document Intelligence: its REST protocol for prebuilt-read, version 2024-11-30."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.support.rate_limit import RateLimit

KEY = "a-key"
TOKEN = "a-token"


@dataclass
class Service:
    """What the service will answer, and what it was sent. `posts` and `gets` are statuses to give before working.

    With `reads` the answer is made of the picture, else it is always `result`. `limit` holds for pictures.
    `wait` is the headers of "not yet".
    """

    result: dict[str, Any] | None = None
    posts: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    gets: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    running: int = 1
    status: str = "succeeded"
    raw: bytes | None = None
    pictures: list[bytes] = field(default_factory=list)
    asked: int = 0
    url: str = ""
    reads: Callable[[bytes], dict[str, Any]] | None = None
    limit: RateLimit | None = None
    wait: dict[str, str] = field(default_factory=dict)

    async def analyze(self, request: web.Request) -> web.Response:
        """POST …:analyze: 202 with where to ask, or an error."""
        if refused := _refused(request):
            return refused
        if self.posts:
            status, headers = self.posts.pop(0)
            return web.json_response(_error(status), status=status, headers=headers)
        if self.limit is not None and (told := self.limit.refusal()) is not None:
            return web.json_response(_error(429), status=429, headers=told)
        assert request.query["api-version"] == "2024-11-30"
        assert request.content_type == "application/octet-stream"
        self.pictures.append(await request.read())
        where = f"{self.url}/documentintelligence/documentModels/prebuilt-read/analyzeResults/{len(self.pictures)}"
        return web.Response(status=202, headers={"Operation-Location": f"{where}?api-version=2024-11-30"})

    async def results(self, request: web.Request) -> web.Response:
        """GET …/analyzeResults/{id}: running for a while, then the end."""
        if refused := _refused(request):
            return refused
        self.asked += 1
        if self.gets:
            status, headers = self.gets.pop(0)
            return web.json_response(_error(status), status=status, headers=headers)
        if self.asked <= self.running:
            return web.json_response({"status": "running"}, headers=self.wait)
        if self.raw is not None:
            return web.Response(body=self.raw, content_type="application/json")
        if self.status == "failed":
            return web.json_response({"status": "failed", "error": _error(400)["error"]})
        picture = self.pictures[int(request.match_info["id"]) - 1]
        result = self.reads(picture) if self.reads else self.result
        return web.json_response({"status": self.status, "analyzeResult": result})


def _refused(request: web.Request) -> web.Response | None:
    by_key = request.headers.get("Ocp-Apim-Subscription-Key") == KEY
    by_token = request.headers.get("Authorization") == f"Bearer {TOKEN}"
    return None if by_key or by_token else web.json_response(_error(401), status=401)


def _error(status: int) -> dict[str, Any]:
    return {"error": {"code": str(status), "message": "An error of the stand-in."}}


@asynccontextmanager
async def running(service: Service, certificate: Path | None = None) -> AsyncIterator[Service]:
    """The service on a free port of loopback; with a folder for its certificate over TLS."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    path = "/documentintelligence/documentModels/prebuilt-read"
    app.router.add_post(f"{path}:analyze", service.analyze)
    app.router.add_get(f"{path}/analyzeResults/{{id}}", service.results)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_tls(certificate) if certificate else None)
        await site.start()
        host, port = runner.addresses[0][:2]
        service.url = f"{'https' if certificate else 'http'}://{host}:{port}"
        yield service
    finally:
        await runner.cleanup()


def _tls(folder: Path) -> ssl.SSLContext:
    """A certificate for loopback that signs itself, as `cert.pem` in this folder."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def answer(*lines: list[tuple[str, float]], width: int = 400, height: int = 200, angle: float = 0.0) -> dict[str, Any]:
    """An analyzeResult: lines of words with their confidence, 10 pixels a character, 20 pixels a line."""
    words, found, content = [], [], ""
    for at, line in enumerate(lines):
        start, x = len(content), 20.0
        for text, sure in line:
            polygon = _corners(x, 20.0 + 30 * at, x + 10 * len(text), 40.0 + 30 * at)
            span = {"offset": len(content), "length": len(text)}
            words.append({"content": text, "polygon": polygon, "confidence": sure, "span": span})
            content += text + " "
            x += 10 * (len(text) + 1)
        end = len(content) - 1
        found.append(
            {
                "content": content[start:end],
                "polygon": _corners(20.0, 20.0 + 30 * at, x - 10, 40.0 + 30 * at),
                "spans": [{"offset": start, "length": end - start}],
            }
        )
    page = {
        "pageNumber": 1, "angle": angle, "width": width, "height": height, "unit": "pixel",
        "words": words, "lines": found, "spans": [{"offset": 0, "length": len(content)}],
    }  # fmt: skip
    return {
        "apiVersion": "2024-11-30", "modelId": "prebuilt-read", "stringIndexType": "textElements",
        "content": content, "pages": [page], "paragraphs": [], "styles": [],
    }  # fmt: skip


def _corners(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [left, top, right, top, right, bottom, left, bottom]
