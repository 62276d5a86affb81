"""The real exporters against stand-ins on loopback: Application Insights' ingestion, and a collector."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from shared.adapters.telemetry.export import credential_of
from tests.adapters.telemetry.process import SECRET
from tests.support.app import ROOT
from tests.support.collector import Collector

Item = dict[str, Any]


@asynccontextmanager
async def ingestion() -> AsyncIterator[tuple[str, list[Item]]]:
    """Application Insights' endpoint: takes items as the exporter sends them."""
    items: list[Item] = []

    async def track(request: web.Request) -> web.Response:
        data = await request.read()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        found = json.loads(text)
        items.extend(found)
        return web.json_response({"itemsReceived": len(found), "itemsAccepted": len(found), "errors": []})

    app = web.Application(client_max_size=0)
    app.router.add_post("/{path:.*track}", track)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", items
    finally:
        await runner.cleanup()


async def speak(trace: str, **settings: str) -> str:
    """What the process wrote to its own standard error."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    environ = kept | settings | {
        "TRACE": f"00-{trace}-{'b' * 16}-01",
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",  # the library's own statistics would go to the internet
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.adapters.telemetry.process",
        cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_application_insights_gets_events_with_fields_that_alert_rules_can_ask_for() -> None:
    trace = secrets.token_hex(16)
    async with ingestion() as (url, items):
        key = "00000000-0000-4000-8000-000000000000"
        await speak(trace, APPLICATIONINSIGHTS_CONNECTION_STRING=f"InstrumentationKey={key};IngestionEndpoint={url}/")
    lines = [item for item in items if item["data"]["baseType"] == "MessageData"]
    [signal] = [line for line in lines if line["data"]["baseData"]["properties"].get("event") == "fleet_signal"]
    properties = signal["data"]["baseData"]["properties"]
    assert {name: properties[name] for name in ("signal", "subject", "trace")} == {
        "signal": "queue_depth", "subject": "document-imports", "trace": trace,
    }  # fmt: skip
    assert float(properties["value"]) == 12.5
    assert "nothing" not in properties
    assert signal["tags"]["ai.operation.id"] == trace
    [request] = [item for item in items if item["data"]["baseType"] == "RequestData"]
    assert request["tags"]["ai.operation.id"] == trace
    assert request["data"]["baseData"]["properties"]["theogen.tenant_id"] == "t-1"
    assert SECRET not in json.dumps(items)
    assert "a line of a library" not in json.dumps(items)
    points = [item["data"]["baseData"] for item in items if item["data"]["baseType"] == "MetricData"]
    measured = {point["metrics"][0]["name"] for point in points}
    assert {"theogen.operation.duration", "gen_ai.client.token.usage", "theogen.model.cost"} <= measured


async def test_a_collector_gets_them_too_and_of_an_error_its_class_and_place_only() -> None:
    trace = secrets.token_hex(16)
    async with Collector() as collector:
        said = await speak(trace, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, LOG_EMOJI="true")
    assert {(span.name, span.failed) for span in collector.of(trace)} == {("request", False), ("chat test-model", True)}
    timed = [m for m in collector.measurements if m.name == "theogen.operation.duration"]
    assert {m.attributes["theogen.operation"]: (m.count, m.attributes.get("error.type")) for m in timed} == {
        "request": (1, None), "chat test-model": (1, "ValueError"),
    }  # fmt: skip
    tokens = [m for m in collector.measurements if m.name == "gen_ai.client.token.usage"]
    assert {m.attributes["gen_ai.token.type"]: m.sum for m in tokens} == {"input": 100, "output": 20}
    costs = [(m.sum, m.attributes) for m in collector.measurements if m.name == "theogen.model.cost"]
    assert costs[-1] == (0.25, {"gen_ai.request.model": "test-model"})
    [error] = [line for line in collector.lines if "exception.type" in line.attributes]
    assert error.attributes["exception.type"] == "ValueError"
    assert "process.py" in error.attributes["exception.stacktrace"]
    assert error.trace == trace
    assert SECRET not in "".join(collector.raw)
    assert "• fleet_signal signal=queue_depth" in said
    assert "not said at this level" not in said + "".join(collector.raw)


async def test_log_level_is_honoured() -> None:
    async with Collector() as collector:
        said = await speak(secrets.token_hex(16), OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, LOG_LEVEL="WARNING")
    assert "fleet_signal" not in said
    assert "a page could not be read" in said
    assert [line.body for line in collector.lines] == ["a page could not be read"]


async def test_without_an_address_nothing_is_loaded_and_lines_still_have_their_trace() -> None:
    trace = secrets.token_hex(16)
    said = await speak(trace)
    assert f"trace={trace}" in said


def test_telemetry_is_written_by_the_app_s_identity_where_that_is_asked_for() -> None:
    found = credential_of("ClientId=11111111-2222-4333-8444-555555555555;Authorization=AAD")
    assert type(found["credential"]).__name__ == "DefaultAzureCredential"
    assert credential_of("") == credential_of("Authorization=Key") == {}
