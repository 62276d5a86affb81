"""`verify` names what is broken and what to do about it, for each fault that an operator meets."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from localhost.stack import Stack
from shared import checks, services, settings
from shared.adapters.ocr import models
from shared.domain.readiness import Result
from shared.steps.readiness import look_at
from shared.verify import shown
from tests.support.app import ROOT, RunningApp
from tests.support.app import model as model_settings
from tests.support.model_server import ModelServer, behaviours

Patch = pytest.MonkeyPatch


@pytest.fixture
def settled(app: RunningApp, monkeypatch: Patch) -> Iterator[Patch]:
    """This process with the app's settings; what a test changes is read anew."""
    for name, value in app.environ.items():
        if name not in {"PATH", "HOME", "TMPDIR"}:
            monkeypatch.setenv(name, value)
    for cached in (settings.load, services.ports):
        cached.cache_clear()
    yield monkeypatch
    for cached in (settings.load, services.ports):
        cached.cache_clear()


async def found(*names: str) -> list[Result]:
    """Results of these checks, or of all but the table of functions, which can be read once a process."""
    wanted = [c for c in checks.all_checks() if c.name != "functions" and (not names or c.name in names)]
    results = await look_at(wanted, 30)
    await services.close()
    return results


async def fault(*names: str) -> Result:
    """The one check that failed."""
    failed = [result for result in await found(*names) if not result.ok]
    assert len(failed) == 1, failed
    assert failed[0].remedy
    assert failed[0].remedy in shown(failed)
    return failed[0]


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def verify(app: RunningApp, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as an operator runs it."""
    return subprocess.run(
        [sys.executable, "-m", "shared.verify", *arguments],
        cwd=ROOT, env=app.environ | environ, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


async def test_the_command_passes_on_a_whole_system_and_says_what_it_looked_at(app: RunningApp) -> None:
    done = await asyncio.to_thread(verify, app, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    names = [result["name"] for result in json.loads(done.stdout)]
    assert {"settings", "database", "blobs", "vectors", "graph", "disk", "clock", "ocr", "embeddings", "functions"} <= {
        *names
    }


async def test_the_command_fails_with_a_remedy_under_its_table(app: RunningApp) -> None:
    done = await asyncio.to_thread(verify, app, NEO4J_URI=f"bolt://127.0.0.1:{closed_port()}")
    assert done.returncode == 1
    assert re.search(r"✗ graph .* could not be reached", done.stdout), done.stdout + done.stderr
    assert "\ngraph: See whether Neo4j runs at NEO4J_URI" in done.stdout
    assert "1 of" in done.stdout


async def test_a_setting_that_cannot_be_used_is_named(app: RunningApp) -> None:
    done = await asyncio.to_thread(verify, app, DB_POOL_SIZE="many")
    assert done.returncode == 1
    assert "DB_POOL_SIZE" in done.stderr


async def test_a_wrong_password(settled: Patch, app: RunningApp) -> None:
    settled.setenv("DATABASE_URL", re.sub(r":[^:@/]+@", ":wrong@", app.database_url))
    broken = await fault("database")
    assert "password" in broken.detail
    assert "DATABASE_URL" in broken.remedy


async def test_a_database_that_is_not_there(settled: Patch, app: RunningApp) -> None:
    settled.setenv("DATABASE_URL", f"{app.database_url}_not")
    assert "no such database" in (await fault("database")).detail


async def test_a_closed_port(settled: Patch, app: RunningApp) -> None:
    settled.setenv("DATABASE_URL", re.sub(r":\d+/", f":{closed_port()}/", app.database_url))
    broken = await fault("database")
    assert "does not answer" in broken.detail
    assert "DATABASE_URL" in broken.remedy


async def test_an_old_migration(settled: Patch, stack: Stack, app: RunningApp) -> None:
    base, _, _ = app.database_url.rpartition("/")
    name = f"old_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(
        host="127.0.0.1", port=int(base.rpartition(":")[2]), user="postgres", database="postgres",
        password=stack.place.passwords["postgres"],
    )  # fmt: skip
    await admin.execute(f"create database {name} owner theogen_owner")
    await admin.close()
    settled.setenv("DATABASE_URL", f"{base}/{name}")
    broken = await fault("database")
    assert checks.newest_revision() in broken.detail
    assert "python -m shared.migrate" in broken.remedy


async def test_an_unguarded_table(settled: Patch, stack: Stack, app: RunningApp) -> None:
    owner_url = stack.settings["MIGRATION_DATABASE_URL"].rpartition("/")[0] + "/" + app.database_url.rpartition("/")[2]
    owner = await asyncpg.connect(owner_url)
    await owner.execute("alter table memos no force row level security")
    try:
        assert "memos" in (await fault("database")).detail
    finally:
        await owner.execute("alter table memos force row level security")
        await owner.close()


async def test_a_role_that_row_level_security_does_not_bind(settled: Patch, stack: Stack, app: RunningApp) -> None:
    address = app.database_url.rpartition("@")[2]
    settled.setenv("DATABASE_URL", f"postgresql://postgres:{stack.place.passwords['postgres']}@{address}")
    assert "BYPASSRLS" in (await fault("database")).remedy


@pytest.mark.slow
async def test_an_unreachable_storage(settled: Patch, app: RunningApp) -> None:
    connection = app.environ["AzureWebJobsStorage"]
    settled.setenv(
        "AzureWebJobsStorage", re.sub(r"(BlobEndpoint=http://127.0.0.1):\d+", rf"\1:{closed_port()}", connection)
    )
    broken = await fault("blobs")
    assert "AzureWebJobsStorage" in broken.remedy


async def test_a_storage_key_that_is_not_the_present_one(settled: Patch, app: RunningApp) -> None:
    connection = app.environ["AzureWebJobsStorage"]
    settled.setenv("AzureWebJobsStorage", re.sub(r"AccountKey=[^;]+", "AccountKey=d3Jvbmc=", connection))
    assert "AUTHORIZATION" in (await fault("blobs")).detail


async def test_a_missing_queue(settled: Patch, app: RunningApp) -> None:
    """A queue that the Service Bus does not have, by the name that this code knows it under."""
    settled.setattr(checks, "THEORY_QUEUE", "theory-requests-not-declared")
    broken = await fault("queues")
    assert "theory-requests-not-declared" in broken.detail
    assert "infra/queues.json" in broken.remedy


async def test_absent_ocr_weights(settled: Patch) -> None:
    settled.setattr(models, "_loaded", {})
    settled.setitem(sys.modules, "rapidocr", None)  # what a package that is not installed looks like
    broken = await fault("ocr")
    assert "requirements.txt" in broken.remedy


async def test_a_clock_that_is_wrong(settled: Patch, stack: Stack, app: RunningApp) -> None:
    """The database's clock is moved for this sign-in: a function of its own stands before the real one."""
    owner_url = stack.settings["MIGRATION_DATABASE_URL"].rpartition("/")[0] + "/" + app.database_url.rpartition("/")[2]
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(
            "create schema wrong_time; grant usage on schema wrong_time to public;"
            "create function wrong_time.clock_timestamp() returns timestamptz language sql as "
            "$$ select pg_catalog.clock_timestamp() - interval '10 minutes' $$"
        )
        settled.setenv("DATABASE_URL", f"{app.database_url}?search_path=wrong_time,pg_catalog,public")
        broken = await fault("clock")
    finally:
        await owner.execute("drop schema wrong_time cascade")
        await owner.close()
    assert "600 seconds" in broken.detail
    assert "NTP" in broken.remedy


def test_a_full_disk(app: RunningApp) -> None:
    """A process that may write no more than 64 KB into a file: what a full disk does to it."""
    program = (
        "import asyncio, resource; from shared.domain.readiness import Check;"
        "from shared.steps.readiness import check_disk, look_at;"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY));"
        "r = asyncio.run(look_at([Check('disk', check_disk)], 10))[0]; print(r.ok, r.detail, r.remedy)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("False Temporary files cannot be written")
    assert "TMPDIR" in done.stdout


