"""One trace from request to model call, through queue, orchestration and activities; and no word of anybody in it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from localhost.stack import Stack
from tests.app.test_batches import ended, form, ingest, new_batch, notes
from tests.support.app import ROOT, Json, RunningApp, model, quotes, sample
from tests.support.collector import Collector, Span
from tests.support.model_server import ModelServer

DOCUMENTS = ("entrevista-01", "entrevista-04", "interview-06", "factura")
WORDS = 6


@dataclass
class Whole:
    """An import and a theory run, each in a trace of its own, and all that was said meanwhile."""

    app: RunningApp
    collector: Collector
    project_id: str
    documents: dict[str, Json]
    theory: Json
    imports: str
    run: str
    batch: str
    unsampled: str
    log: str


def new_trace() -> str:
    return secrets.token_hex(16)


@pytest.fixture(scope="module")
async def whole(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    """No trace is kept but those whose caller says so: the sampler's ratio is 0."""
    async with ModelServer(invent=0.0) as server, Collector() as collector:
        settings = model(server.base_url) | {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_METRIC_EXPORT_INTERVAL": "2000",
            "TRACES_SAMPLE_RATIO": "0",
            "MODEL_PRICES": "test-model=2.50/10",
        }
        async with RunningApp(stack, tmp_path_factory.mktemp("traced-app"), settings) as app:
            imports, run, batch, unsampled = (new_trace() for _ in range(4))
            project_id = await app.create_project("Ronda", "es", research_question="¿Qué cambia con la aplicación?")
            app.http.headers["traceparent"] = f"00-{imports}-{'a' * 16}-01"
            files = [file for name in DOCUMENTS for file in sample(name)]
            receipts = await app.upload(project_id, *files)
            app.http.headers["traceparent"] = f"00-{unsampled}-{'c' * 16}-00"
            documents = [await app.wait_for_document(receipt["document_id"]) for receipt in receipts]
            app.http.headers["traceparent"] = f"00-{run}-{'b' * 16}-01"
            task_id = await app.start_theory(project_id)
            app.http.headers["traceparent"] = f"00-{unsampled}-{'c' * 16}-00"
            status = await app.wait_for_run(project_id, task_id)
            assert status["status"] == "completed", f"{status}{app.words()}"
            batch_id = await new_batch(app, project_id)
            app.http.headers["traceparent"] = f"00-{batch}-{'d' * 16}-01"
            await ingest(app, batch_id, data=form(*notes("Marta")))
            app.http.headers["traceparent"] = f"00-{unsampled}-{'c' * 16}-00"
            await ended(app, batch_id)
            theory = await app.get(f"projects/{project_id}/theories/{status['theory_id']}")
            await collector.until_quiet()
            named = {document["name"]: document for document in documents}
            log = app.log.read_text(errors="replace")
            yield Whole(app, collector, project_id, named, theory, imports, run, batch, unsampled, log)


def above(span: Span, spans: list[Span]) -> list[str]:
    """The names on the way from a span up to the request."""
    by_id = {one.id: one for one in spans}
    names = []
    while span.parent in by_id:
        span = by_id[span.parent]
        names.append(span.name)
    return names


@pytest.mark.slow
async def test_one_trace_goes_from_the_upload_to_the_published_record_and_the_model_call(whole: Whole) -> None:
    spans = whole.collector.of(whole.imports)
    upload = next(span for span in spans if span.name == "upload_documents")
    assert upload.parent == "a" * 16
    assert upload.attributes["http.response.status_code"] == 202
    for document in whole.documents.values():
        own = [span for span in spans if span.attributes.get("theogen.document_id") == document["document_id"]]
        assert {"preprocess_document", "read_pages", "publish_document", "index_document"} <= {s.name for s in own}
        for span in own:
            assert above(span, spans) == ["start import_document", "upload_documents"]
            assert span.attributes["theogen.tenant_id"] == whole.app.tenant
    chats = [span for span in spans if span.name == "chat test-model"]
    assert len(chats) >= len(whole.documents)
    assert all(above(chat, spans)[-2:] == ["start import_document", "upload_documents"] for chat in chats)


async def test_a_run_s_trace_goes_through_its_orchestrations_below_to_every_model_call(whole: Whole) -> None:
    spans = whole.collector.of(whole.run)
    coded = [span for span in spans if span.name == "code_passages"]
    assert coded
    assert {"plan_theory", "consolidate_codebook", "write_theory", "publish_theory"} <= {span.name for span in spans}
    purposes = {span.attributes["theogen.purpose"] for span in spans if span.name.startswith("chat ")}
    assert {"open_coding", "theory"} <= purposes, purposes


