"""What operators watch, over HTTP, while the app works."""

from __future__ import annotations

import uuid

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from tests.support.app import RunningApp

TEXT = ("nota.txt", "La enfermera contó cómo cambió el turno de noche en su planta.".encode())


async def samples(app: RunningApp) -> dict[tuple[str, ...], float]:
    """The metrics by name and label values."""
    async with aiohttp.ClientSession() as session, session.get(f"{app.url}/api/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain")
        text = await response.text()
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(s.name, *(s.labels[label] for label in sorted(s.labels))): s.value for s in found}


async def test_a_document_s_way_shows_in_metrics_activity_and_alerts(app: RunningApp) -> None:
    tenant = str(uuid.uuid4())
    who = {"X-Tenant-Id": tenant}
    created = await app.ask("POST", "projects", json={"name": "A"}, headers=who)
    form = aiohttp.FormData()
    form.add_field("file", TEXT[1], filename=TEXT[0])
    uploaded = await app.ask("POST", f"projects/{created.body['project_id']}/documents", data=form, headers=who)
    document_id = uploaded.body[0]["document_id"]

    async def ended() -> bool:
        return bool((await app.get(f"documents/{document_id}", headers=who))["status"] == "completed")

    await app.until(ended, "the document is completed")
    found = await samples(app)
    kind = (await app.get(f"documents/{document_id}", headers=who))["type"]
    assert found["imports_items_processed_total", kind, "completed", tenant] == 1
    assert found["imports_task_duration_seconds_count", "ocr", tenant] == 1
    assert found["imports_ocr_latency_seconds_count", tenant] == 1
    assert ("imports_queue_depth", "document-imports") in found
    live = await app.get("activity", headers=who)
    assert (live["stages"], live["retries"], live["failures"]) == ({}, [], [])
    assert sum(minute["completed"] for minute in live["throughput"]) == 1
    alerts = await app.get("alerts")
    assert {"queue-depth", "error-rate", "slow-stage"} <= {item["rule"]["name"] for item in alerts["items"]}
    assert all(item["fires"] == bool(item["signals"]) for item in alerts["items"])


async def test_runs_are_listed_page_by_page(app: RunningApp) -> None:
    first = await app.get("runs", params={"limit": "1"})
    assert len(first["items"]) <= 1
    refused = await app.ask("GET", "runs", params={"limit": "0"})
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "limit")