@pytest.fixture
async def server(settled: Patch) -> AsyncIterator[ModelServer]:
    """A model endpoint that the settings name."""
    async with ModelServer() as running:
        for name, value in model_settings(running.base_url).items():
            settled.setenv(name, value)
        services.ports.cache_clear()
        settings.load.cache_clear()
        yield running


async def test_a_model_that_answers(server: ModelServer) -> None:
    names = [client.deployment for client in services.model_clients()]
    [result] = await found(*(f"model {name}" for name in names))
    assert result.ok, result
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [(behaviours.unauthorised, "refused the credential"), (behaviours.missing, "no such deployment")],
)
async def test_a_bad_key_and_a_missing_deployment(
    server: ModelServer, behaviour: behaviours.Behaviour, said: str
) -> None:
    server.always(behaviour)
    [name] = [client.deployment for client in services.model_clients()]
    broken = await fault(f"model {name}")
    assert said in broken.detail
    assert "MODEL_DEPLOYMENT" in broken.remedy


async def test_ready_says_which_service_is_missing_and_nothing_about_where(stack: Stack, app: RunningApp) -> None:
    answer = await app.ask("GET", "ready")
    assert (answer.status, answer.body["status"]) == (200, "ready")
    assert {check["name"] for check in answer.body["checks"]} >= {"database", "blobs", "vectors", "graph", "disk"}
    assert all(set(check) == {"name", "ok", "latency_ms"} for check in answer.body["checks"])