async def test_a_batch_s_trace_goes_through_the_queue(whole: Whole) -> None:
    spans = whole.collector.of(whole.batch)
    [published] = [span for span in spans if span.name == "publish_document"]
    assert above(published, spans) == ["start import_document", "process document-imports", "ingest"]


async def test_what_is_done_is_measured_traced_or_not(whole: Whole) -> None:
    timed = {m.attributes["theogen.operation"] for m in whole.collector.measurements if m.name.endswith(".duration")}
    operations = {"upload_documents", "process document-imports", "start import_document", "code_passages"}
    assert operations | {"chat test-model"} <= timed
    shown = {value for m in whole.collector.measurements for value in m.attributes.values()}
    assert not shown & {whole.app.tenant, whole.project_id, *(d["document_id"] for d in whole.documents.values())}


async def test_model_calls_carry_tokens_and_cost_as_the_ledger_has_them(whole: Whole) -> None:
    chats = [span.attributes for span in whole.collector.spans if span.name == "chat test-model"]
    rows = await whole.app.rows(
        "select purpose, sum(prompt_tokens)::float8 as question, sum(completion_tokens)::float8 as answer, "
        "sum(cost)::float8 as cost from model_calls where state = 'answered' group by purpose"
    )
    assert rows
    for row in rows:
        own = [chat for chat in chats if chat["theogen.purpose"] == row["purpose"]]
        assert sum(chat["gen_ai.usage.input_tokens"] for chat in own) == row["question"]
        assert sum(chat["gen_ai.usage.output_tokens"] for chat in own) == row["answer"]
        assert sum(chat["theogen.cost"] for chat in own) == pytest.approx(
            row["cost"], abs=1e-6 * len(own)
        )  # a call is rounded there
        assert row["cost"] > 0


async def test_what_nobody_asked_to_trace_is_not_kept(whole: Whole) -> None:
    assert whole.collector.of(whole.unsampled) == []
    assert {span.trace for span in whole.collector.spans} == {whole.imports, whole.run, whole.batch}


async def test_events_come_with_their_fields_one_by_one_and_with_their_trace(whole: Whole) -> None:
    for document in whole.documents.values():
        lines = [line for line in whole.collector.lines if line.attributes.get("document") == document["document_id"]]
        events = {line.attributes["event"] for line in lines}
        assert events >= {
            "storage_upload_completed", "document_processing_started", "text_extraction_completed",
            "metadata_extraction_completed", "embedding_generation_completed", "document_processing_completed",
        }  # fmt: skip
        assert {line.trace for line in lines} == {line.attributes["trace"] for line in lines} == {whole.imports}
        read = next(line for line in lines if line.attributes["event"] == "text_extraction_completed")
        assert (read.attributes["stage"], read.attributes["tenant"]) == ("ocr", whole.app.tenant)
        assert read.attributes["duration_ms"] >= 0
        assert f"text_extraction_completed document={document['document_id']}" in whole.log
    assert f"trace={whole.imports}" in whole.log


def plain(text: str) -> str:
    """Words only, so that neither case, spaces nor quotation marks hide anything."""
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


def leaks(hay: str, secrets_: list[str]) -> list[str]:
    """Those of the texts that stand in the hay: whole if short, else any six words in a row of theirs."""
    found = []
    for secret in secrets_:
        words = plain(secret).split()
        rows = [words] if len(words) < WORDS else [words[i : i + WORDS] for i in range(len(words) - WORDS + 1)]
        found += [" ".join(row) for row in rows if row and f" {' '.join(row)} " in hay]
    return found


async def test_no_document_s_text_and_no_name_is_in_logs_or_spans(whole: Whole) -> None:
    texts = [await whole.app.text(document["document_id"]) for document in whole.documents.values()]
    people = [row["participant"] for row in json.loads((ROOT / "sample" / "study.json").read_text())["documents"]]
    record = await whole.app.get(f"documents/{whole.documents[sample('factura')[0][0]]['document_id']}/record")
    parties = re.findall(r'_name": "([^"]+)"', json.dumps(record, ensure_ascii=False))
    said = [quote["quote"] for quote in quotes(whole.theory)]
    claims = [claim["statement"] for claim in whole.theory["propositions"]]
    secrets_ = [*texts, *said, *claims, *whole.documents, *filter(None, people), *parties]
    assert len(said) > 3
    assert parties
    # What the libraries' and the host's own lines may hold: the same words in another order are no leak.
    hay = plain("\n".join([*whole.collector.texts(), *whole.collector.raw, whole.log]))
    assert len(hay) > 10_000
    assert leaks(hay, secrets_) == []
    for secret in secrets_:  # and it would be found
        assert leaks(hay + plain(f"error: {secret}"), [secret])
