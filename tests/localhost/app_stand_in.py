"""A stand-in for the app: the routes that the demo calls, a little storage account, and documents that move on."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from aiohttp import BodyPartReader, web

from shared.domain.ids import content_hash, document_id
from tests.support.theories import evidence, theory

ACCOUNT, KEY = "devstoreaccount1", base64.b64encode(b"key of the stand-in").decode()
STAGES = [("preprocessing", 10), ("ocr_processing", 30), ("indexing", 70), ("completed", 100)]
STEPS = [("queued", None, 0), ("running", "open_coding", 30), ("running", "theorising", 80)]


class StandIn:
    """Everything is public so that a test can look, and spoil things beforehand."""

    def __init__(self) -> None:
        self.url = ""
        self.projects: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.texts: dict[str, str] = {}
        self.dropped: list[str] = []
        self.requests: list[str] = []
        self.page_size = 2
        self.polls = 0
        self.run_ends: dict[str, Any] = {
            "status": "completed",
            "step": "publishing",
            "progress": 100,
            "theory_id": "t1",
        }
        self.theory_changes: dict[str, Any] = {"language": "en"}
        self.rejected: set[str] = set()
        self.refused: set[str] = set()
        self.busy = 0

    @property
    def storage(self) -> str:
        """A connection string of the little storage account."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={self.url}/{ACCOUNT};"
        )

    async def create_project(self, request: web.Request) -> web.Response:
        """The same key gives the same project."""
        project_id = str(uuid5(NAMESPACE_URL, request.headers["Idempotency-Key"]))
        made = {"project_id": project_id, "tenant_id": str(uuid4()), **await request.json()}
        return web.json_response(self.projects.setdefault(project_id, made), status=201)

    async def upload(self, request: web.Request) -> web.Response:
        """Multipart, one or many."""
        receipts: list[dict[str, Any]] = []
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            assert part.name == "file"
            if part.filename in self.refused:
                problem = {"title": "Too large", "detail": "The file is larger than 1 MB.", "hint": "Split it."}
                return web.json_response(problem, status=413, content_type="application/problem+json")
            receipts.append(self.register(request.match_info["id"], str(part.filename), bytes(await part.read())))
        return web.json_response(receipts, status=202)

    def register(self, project_id: str, name: str, data: bytes) -> dict[str, Any]:
        """Take a document in, or know it again."""
        new = document_id(project_id, content_hash(data))
        receipt = {"document_id": new, "task_id": new, "name": name, "status": "pending"}
        if new in self.documents:
            return receipt | {"duplicate_of": new}
        kind = "invoice" if "factura" in name else "interview"
        self.texts[new] = data.decode("utf-8", "replace")
        row = {"document_id": new, "project_id": project_id, "name": name, "seen": 0, "type": kind, "language": "es"}
        self.documents[new] = row | {"page_count": 1, "error_code": None, "error_message": None}
        return receipt

    async def list_documents(self, request: web.Request) -> web.Response:
        """Each look moves every document on by one stage; pages are small so that paging is needed."""
        mine = [row for row in self.documents.values() if row["project_id"] == request.match_info["id"]]
        first = int(request.query.get("after", "0"))
        if first == 0:
            for row in mine:
                row["status"], row["progress"] = STAGES[min(row["seen"], len(STAGES) - 1)]
                row["stage"], row["seen"] = row["status"], row["seen"] + 1
                if row["name"] in self.rejected:
                    row |= {"status": "rejected", "error_code": "encrypted", "error_message": "It has a password."}
        last = first + self.page_size
        return web.json_response({"items": mine[first:last], "next": str(last) if last < len(mine) else None})

    async def document(self, request: web.Request) -> web.Response:
        """With a record for invoices and two events."""
        row = self.documents[request.match_info["id"]]
        fields = {"kind": "invoice", "number": "2026-0117", "total": "121.00", "currency": "EUR", "due_date": None}
        record = {"kind": "invoice", "record": fields, "findings": []}
        events = [
            {"stage": s, "status": "x", "at": "2026-01-01T00:00:00Z", "duration_ms": 1500} for s in ("ocr", "index")
        ]
        return web.json_response({**row, "record": record if row["type"] == "invoice" else None, "events": events})

    async def text(self, request: web.Request) -> web.Response:
        """The text that quotes count in."""
        return web.json_response({"text": self.texts[request.match_info["id"]]})

    async def generate(self, request: web.Request) -> web.Response:
        """Always the same run."""
        receipt = {"task_id": "r1", "status": "queued", "execution_mode": "durable", "next_poll_seconds": 0.2}
        return web.json_response(receipt, status=202)

    async def status(self, request: web.Request) -> web.Response:
        """A step further with each look; busy first, if a test wants that."""
        if self.busy:
            self.busy -= 1
            return web.json_response({"title": "busy"}, status=503)
        self.polls += 1
        answer: dict[str, Any] = {"task_id": "r1", "next_poll_seconds": 0.2, "error_code": None}
        if self.polls <= len(STEPS):
            return web.json_response(
                answer | dict(zip(("status", "step", "progress"), STEPS[self.polls - 1], strict=True))
            )
        return web.json_response(answer | self.run_ends)

    async def theory(self, request: web.Request) -> web.Response:
        """Quotes really stand where they say, one of them behind an emoji."""
        words = "ni una palabra"
        found = [self._quote(row, words) for key, row in self.documents.items() if words in self.texts[key]][:2]
        told = theory()["propositions"][0] | {"supporting": found[:1], "contradicting": found[1:]}
        tied = theory()["relations"][0] | {"evidence": found[:1]}
        return web.json_response(theory(propositions=[told], relations=[tied]) | self.theory_changes)

    def _quote(self, row: dict[str, Any], words: str) -> dict[str, Any]:
        start = self.texts[row["document_id"]].index(words)
        return evidence(words, start, document=row["name"], document_id=row["document_id"])

    async def put_blob(self, request: web.Request) -> web.Response:
        """Containers, and blobs that become documents as the trigger would make them."""
        path = PurePosixPath(request.match_info["path"])
        if len(path.parts) > 1:
            assert path.parts[0] == "uploads"
            self.dropped.append("/".join(path.parts[1:]))
            self.register(path.parts[2], "/".join(path.parts[3:]), await request.read())
        return web.Response(status=201, headers={"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})

    def application(self) -> web.Application:
        """All routes."""
        app = web.Application(middlewares=[self._note])
        project = "/api/projects/{id}"
        app.add_routes(
            [
                web.post("/api/projects", self.create_project),
                web.post(f"{project}/documents", self.upload),
                web.get(f"{project}/documents", self.list_documents),
                web.get("/api/documents/{id}", self.document),
                web.get("/api/documents/{id}/text", self.text),
                web.post(f"{project}/generate-theory", self.generate),
                web.get(f"{project}/generate-theory/status/r1", self.status),
                web.get(f"{project}/theories/t1", self.theory),
                web.put(f"/{ACCOUNT}/{{path:.+}}", self.put_blob),
            ]
        )
        return app

    @web.middleware
    async def _note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append(f"{request.method} {request.path}")
        answer: web.StreamResponse = await handler(request)
        return answer


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in that answers, in a thread of its own: the demo's client blocks."""
    stand_in, loop = StandIn(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(stand_in.application())

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        stand_in.url = f"http://127.0.0.1:{runner.addresses[0][1]}"

    asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    yield stand_in
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
