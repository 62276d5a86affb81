"""The whole app as people run it: the host in a process of its own on the session's stack, and a client."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
import asyncpg
import psutil
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient

from localhost.stack import Stack
from shared.domain.document import FINISHED_STATUSES
from shared.domain.runs import FINISHED
from tests.support.bus import Bus
from tests.support.described import check_answer
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
TENANT = "00000000-0000-4000-8000-000000000001"
PATIENCE = 120.0  # what never comes ends a test; how long things take is no matter of tests

Json = Any
File = tuple[str, bytes]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `body` is its JSON, or its bytes where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Json


class RunningApp:
    """The app on a database of its own in the stack, and one user's view of it.

    `kill()` is SIGKILL, and `start()` takes up where that left everything. Only one app of a stack may watch the
    container of uploads: the others are made with `watch=False`. Each has a Service Bus of its own (`bus`), since
    a queue's messages go to whoever asks first.
    """

    def __init__(self, stack: Stack, folder: Path, settings: dict[str, str] | None = None, *, watch: bool = False):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.log = folder, folder / "host.log"
        self._stack, self._report = stack, folder / "report.json"
        self._ports = (free_port(), free_port())
        self._settings = (settings or {}) | ({} if watch else {"AzureWebJobs.import_upload.Disabled": "1"})
        self._process: subprocess.Popen[bytes] | None = None
        self.bus = Bus(folder / "bus", ROOT / "infra" / "queues.json")
        self._open = AsyncExitStack()
        self.url = self.rpc_url = ""
        self.tenant, self.user = TENANT, "demo"

    # Life

    async def prepare(self) -> None:
        """All parts of the stack, a database with its tables, the clients."""
        await asyncio.to_thread(self._stack.start, ("postgres", "azurite", "graph", "vectors"))
        await asyncio.to_thread(self.bus.start)
        await self._make_database()
        self.http = await self._open.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)))
        self.blobs = await self._open.enter_async_context(
            BlobServiceClient.from_connection_string(self.environ["AzureWebJobsStorage"])
        )

    async def start(self) -> None:
        """Start the host and wait until it is ready."""
        self._report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "localhost.host", "--app", str(ROOT), "--data", str(self.folder / "data")]
        command += ["--port", str(self._ports[0]), "--rpc-port", str(self._ports[1]), "--report", str(self._report)]
        with self.log.open("ab") as log:
            self._process = await asyncio.to_thread(
                subprocess.Popen, command, stdout=log, stderr=log, env=self.environ, cwd=ROOT
            )
        await self.until(self._is_ready, "the host is ready")
        report = json.loads(self._report.read_text())
        self.url, self.rpc_url = report["http"], report["rpc"]

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said. Returns when the processes of its functions are gone, too."""
        if self._process is not None:
            children = psutil.Process(self._process.pid).children() if self._process.poll() is None else []
            self._process.kill()
            self._process.wait()
            self._process = None
            _, alive = psutil.wait_procs(children, timeout=PATIENCE)
            assert not alive, f"outlived the host: {alive}"

    async def stop(self) -> None:
        """Ask the host to stop, and wait for it."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, 30)
        finally:
            self.kill()

    async def __aenter__(self) -> Self:
        await self.prepare()
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        try:
            await self.stop()
        finally:
            self.bus.stop()
            await self._open.aclose()

    @property
    def process_id(self) -> int:
        """The host's, while it runs."""
        assert self._process is not None, "the host was not started"
        return self._process.pid

    @property
    def environ(self) -> dict[str, str]:
        """The host's settings: the stack's, those of tests, and none of whoever runs the tests."""
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR", "TZ"}}
        return kept | self._stack.settings | {
            "DATABASE_URL": self.database_url,
            "ServiceBus": self.bus.connection,
            "BLOB_TRIGGER_SOURCE": "LogsAndContainerScan",
            "LOCALHOST_BLOB_POLL_SECONDS": "0.2",
            "AzureFunctionsWebHost__hostid": self.folder.name.replace("_", "-")[:32],
            "AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1",
            "AUTH_MODE": "local",
            "STAGE_RETRY_DELAYS": "1,1,1",
            "IMPORTS_MAX_INGESTS_PER_MIN": "100000",  # tests share a tenant
            "AZURE_OPENAI_ENDPOINT": "",
            "OPENAI_BASE_URL": "",
            "MODEL_DEPLOYMENT": "",
            "EMBEDDING_DEPLOYMENT": "",
            "WARMUP_ENABLE": "false",
        } | self._settings  # fmt: skip

    def words(self) -> str:
        """The end of the host's log, for failures."""
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if " INFO    httpx" not in line]
        return "\n".join(["", "--- the host's log ends with ---", *lines[-40:]])

    async def until(self, condition: Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE) -> None:
        """Wait for something; the host must live meanwhile."""
        end = time.monotonic() + seconds
        while not await condition():
            assert self._process is not None, "the host was not started"
            assert self._process.poll() is None, f"The host died while we waited until {what}.{self.words()}"
            assert time.monotonic() < end, f"Waited in vain until {what}.{self.words()}"
            await asyncio.sleep(0.05)

    async def _is_ready(self) -> bool:
        return self._report.exists()

    # Database and blobs, as the app sees them

    async def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a query gives with the app's role in the name of the tenant."""
        connection = await asyncpg.connect(self.database_url)
        try:
            async with connection.transaction():
                await connection.execute("select set_config('app.tenant_id', $1, true)", self.tenant)
                found = await connection.fetch(query, *values)
        finally:
            await connection.close()
        return [
            {key: value if isinstance(value, int | float | None) else str(value) for key, value in row.items()}
            for row in found
        ]

    async def value(self, query: str, *values: object) -> Any:
        """The one value that a query gives."""
        [row] = await self.rows(query, *values)
        [value] = row.values()
        return value

    async def drop_blob(self, path: str, data: bytes) -> None:
        """Put a file where the blob trigger looks, as any other program would."""
        container = self.blobs.get_container_client("uploads")
        if not await container.exists():
            await container.create_container()
        await container.upload_blob(path, data, overwrite=True)

    async def blob(self, container: str, path: str) -> bytes | None:
        """What lies there, or None."""
        try:
            download = await self.blobs.get_blob_client(container, path).download_blob()
            return await download.readall()
        except ResourceNotFoundError:
            return None

    async def original(self, document_id: str) -> bytes | None:
        """The stored original of a document."""
        return await self.blob("documents", f"{self.tenant}/{document_id}/original")

    # The API

    async def ask(self, method: str, path: str, **options: Any) -> Answer:
        """One request to `/api/…`."""
        headers = {"X-Tenant-Id": self.tenant, "X-User-Id": self.user} | options.pop("headers", {})
        try:
            async with self.http.request(method, f"{self.url}/api/{path}", headers=headers, **options) as response:
                data = await response.read()
        except aiohttp.ClientError as error:
            if self._process is not None and self._process.poll() is not None:
                raise AssertionError(f"The host died: {error}.{self.words()}") from error
            raise
        assert response.status != 500, f"{method} {path} answered 500.{self.words()}"
        check_answer(method, path, response.status, response.content_type, data)
        body = json.loads(data) if "json" in response.content_type else data
        return Answer(response.status, response.headers, body)

    async def get(self, path: str, **options: Any) -> Json:
        """The body of a GET that succeeds."""
        answer = await self.ask("GET", path, **options)
        assert answer.status == 200, f"{path}: {answer.status} {answer.body}"
        return answer.body

    async def search(self, project_id: str, query: str) -> Json:
        """The body of a search that succeeds."""
        answer = await self.ask("POST", f"projects/{project_id}/search", json={"query": query})
        assert answer.status == 200, answer.body
        return answer.body

    async def create_project(self, name: str = "A study", language: str = "es", **more: str) -> str:
        """A new project's id."""
        answer = await self.ask("POST", "projects", json={"name": name, "language": language, **more})
        assert answer.status == 201, answer.body
        return str(answer.body["project_id"])

    async def upload(self, project_id: str, *files: File) -> list[Json]:
        """The receipts of some files, sent as one form."""
        form = aiohttp.FormData(quote_fields=False)
        for name, data in files:
            form.add_field("file", data, filename=name, content_type="application/octet-stream")
        answer = await self.ask("POST", f"projects/{project_id}/documents", data=form)
        assert answer.status == 202, answer.body
        return list(answer.body)

    async def import_files(self, project_id: str, *files: File) -> list[Json]:
        """The documents that some files have become, all imports ended."""
        receipts = await self.upload(project_id, *files)
        return [await self.wait_for_document(receipt["document_id"]) for receipt in receipts]

    async def wait_for_document(self, document_id: str) -> Json:
        """The document once its import has ended."""

        async def ended() -> bool:
            return (await self.get(f"documents/{document_id}"))["status"] in FINISHED_STATUSES

        await self.until(ended, f"document {document_id} has ended")
        return await self.get(f"documents/{document_id}")

    async def text(self, document_id: str) -> str:
        """The canonical text."""
        return str((await self.get(f"documents/{document_id}/text"))["text"])

    async def start_theory(self, project_id: str, **request: Any) -> str:
        """The task's id of a run that was accepted."""
        answer = await self.ask("POST", f"projects/{project_id}/generate-theory", json=request)
        assert answer.status == 202, answer.body
        return str(answer.body["task_id"])

    async def wait_for_run(self, project_id: str, task_id: str) -> Json:
        """The status of a run once it has ended."""
        path = f"projects/{project_id}/generate-theory/status/{task_id}"

        async def ended() -> bool:
            return (await self.get(path))["status"] in FINISHED

        await self.until(ended, f"run {task_id} has ended")
        return await self.get(path)

    async def make_theory(self, project_id: str, **request: Any) -> Json:
        """The theory of a run that completes."""
        status = await self.wait_for_run(project_id, await self.start_theory(project_id, **request))
        assert status["status"] == "completed", f"{status}{self.words()}"
        return await self.get(f"projects/{project_id}/theories/{status['theory_id']}")

    # The database

    async def _make_database(self) -> None:
        """A database like the stack's own, which leaves that one to others."""
        owner_url = self._stack.settings["MIGRATION_DATABASE_URL"]
        base, _, _ = self._stack.settings["DATABASE_URL"].rpartition("/")
        name = f"app_{secrets.token_hex(4)}"
        self.database_url = f"{base}/{name}"
        port = base.rpartition(":")[2]
        admin = await asyncpg.connect(
            host="127.0.0.1", port=int(port), user="postgres", database="postgres",
            password=self._stack.place.passwords["postgres"],
        )  # fmt: skip
        try:
            await admin.execute(f"create database {name} owner theogen_owner")
        finally:
            await admin.close()
        environ = self.environ | {"MIGRATION_DATABASE_URL": f"{owner_url.rpartition('/')[0]}/{name}"}
        command = [sys.executable, "-m", "shared.migrate"]
        done = await asyncio.to_thread(subprocess.run, command, env=environ, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def model(base_url: str) -> dict[str, str]:
    """Settings for a model behind an endpoint of OpenAI's protocol."""
    return {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "key", "MODEL_DEPLOYMENT": "test-model"}


def sample(*names: str) -> list[File]:
    """Files of the sample study, each by the beginning of its name."""
    folder = ROOT / "sample" / "documents"
    return [(path.name, path.read_bytes()) for name in names for path in [next(folder.glob(f"{name}*"))]]


def quotes(theory: Json) -> list[Json]:
    """Every piece of evidence of a theory."""
    relations = [quote for relation in theory["relations"] for quote in relation["evidence"]]
    propositions = [
        quote for claim in theory["propositions"] for side in ("supporting", "contradicting") for quote in claim[side]
    ]
    return relations + propositions


async def unresolved(app: RunningApp, found: Sequence[Json]) -> list[Json]:
    """Those quotes that do not stand in their document's text where they say."""
    texts = {document_id: await app.text(document_id) for document_id in {quote["document_id"] for quote in found}}
    return [quote for quote in found if texts[quote["document_id"]][quote["start"] : quote["end"]] != quote["quote"]]


async def applications(app: RunningApp, project_id: str) -> list[Json]:
    """Every stored code application of a project."""
    return await app.rows(
        "select application_id, code_id, document_id, passage_id, start_offset as start, end_offset as end, quote, "
        "coder from code_applications where project_id = $1",
        project_id,
    )
