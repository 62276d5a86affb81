"""Documents in, and what is known about them."""

from __future__ import annotations

from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Annotated, Any
from urllib.parse import unquote
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, Field

from functions.triggers.answers import answer, answered, language_of, query_of
from functions.triggers.principal import path_id, principal_of
from functions.triggers.starts import start_accepted, start_again
from shared import services
from shared.domain.document import NEEDS_REVIEW, PENDING, Document
from shared.domain.error_texts import said
from shared.domain.errors import InvalidRequest, NotFound
from shared.domain.remarks import phrase, told
from shared.domain.runs import Principal
from shared.domain.waivers import message_in, still_open
from shared.ports import Ports, Transaction
from shared.steps.intake import plain_name, register_document
from shared.steps.quotas import UPLOAD, admit
from shared.steps.reading import load_page, load_text

bp = df.Blueprint()

SHOWN = [
    "document_id",
    "name",
    "status",
    "stage",
    "progress",
    "type",
    "type_confidence",
    "language",
    "media_type",
    "page_count",
    "size",
    "sha256",
    "error_code",
    "error_message",
    "warnings",
    "member_count",
    "scan",
    "created_at",
    "updated_at",
]
MEMBERS_SHOWN = 100


class ListQuery(BaseModel):
    """Query of the list of documents."""

    status: str | None = None
    type: str | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class MembersQuery(BaseModel):
    """Query of the list of what lies in a container: members after this ordinal."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = MEMBERS_SHOWN


@bp.route(route="projects/{project_id}/documents", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
@answered
async def upload_documents(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Register one or many files and start their imports. Each answer's `task_id` is the document's id."""
    who, ports = principal_of(req), services.ports()
    project_id = path_id(req, "project_id")
    async with ports.store.tenant(who.tenant_id) as tx:
        await tx.projects.get(project_id, who.subject)
    await admit(UPLOAD, who.tenant_id, len(req.get_body()), ports)
    answers = []
    for name, data in files_of(req):
        document, new = await register_document(who.tenant_id, project_id, name, data, ports)
        document = await start_again(client, document, ports)
        await start_accepted(client, document, ports.limits)
        answers.append(_taken(document, plain_name(name), new))
    return answer(answers, 202, {"Location": f"/api/projects/{project_id}/documents", "Retry-After": "1"})


