"""Warm-up of one process: every check is there, and whatever is wrong is reported, in time, and never raised."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from sample.make_warmup import build
from shared import services, settings, warm
from shared.adapters.ocr import models
from shared.adapters.postgres import Database
from shared.domain.warmup import FAILED, NO_EFFECT, OFF, OK, WARNING, Found, Warmth, fleet_warmth
from shared.ports import Fleet
from shared.steps.warmup import Plan, WarmUp
from tests.support.ports import free_port

CHECKS = {"database", "storage", "model", "ocr", "fast", "hires", "http_client", "http_health"}

Warm = Callable[..., Awaitable[Warmth]]


@pytest.fixture
async def warm_with(migrated_url: str, azurite_connection: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Warm]:
    """A process of its own, as far as the app knows, that gets warm with these settings."""
    usual = {
        "AzureWebJobsStorage": azurite_connection, "DATABASE_URL": migrated_url, "DB_POOL_TIMEOUT": "5",
        "QDRANT_URL": "http://127.0.0.1:1", "NEO4J_URI": "bolt://127.0.0.1:1", "WARMUP_ENABLE": "true",
        "WARMUP_PRELOAD_HIRES": "false", "OCR_THREADS": "1",
    }  # fmt: skip

    async def get_warm(**environ: str) -> Warmth:
        for name, value in (usual | environ).items():
            monkeypatch.setenv(name, value)
        _forget()
        return await warm.warm_up().done()

    yield get_warm
    if services.ports.cache_info().currsize:
        await services.close()
    _forget()


def _forget() -> None:
    for built in (settings.load, services.ports, warm.warm_up):
        built.cache_clear()


@asynccontextmanager
async def service(delay: float = 0.0, status: int = 200) -> AsyncIterator[tuple[str, list[web.Request]]]:
    """A service with a health address, and what it was asked."""
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request)
        await asyncio.sleep(delay)
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


def states(found: Warmth) -> dict[str, str]:
    return {name: check.state for name, check in found.checks.items()}


async def test_a_process_that_has_everything_is_ready_and_each_check_has_its_time(warm_with: Warm) -> None:
    async with service() as (url, asked):
        found = await warm_with(
            HTTP_BASE_URL=f"{url}/", HTTP_EXTRA_HEADERS=json.dumps({"X-Caller": "theogen"}),
            WARMUP_HTTP_HEALTH_URL="health", WARMUP_PRELOAD_HIRES="true",
        )  # fmt: skip
    assert states(found) == dict.fromkeys(CHECKS, OK), found
    assert (found.ready, found.errors, found.warnings) == (True, [], [])
    assert found.latency_ms == found.checks["http_health"].ms
    assert asked[0].headers["X-Caller"] == "theogen"
    assert "picture" in found.checks["hires"].detail
    assert "own text" in found.checks["fast"].detail
    # And the fleet knows: it is on record.
    assert found.process in [one.process for one in await services.ports().store.fleet.warmups()]


async def test_switches_switch_off_and_those_without_a_library_say_so(warm_with: Warm) -> None:
    off = {"WARMUP_PRELOAD_FAST", "WARMUP_PRELOAD_HIRES", "WARMUP_HTTP_CLIENT", "WARMUP_HTTP_HEALTH_CHECK"}
    gone = {"WARMUP_PRELOAD_TABLE_MODEL": "true", "WARMUP_SILENCE_PDFMINER": "true"}
    found = await warm_with(**dict.fromkeys(off, "false"), **gone)
    assert {name for name, state in states(found).items() if state == OFF} == CHECKS - {
        *("database", "storage", "model", "ocr")
    }
    assert {name for name, state in states(found).items() if state == NO_EFFECT} == {"table_model", "silence_pdfminer"}
    assert found.ready


async def test_a_process_that_runs_no_activities_does_not_look_at_what_only_they_use(warm_with: Warm) -> None:
    found = await warm_with(ACTIVITIES_ELSEWHERE="true", WARMUP_PRELOAD_HIRES="true")
    assert set(found.checks) == {"database", "storage", "http_client", "http_health"}
    assert found.ready


async def test_a_missing_file_is_an_error_and_no_crash(
    warm_with: Warm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(warm, "PROBE", tmp_path / "lectura.pdf")
    found = await warm_with()
    assert not found.ready
    assert [line.split(",")[0] for line in found.errors] == ["fast: The file lectura.pdf"]


async def test_an_unreachable_health_address_is_a_warning(warm_with: Warm) -> None:
    found = await warm_with(WARMUP_HTTP_HEALTH_URL=f"http://127.0.0.1:{free_port()}/health")
    assert states(found)["http_health"] == WARNING
    assert (found.ready, found.errors, len(found.warnings)) == (True, [], 1)


@pytest.mark.parametrize(("wait", "said"), [("5", "more than 100 is slow"), ("0.2", "no answer within 0.2 seconds")])
async def test_a_slow_health_address_is_a_warning(warm_with: Warm, wait: str, said: str) -> None:
    async with service(delay=0.5) as (url, _):
        found = await warm_with(
            WARMUP_HTTP_HEALTH_URL=f"{url}/health",
            WARMUP_HTTP_HEALTH_TIMEOUT_SEC=wait,
            WARMUP_HTTP_HEALTH_WARN_MS="100",
        )
    assert states(found)["http_health"] == WARNING
    assert said in found.warnings[0]
    assert found.ready


async def test_a_health_address_that_is_not_well_is_a_warning(warm_with: Warm) -> None:
    async with service(status=503) as (url, _):
        found = await warm_with(WARMUP_HTTP_HEALTH_URL=f"{url}/health")
    assert found.warnings[0].startswith("http_health: The health address answered with 503.")


async def test_headers_that_are_none_are_an_error_that_names_the_setting(warm_with: Warm) -> None:
    found = await warm_with(HTTP_EXTRA_HEADERS="X-Caller: theogen")
    assert found.errors[0].startswith("http_client: HTTP_EXTRA_HEADERS is no JSON object")


async def test_missing_weights_are_an_error(warm_with: Warm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def build_without_weights(mode: models.Mode, threads: int) -> object:
        raise FileNotFoundError(tmp_path / "det.onnx")

    monkeypatch.setattr(models, "_loaded", {})
    monkeypatch.setattr(models, "_build", build_without_weights)
    found = await warm_with(WARMUP_PRELOAD_HIRES="true")
    assert {name for name, state in states(found).items() if state == FAILED} == {"ocr", "hires"}
    assert not found.ready


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


@pytest.mark.slow
async def test_a_dead_database_is_an_error_within_the_time_limit(warm_with: Warm, silent_port: int) -> None:
    for port in (free_port(), silent_port):
        begun = time.monotonic()
        found = await warm_with(
            DATABASE_URL=f"postgresql://theogen_app:x@127.0.0.1:{port}/theogen", DB_POOL_TIMEOUT="60",
            WARMUP_TIMEOUT_SEC="8",
        )  # fmt: skip
        took = time.monotonic() - begun
        assert states(found)["database"] == FAILED
        assert set(states(found)) == CHECKS
        assert not found.ready
        # The limit that is promised, with room for a loaded machine; without one it would be a minute.
        assert took < 8 + 20
        assert (await warm.warm_up().fleet())[0] == found  # the answer is there without the database


async def test_settings_that_cannot_be_used_are_part_of_the_result() -> None:
    async def plan() -> Plan:
        raise SystemExit("Setting MODEL_DEPLOYMENT: name the model, since a model endpoint is set.")

    def fleet() -> Fleet:
        raise SystemExit("no")

    found = await WarmUp("here", plan, fleet).done()
    assert found.errors == ["settings: Setting MODEL_DEPLOYMENT: name the model, since a model endpoint is set."]


async def test_whoever_comes_first_starts_it_and_nobody_starts_it_again(database: Database) -> None:
    plans, gate = 0, asyncio.Event()

    async def plan() -> Plan:
        nonlocal plans
        plans += 1
        await gate.wait()
        return Plan([], {}, frozenset(), {}, 10)

    process = WarmUp("once", plan, lambda: database.fleet)
    for _ in range(3):
        process.begin()  # a request goes on at once
    waiting = [asyncio.create_task(process.done()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # whoever goes away takes nothing with them
    assert not process.warmth.ready
    gate.set()
    results = await asyncio.gather(*waiting[1:])
    assert [one.ready for one in results] == [True, True]
    assert plans == 1


def test_the_fleet_is_as_ready_as_its_worst_process() -> None:
    well = Warmth("a", True, 3.0, {"fast": Found(OK, 5), "http_health": Found(OFF)}, None)
    slow = Warmth("b", True, 9.0, {"fast": Found(OK, 50), "http_health": Found(WARNING, 1200, "slow")}, 1200)
    broken = Warmth("c", False, 1.0, {"fast": Found(FAILED, 1, "missing")}, 3)
    assert fleet_warmth([])["ready"] is False
    both = fleet_warmth([well, slow])
    assert (both["ready"], both["duration_sec"], both["latency_ms"]) == (True, 9.0, 1200)
    assert (both["checks"]["fast"].ms, both["warnings"], both["errors"]) == (50, ["http_health: slow"], [])
    three = fleet_warmth([well, slow, broken])
    assert (three["ready"], three["errors"], len(three["processes"])) == (False, ["fast: missing"], 3)


def test_the_file_is_the_one_that_its_program_makes() -> None:
    assert build() == warm.PROBE.read_bytes()
