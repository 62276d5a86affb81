"""Counters of the whole fleet, alert rules on them, and what goes on in one tenant."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.triggers.metrics import rendered
from shared.adapters.postgres import Database
from shared.domain.alerts import Signal, alerts
from shared.domain.batches import Batch
from shared.domain.document import OCR
from shared.domain.warmup import FAILED, OK, Found, Warmth
from shared.ports import Count
from shared.steps.fleet import alert_rules, current_alerts
from tests.support.database import Study


async def event(study: Study, document_id: str, stage: str, status: str, **more: Any) -> None:
    """One event as a stage writes it, `age` seconds ago."""
    detail = {"error_code": more["error"]} if "error" in more else {}
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            "insert into stage_events (document_id, tenant_id, stage, status, detail, duration_ms, at) "
            "values ($1, $2, $3, $4, $5, $6, now() - make_interval(secs => $7))",
            document_id, study.tenant_id, stage, status, detail, more.get("ms"), float(more.get("age", 0)),
        )  # fmt: skip


async def own_counts(study: Study) -> dict[tuple[str, str, str], float]:
    counts = await study.database.fleet.counts()
    return {(c.metric, c.label, c.detail): c.value for c in counts if c.tenant_id == study.tenant_id}


async def test_items_errors_and_durations_are_counted_from_the_stages_events(study: Study) -> None:
    document = await study.document()
    await event(study, document.document_id, "ocr", "retrying", error="rate_limit")
    await event(study, document.document_id, "ocr", "ocr_completed", ms=2400)
    await event(study, document.document_id, "index", "completed", ms=80)
    counts = await own_counts(study)
    assert counts["items", "unknown", "completed"] == 1
    assert counts["errors", "ocr", "rate_limit"] == 1
    assert (counts["seconds", "ocr", ""], counts["runs", "ocr", ""]) == (2.4, 1)
    assert ("bucket", "ocr", "1") not in counts
    assert counts["bucket", "ocr", "2.5"] == counts["bucket", "ocr", "3600"] == 1


async def test_summing_up_changes_no_count_however_often(study: Study) -> None:
    document = await study.document()
    for age in (7200, 3600, 900, 10):
        await event(study, document.document_id, "classify", "classified", ms=100, age=age)
    before = await own_counts(study)
    await study.database.fleet.sum_up()
    await study.database.fleet.sum_up()
    assert await own_counts(study) == before
    assert before["runs", "classify", ""] == 4


async def test_what_waits_is_seen_over_all_tenants(study: Study) -> None:
    before = (await study.database.fleet.queues())["document-imports"]
    await study.document()
    assert (await study.database.fleet.queues())["document-imports"] == before + 1


@pytest.fixture
async def quiet(database: Database, postgres_owner_url: str) -> AsyncIterator[Database]:
    """No event and nothing that waits, for the time of a test: another day, as far as alerts know."""
    import asyncpg

    owner = await asyncpg.connect(postgres_owner_url)
    try:
        for table in ("stage_events", "documents", "runs", "batch_items"):
            await owner.execute(f"alter table {table} no force row level security")
        await owner.execute("delete from fleet_warmth")
        await owner.execute("update stage_events set at = at - interval '1 day'")
        await owner.execute("update batch_items set updated_at = updated_at - interval '1 day'")
        await owner.execute("update documents set status = 'completed' where status = 'pending'")
        await owner.execute("update runs set status = 'completed' where status = 'queued'")
        for table in ("stage_events", "documents", "runs", "batch_items"):
            await owner.execute(f"alter table {table} force row level security")
        yield database
    finally:
        await owner.close()


async def firing(database: Database) -> dict[str, list[str]]:
    rules, span, least = alert_rules()
    found = alerts(rules, await database.fleet.signals(span, least))
    return {alert.rule.name: [signal.subject for signal in alert.signals] for alert in found if alert.fires}


async def test_no_rule_fires_without_cause(quiet: Database) -> None:
    assert await firing(quiet) == {}
    study = await Study.begin(quiet)
    document = await study.document()
    for _ in range(40):
        await event(study, document.document_id, "ocr", "ocr_completed", ms=2000)
    await event(study, document.document_id, "ocr", "retrying", error="timeout")
    assert await firing(quiet) == {}


async def test_a_few_failures_among_a_few_are_no_rate(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    for _ in range(10):
        await event(study, document.document_id, "ocr", "retrying", error="timeout")
    assert await firing(quiet) == {}


async def test_failing_stages_fire_the_error_rate(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    for _ in range(40):
        await event(study, document.document_id, "ocr", "ocr_completed", ms=2000)
    for _ in range(4):
        await event(study, document.document_id, "ocr", "ocr_failed", error="unavailable")
    assert await firing(quiet) == {"error-rate": ["imports"]}


async def test_waiting_for_one_s_turn_at_a_provider_is_no_failure(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    for _ in range(40):
        await event(study, document.document_id, "ocr", "ocr_completed", ms=2000)
        await event(study, document.document_id, "ocr", "retrying", error="rate_limit")
    assert await firing(quiet) == {}
    for _ in range(4):  # but to give up after all that is one
        await event(study, document.document_id, "ocr", "ocr_failed", error="rate_limit")
    assert await firing(quiet) == {"error-rate": ["imports"]}


async def test_refused_documents_are_no_errors_of_ours(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    for _ in range(40):
        await event(study, document.document_id, "preprocess", "rejected", error="encrypted")
    assert await firing(quiet) == {}


async def test_slow_stages_fire_by_name(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    for n in range(40):
        await event(study, document.document_id, "extract", "extracted", ms=61_000 if n < 4 else 900)
        await event(study, document.document_id, "classify", "classified", ms=61_000 if n < 1 else 900)
    assert await firing(quiet) == {"slow-stage": ["extract"]}


async def test_a_deep_queue_fires(quiet: Database) -> None:
    study = await Study.begin(quiet)
    document = await study.document()
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            "insert into documents (document_id, tenant_id, project_id, name, sha256, size) "
            "select gen_random_uuid(), $1, $2, 'x', n::text, 1 from generate_series(1, 1000) n",
            study.tenant_id, document.project_id,
        )  # fmt: skip
    assert await firing(quiet) == {"queue-depth": ["document-imports"]}


async def batch_of(study: Study, fates: str) -> str:
    """A batch with a document for each letter: `d`one, `f`ailed, `r`ejected, `w`aiting, or a `b`lob refused."""
    batch = Batch(str(uuid.uuid4()), study.tenant_id, study.project_id, "b", "ana")
    drafts = [study.draft(f"{batch.batch_id} {n}".encode()) for n, fate in enumerate(fates) if fate != "b"]
    ends = {"d": ("index", "completed"), "f": ("ocr", "ocr_failed"), "r": ("preprocess", "rejected")}
    async with study.tenant() as tx:
        await tx.batches.create(batch)
        await tx.batches.add_files(batch, drafts)
        await tx.batches.add_refused(batch, [(str(n), "missing", "") for n, fate in enumerate(fates) if fate == "b"])
        for draft, fate in zip(drafts, fates.replace("b", ""), strict=True):
            if fate in ends:
                await tx.documents.end(draft.document_id, *ends[fate], "some_error", "")
    return batch.batch_id


@pytest.mark.parametrize(
    ("fates", "fires"),
    [("f" + 8 * "d", True), ("r" + 8 * "w", True), ("b" + 8 * "d", True), ("f" + 9 * "d", False), (10 * "d", False)],
)
async def test_a_batch_of_which_more_than_a_tenth_failed_fires(quiet: Database, fates: str, fires: bool) -> None:
    batch_id = await batch_of(await Study.begin(quiet), fates)
    found = await firing(quiet)
    assert found.get("batch-failed") == ([batch_id] if fires else None), found


async def test_a_failed_batch_is_shown_to_its_own_tenant_only(quiet: Database) -> None:
    ours, theirs = await Study.begin(quiet), await Study.begin(quiet)
    batch_id, foreign = await batch_of(ours, "ff"), await batch_of(theirs, "ff")
    ports: Any = SimpleNamespace(store=quiet)
    shown = {
        whose: {signal.subject for alert in await current_alerts(ports, whose) for signal in alert.signals}
        for whose in (ours.tenant_id, theirs.tenant_id, None)
    }
    assert shown == {ours.tenant_id: {batch_id}, theirs.tenant_id: {foreign}, None: {batch_id, foreign}}


async def test_open_dead_letters_are_a_queue(study: Study) -> None:
    assert "dead-letters" in await study.database.fleet.queues()


READY = Warmth("well", True, 12.0, {"database": Found(OK, 20)}, 400)


@pytest.mark.parametrize(
    ("found", "rules"),
    [
        (READY, []),
        (replace(READY, latency_ms=None), []),
        (replace(READY, ready=False), ["warmup-not-ready"]),
        (replace(READY, checks={"fast": Found(FAILED, 3, "missing")}), ["warmup-errors"]),
        (replace(READY, duration_sec=61.0), ["warmup-slow"]),
        (replace(READY, latency_ms=1001), ["warmup-latency"]),
    ],
)
async def test_a_process_that_did_not_get_warm_as_it_should_fires_by_name(
    quiet: Database, found: Warmth, rules: list[str]
) -> None:
    await quiet.fleet.record_warmth(found)
    assert await firing(quiet) == {rule: ["well"] for rule in rules}


async def test_processes_that_are_gone_no_longer_count(quiet: Database, postgres_owner_url: str) -> None:
    import asyncpg

    await quiet.fleet.record_warmth(replace(READY, process="gone", ready=False))
    await quiet.fleet.record_warmth(replace(READY, process="long gone", ready=False))
    owner = await asyncpg.connect(postgres_owner_url)
    try:
        for process, age in (("gone", "16 minutes"), ("long gone", "25 hours")):
            await owner.execute(f"update fleet_warmth set seen = now() - interval '{age}' where process = $1", process)
        await quiet.fleet.record_warmth(READY)
        left = [row["process"] for row in await owner.fetch("select process from fleet_warmth order by process")]
    finally:
        await owner.close()
    [seen] = await quiet.fleet.warmups()
    assert replace(seen, seen=None) == READY
    assert left == ["gone", "well"]
    assert await firing(quiet) == {}


def test_every_signal_of_a_rule_is_one_that_the_database_gives() -> None:
    rules, span, least = alert_rules()
    assert {rule.signal for rule in rules} == {
        "queue_depth", "error_rate", "stage_p95_seconds", "batch_failed_share",
        "warmup_not_ready", "warmup_errors", "warmup_seconds", "warmup_latency_ms",
    }  # fmt: skip
    assert (span, least) == (timedelta(minutes=15), 20)
    for rule in rules:
        assert alerts([rule], [Signal(rule.signal, "x", rule.threshold)])[0].fires is False
        assert alerts([rule], [Signal(rule.signal, "x", rule.threshold * 1.01)])[0].fires is True


def test_metrics_are_prometheus_text_with_the_agreed_names() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    tenant = str(uuid.uuid4())
    rows = [
        ("items", "invoice", "completed", 3), ("errors", "ocr", "rate_limit", 2), ("seconds", "ocr", "", 4.5),
        ("runs", "ocr", "", 3), ("bucket", "ocr", "1", 1), ("bucket", "ocr", "2.5", 3), ("bucket", "ocr", "10", 3),
        ("model_calls", "gpt", "theory", 2), ("model_tokens", "gpt", "theory", 900),
        ("model_cost", "gpt", "theory", 0.5),
    ]  # fmt: skip
    text = rendered([Count(tenant, *row) for row in rows], {"document-imports": 7}, {"queue-depth": True}).decode()
    samples = {
        (s.name, tuple(sorted(s.labels.items()))): s.value
        for f in text_string_to_metric_families(text)
        for s in f.samples
    }
    found = {(name, *(value for _, value in labels)): value for (name, labels), value in samples.items()}
    assert found["imports_items_processed_total", "invoice", "completed", tenant] == 3
    assert found["imports_errors_total", "rate_limit", "ocr", tenant] == 2
    assert found["imports_task_duration_seconds_bucket", "+Inf", "ocr", tenant] == 3
    assert found["imports_task_duration_seconds_sum", "ocr", tenant] == 4.5
    assert found["imports_ocr_latency_seconds_bucket", "2.5", tenant] == 3
    assert found["theogen_model_calls_total", "gpt", "theory", tenant] == 2
    assert found["theogen_model_tokens_total", "gpt", "theory", tenant] == 900
    assert found["theogen_model_cost_total", "gpt", "theory", tenant] == 0.5
    assert found["imports_queue_depth", "document-imports"] == 7
    assert found["theogen_alert_firing", "queue-depth"] == 1


async def test_the_live_view_shows_stages_retries_failures_and_throughput_of_one_tenant(study: Study) -> None:
    waiting, failing = await study.document(b"one"), await study.document(b"two")
    async with study.tenant() as tx:
        await tx.stages.begin(study.tenant_id, failing.document_id, OCR)
        await tx.documents.retrying(failing.document_id, OCR, "rate_limit", "The service is busy.")
    await event(study, waiting.document_id, "index", "completed")
    other = await Study.begin(study.database)
    async with study.tenant() as tx:
        stages, retries = await tx.activity.stages(), await tx.activity.retries(10)
        failures = await tx.activity.failures(datetime.now(UTC) - timedelta(hours=1))
        throughput = await tx.activity.throughput(15)
    assert stages == {"ocr_processing": 1, "pending": 1}
    assert [(r["document_id"], r["error_code"]) for r in retries] == [(failing.document_id, "rate_limit")]
    assert [(f["stage"], f["error_code"], f["times"]) for f in failures] == [("ocr", "rate_limit", 1)]
    assert (len(throughput), sum(row["completed"] for row in throughput)) == (15, 1)
    async with other.tenant() as tx:
        assert (await tx.activity.stages(), await tx.activity.retries(10)) == ({}, [])


async def test_runs_are_listed_for_members_only_the_newest_first(study: Study) -> None:
    first = await study.run()
    async with study.tenant() as tx:
        await tx.runs.release_lease(study.project_id, first.token)
    second = await study.run()
    async with study.tenant() as tx:
        runs = await tx.activity.runs("ana", None, None, 10)
        assert [run["task_id"] for run in runs] == [second.run_id, first.run_id]
        assert [r["task_id"] for r in await tx.activity.runs("ana", None, second.run_id, 10)] == [first.run_id]
        assert await tx.activity.runs("ana", "completed", None, 10) == []
        assert await tx.activity.runs("eva", None, None, 10) == []