@bp.route(route="projects/{project_id}/documents", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_documents(req: func.HttpRequest) -> func.HttpResponse:
    """A page of the project's documents."""
    who, query = principal_of(req), query_of(req, ListQuery)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        after = str(query.after) if query.after else None
        documents = await tx.documents.listing(
            project.project_id, status=query.status, type_=query.type, after=after, limit=query.limit
        )
    following = documents[-1].document_id if len(documents) == query.limit else None
    language = language_of(req, project.language)
    return answer({"items": [_shown(document, language) for document in documents], "next": following})


@bp.route(route="documents/{document_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_document(req: func.HttpRequest) -> func.HttpResponse:
    """Everything about one document but its text."""
    who, ports = principal_of(req), services.ports()
    document = await document_of(req, who, ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        language = language_of(req, (await tx.projects.get(document.project_id)).language)
        record = await tx.records.get(document.document_id)
        return answer(
            {
                **_shown(document, language),
                **_review(document, record, language),
                "project_id": document.project_id,
                "description": document.description,
                "record": record,
                "pages": [_page(page, language) for page in await tx.documents.pages(document.document_id)],
                "events": await tx.documents.events(document.document_id),
                "members": await _members(document, MembersQuery(), language, tx),
                "parents": await tx.members.parents(document.document_id),
            }
        )


@bp.route(route="documents/{document_id}/members", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_members(req: func.HttpRequest) -> func.HttpResponse:
    """A page of what lies in an archive or e-mail: each file with the document that it became, or why it did not."""
    who, query, ports = principal_of(req), query_of(req, MembersQuery), services.ports()
    document = await document_of(req, who, ports)
    async with ports.store.tenant(who.tenant_id) as tx:
        language = language_of(req, (await tx.projects.get(document.project_id)).language)
        return answer(await _members(document, query, language, tx))


@bp.route(route="documents/{document_id}/text", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_document_text(req: func.HttpRequest) -> func.HttpResponse:
    """The canonical text, to which all offsets refer."""
    ports = services.ports()
    document = await document_of(req, principal_of(req), ports)
    return answer({"document_id": document.document_id, "text": await load_text(document, ports)})


@bp.route(route="documents/{document_id}/pages/{number}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_page(req: func.HttpRequest) -> func.HttpResponse:
    """A page's text with its lines, boxes and confidence."""
    ports = services.ports()
    document = await document_of(req, principal_of(req), ports)
    number = req.route_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    return answer(await load_page(document, int(number), ports))


async def document_of(req: func.HttpRequest, who: Principal, ports: Ports) -> Document:
    """The document of the path; one that is not the caller's is answered like one that does not exist."""
    document_id = path_id(req, "document_id")
    try:
        async with ports.store.tenant(who.tenant_id) as tx:
            document = await tx.documents.get(document_id)
            await tx.projects.get(document.project_id, who.subject)
    except NotFound:
        raise NotFound("There is no such document.") from None
    return document


def _taken(document: Document, name: str, new: bool) -> dict[str, object]:
    """What is said of a file that was taken in: whether it was there before, and from which stage it goes on."""
    entry = {
        "document_id": document.document_id,
        "task_id": document.document_id,
        "status": document.status,
        "name": name,
    }
    again = document.status == PENDING and document.resume_stage
    resumed = {"resume_stage": document.resume_stage} if again else {}
    return {**entry, **resumed, **({} if new else {"duplicate_of": document.document_id})}


async def _members(document: Document, query: MembersQuery, language: str, tx: Transaction) -> dict[str, Any]:
    counts = {"count": document.member_count or 0, **await tx.members.counts(document.document_id)}
    items = await tx.members.listing(document.document_id, query.after, query.limit)
    for item in items:
        item["error_message"] = said(item["error_code"], item["error_message"], language)
    following = items[-1]["ordinal"] if len(items) == query.limit else None
    return {**counts, "items": items, "next": following}


def _shown(document: Document, language: str) -> dict[str, object]:
    """The document's own fields, told in `language`; `error_detail` keeps the error's exact words."""
    error = said(document.error_code, document.error_message, language)
    detail = {"error_message": error, "error_detail": document.error_message}
    warnings = [told(warning, language) for warning in document.warnings]
    reason = document.scan and document.scan.get("reason")
    scan = {**document.scan, "reason": phrase(str(reason), language)} if document.scan and reason else document.scan
    return {name: getattr(document, name) for name in SHOWN} | {**detail, "warnings": warnings, "scan": scan}


def _review(document: Document, record: dict[str, Any] | None, language: str) -> dict[str, str]:
    """What a person has to look at, from the findings themselves."""
    if document.status != NEEDS_REVIEW or record is None:
        return {}
    return {"error_message": " ".join(message_in(finding, language) for finding in still_open(record["findings"]))}


def _page(page: dict[str, Any], language: str) -> dict[str, Any]:
    return page | {"problem": said(page["error_code"], page["problem"], language)}


def files_of(req: func.HttpRequest) -> list[tuple[str, bytes]]:
    """The files of a multipart form, or the raw body under the name in Content-Disposition."""
    if req.headers.get("content-type", "").startswith("multipart/form-data"):
        files = [(item.filename or "document", item.stream.read()) for _, item in req.files.items(multi=True)]
        if not files:
            raise InvalidRequest("The form holds no file.")
        return files
    name = _file_name(req.headers.get("content-disposition", ""))
    if not name:
        raise InvalidRequest("Send a multipart form, or a body with Content-Disposition: attachment; filename=…")
    return [(name, req.get_body())]


def _file_name(disposition: str) -> str:
    """`filename*` where there is one (RFC 6266), else `filename`, in which clients escape what is not ASCII."""
    header = Message()
    header["content-disposition"] = disposition
    parameters: list[tuple[str, Any]] = header.get_params([], "content-disposition")
    names = [value for key, value in parameters if key == "filename"]
    extended = next((name for name in names if isinstance(name, tuple)), None)
    return collapse_rfc2231_value(extended) if extended else unquote(str(next(iter(names), "")))
