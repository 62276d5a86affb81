"""The API's table of contents: every operation with its role, what it takes and what it answers. Asked for rarely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.triggers import api_document_models as d
from functions.triggers import api_fleet_models as f
from functions.triggers import api_models as m
from functions.triggers import api_work_models as w
from functions.triggers import (
    batches_http,
    dead_letters_http,
    documents_http,
    fleet_http,
    projects_http,
    records_http,
    search_http,
    theory_http,
)
from shared.domain.document import Page
from shared.domain.runs import OPERATOR, READER, RESEARCHER

EVERYBODY, MACHINE = "everybody", "machine"
JSON, FORM, RAW = "application/json", "multipart/form-data", "application/octet-stream"
CSV, METRICS, ZIP = "text/csv", "text/plain", "application/zip"

STARTED = ("Location", "Retry-After")
DOCUMENTS, THEORY = "projects/{project_id}/documents", "projects/{project_id}/generate-theory"
RECORD, LETTER = "documents/{document_id}/record", "dead-letters/{dead_letter_id}"


@dataclass(frozen=True)
class Operation:
    """One function of the app over HTTP.

    `answers` are those that succeed, by status: a type of JSON, or a media type. `fails` are statuses beyond those that
    every route of its kind has. `headers` come with every success, `takes` may come with the request. `files` are the
    media types in which files come.
    """

    function: str
    method: str
    path: str
    summary: str
    role: str
    answers: Mapping[int, Any]
    query: type | None = None
    body: type | None = None
    files: tuple[str, ...] = ()
    fails: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _get(function: str, path: str, summary: str, result: Any, role: str = READER, **more: Any) -> Operation:
    return Operation(function, "GET", path, summary, role, {200: result}, **more)


def _post(function: str, path: str, summary: str, answers: dict[int, Any], role: str, **more: Any) -> Operation:
    return Operation(function, "POST", path, summary, role, answers, **more)


OPERATIONS = [
    # What everybody may know
    _get("health", "health", "Whether the process answers", m.Health, EVERYBODY),
    Operation("ready", "GET", "ready", "Whether all services answer", EVERYBODY, {200: m.Readiness, 503: m.Readiness}),
    _get("verify", "verify", "Whether everything works, looked at in depth", m.Verification, OPERATOR),
    _get("warmup_status", "status/warmup", "How warm the worker processes are", m.Warm, EVERYBODY),
    _get("openapi", "openapi.json", "This document", dict[str, Any], EVERYBODY),
    # Projects
    _post("create_project", "projects", "Create a project", {201: m.ProjectShown}, RESEARCHER,
          body=projects_http.NewProject, headers=("Location",), takes=("Idempotency-Key",)),
    _get("get_project", "projects/{project_id}", "A project", m.ProjectShown),
    _get("list_codes", "projects/{project_id}/codes", "The codebook, most used first", m.Codes),
    _post("search", "projects/{project_id}/search", "Search passages by meaning and by words", {200: w.Hits}, READER,
          body=search_http.SearchRequest, fails=(422,)),
    # Documents
    _post("upload_documents", DOCUMENTS, "Upload files and start their imports", {202: list[d.Receipt]}, RESEARCHER,
          files=(FORM, RAW), fails=(422, 429), headers=STARTED, takes=("Content-Disposition",)),
    _get("list_documents", DOCUMENTS, "A page of the project's documents", d.Documents, query=documents_http.ListQuery),
    _get("get_document", "documents/{document_id}", "All about a document but its text", d.DocumentShown),
    _get("list_members", "documents/{document_id}/members", "What lies in an archive or e-mail", d.Members,
         query=documents_http.MembersQuery),
    _get("get_document_text", "documents/{document_id}/text", "The canonical text", d.DocumentText, fails=(422,)),
    _get("get_page", "documents/{document_id}/pages/{number}", "A page with lines and boxes", Page, fails=(422,)),
    # Records of business papers
    _get("get_record", RECORD, "The record with its sources and findings", d.RecordShown, headers=("ETag",)),
    Operation("correct", "PATCH", RECORD, "Correct fields of the record", RESEARCHER,
              {200: d.RecordChanged, 202: d.RecordChanged}, body=records_http.Patch, fails=(409, 412, 422),
              headers=("ETag", "Location"), takes=("If-Match",)),
    _post("accept", f"{RECORD}/waivers", "Accept findings with a reason", {200: d.RecordChanged, 202: d.RecordChanged},
          RESEARCHER, body=records_http.Acceptance, fails=(409, 412, 422), headers=("ETag", "Location"),
          takes=("If-Match",)),
    _get("list_corrections", "documents/{document_id}/corrections", "Who changed what, and when", d.Corrections),
    _get("list_records", "projects/{project_id}/records", "A page of records", d.Records,
         query=records_http.RecordsQuery),
    _get("export_records", "projects/{project_id}/exports/{table}.csv", "A table as CSV", CSV,
         headers=("Content-Disposition",), values={"table": tuple(records_http.TABLES.split("|"))}),
    # Theories
    _post("request_theory", THEORY, "Start a theory run", {202: w.RunAccepted}, RESEARCHER,
          body=theory_http.TheoryRequest, fails=(409, 422), headers=STARTED),
    _get("theory_status", f"{THEORY}/status/{{task_id}}", "How far a run is", w.RunStatus),
    _post("cancel_theory", f"{THEORY}/cancel/{{task_id}}", "End a run and free the project", {200: w.RunStatus},
          RESEARCHER, fails=(409,)),
    _post("review_theory", f"{THEORY}/review/{{task_id}}", "Let a run that waits go on", {202: w.RunStatus},
          RESEARCHER, body=theory_http.Review, fails=(409,)),
    _get("list_theories", "projects/{project_id}/theories", "The project's theories", w.Theories),
    _get("get_theory", "projects/{project_id}/theories/{theory_id}", "A theory with its evidence", w.TheoryShown),
    # Batches
    _post("create_batch", "batches", "Create a batch", {201: f.BatchShown}, RESEARCHER, body=batches_http.NewBatch,
          fails=(404,), headers=("Location",)),
    _get("list_batches", "batches", "Batches, newest first", f.Batches, query=batches_http.BatchQuery),
    _post("ingest", "batches/{batch_id}/ingest", "Take documents in", {202: f.TakenIn}, RESEARCHER,
          body=batches_http.Ingest, files=(FORM, ZIP, RAW), fails=(422, 429), headers=STARTED,
          takes=("Content-Disposition",)),
    _get("batch_status", "batches/{batch_id}/status", "How far a batch is", f.BatchStatus),
    _post("retry_batch", "batches/{batch_id}/retry", "Send failed items again, corrected", {202: f.TakenIn},
          RESEARCHER, body=batches_http.Retry, headers=STARTED),
    # What runs
    _get("get_task", "v1/tasks/{task_id}", "Any task, of a document or a run", w.TaskShown),
    _get("list_runs", "runs", "The caller's runs, newest first", f.Runs, query=fleet_http.RunsQuery),
    _get("get_activity", "activity", "What goes on in the tenant now", f.Activity, OPERATOR),
    _get("list_alerts", "alerts", "Every alert rule, and whether it fires", f.Alerts, OPERATOR),
    _get("get_metrics", "metrics", "Counters of the fleet for Prometheus", METRICS, MACHINE),
    # Dead letters
    _get("list_dead_letters", "dead-letters", "Requests that were given up", f.Letters, OPERATOR,
         query=dead_letters_http.LetterQuery),
    _get("get_dead_letter", LETTER, "A dead letter with its payload", f.LetterShown, OPERATOR),
    _post("replay_dead_letters", "dead-letters/replay", "Send a class of them, or all, again", {202: f.Replayed},
          OPERATOR, body=dead_letters_http.ReplayMany),
    _post("replay_dead_letter", f"{LETTER}/replay", "Send one again", {202: f.LetterSummary}, OPERATOR,
          fails=(409, 422)),
    _post("discard_dead_letter", f"{LETTER}/discard", "Put one aside for good", {200: f.LetterSummary}, OPERATOR,
          fails=(409,)),
]  # fmt: skip
