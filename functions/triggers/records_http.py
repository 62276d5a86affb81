"""Records of business papers: read, corrected, accepted, exported."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from functions.triggers.answers import answer, answered, body_of, language_of, query_of
from functions.triggers.documents_http import document_of
from functions.triggers.principal import header, path_id, principal_of
from functions.triggers.starts import start_import
from shared import services
from shared.domain.csv_text import csv_text
from shared.domain.errors import InvalidRequest, NotFound
from shared.ports import Ports
from shared.steps.corrections import Changed, accept_findings, correct_record

bp = df.Blueprint()

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Patch(RootModel[dict[str, Any]]):
    """The body of `PATCH …/record`: a merge patch of the record's fields."""


class Named(BaseModel):
    """A finding, by its field and its rule."""

    model_config = ConfigDict(extra="forbid")

    field: Name
    rule: Name


class Acceptance(BaseModel):
    """The body of `POST …/record/waivers`."""

    model_config = ConfigDict(extra="forbid")

    findings: Annotated[list[Named], Field(min_length=1, max_length=1000)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000)]


class RecordsQuery(BaseModel):
    """Query of the list of records."""

    kind: Literal["invoice", "receipt", "bank_statement"] | None = None
    status: Literal["published", "waiting"] | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@bp.route(route="documents/{document_id}/record", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_record(req: func.HttpRequest) -> func.HttpResponse:
    """The record with its sources and findings; its version is the ETag."""
    who, ports = principal_of(req), services.ports()
    document = await document_of(req, who, ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        stored = await tx.records.get(document.document_id)
    if stored is None:
        raise NotFound("This document has no record.")
    body = {"document_id": document.document_id, "status": document.status, **stored}
    return answer(body, headers={"ETag": f'"{stored["version"]}"'})


@bp.route(route="documents/{document_id}/record", methods=["PATCH"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
@answered
async def correct(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Correct fields of the record; 202 when the document goes on from there, 200 when everything was so already."""
    who, patch, ports = principal_of(req), body_of(req, Patch).root, services.ports()
    document = await document_of(req, who, ports)
    changed = await correct_record(document, patch, who.subject, _version(req), ports)
    return await _gone_on(changed, client, ports)


@bp.route(route="documents/{document_id}/record/waivers", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
@answered
async def accept(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Accept named findings with a reason."""
    who, wish, ports = principal_of(req), body_of(req, Acceptance), services.ports()
    document = await document_of(req, who, ports)
    named = [(one.field, one.rule) for one in wish.findings]
    changed = await accept_findings(document, named, wish.reason, who.subject, _version(req), ports)
    return await _gone_on(changed, client, ports)


@bp.route(route="documents/{document_id}/corrections", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_corrections(req: func.HttpRequest) -> func.HttpResponse:
    """Who corrected what and when, and which findings were accepted by whom and why; the oldest first."""
    who, ports = principal_of(req), services.ports()
    document = await document_of(req, who, ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        corrections = await tx.records.corrections(document.document_id)
        waivers = await tx.records.waivers(document.document_id)
    return answer({"items": corrections, "waivers": waivers, "next": None})


@bp.route(route="projects/{project_id}/records", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_records(req: func.HttpRequest) -> func.HttpResponse:
    """A page of the project's records, published ones and those that wait for a person."""
    who, query = principal_of(req), query_of(req, RecordsQuery)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        items = await tx.records.listing(
            project.project_id,
            kind=query.kind,
            published=query.status == "published" if query.status else None,
            after=str(query.after) if query.after else None,
            limit=query.limit,
        )
    return answer({"items": items, "next": items[-1]["document_id"] if len(items) == query.limit else None})


# The constraint leaves other names under `exports` to other routes.
TABLES = "records|invoices|expenses|bank_transactions|invoice_lines|invoice_taxes|invoice_adjustments"


@bp.route(
    route=f"projects/{{project_id}}/exports/{{table:regex({TABLES})}}.csv",
    methods=["GET"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@answered
async def export_records(req: func.HttpRequest) -> func.HttpResponse:
    """A table as CSV: `records` has invoices and receipts with their status, the others what is published."""
    who, table = principal_of(req), req.route_params["table"].lower()
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        columns, rows = await tx.records.table(project.project_id, table, language_of(req, project.language))
    headers = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
    return func.HttpResponse(csv_text(columns, rows), headers=headers, mimetype="text/csv", charset="utf-8")


def _version(req: func.HttpRequest) -> int | None:
    """The version that the caller has seen, from `If-Match`; None where there is none, or any will do (`*`)."""
    given = header(req, "if-match")
    if given is None or given.strip() == "*":
        return None
    number = given.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise InvalidRequest('If-Match is the ETag of the record, such as "3".')
    return int(number)


async def _gone_on(changed: Changed, client: df.DurableOrchestrationClient, ports: Ports) -> func.HttpResponse:
    """What was changed; the document goes on. Should this process die first, housekeeping starts it."""
    await start_import(client, changed.document, ports.limits)
    document_id = changed.document.document_id
    body = {
        "document_id": document_id,
        "task_id": document_id,
        "status": changed.document.status,
        "version": changed.version,
        "corrections": changed.corrections,
        "waivers": changed.waivers,
    }
    headers = {"ETag": f'"{changed.version}"', "Location": f"/api/documents/{document_id}"}
    if not changed.anything:
        return answer(body, headers=headers)
    return answer(body, 202, {**headers, "Retry-After": "1"})
