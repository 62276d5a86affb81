"""Batches: create, take in, watch, try again."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.triggers.answers import answer, answered, body_of, query_of
from functions.triggers.documents_http import files_of
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.domain.batches import Batch, Correction, Selection
from shared.domain.document import DocumentType
from shared.domain.errors import InvalidRequest
from shared.domain.runs import Principal
from shared.ports import Ports
from shared.steps import batches
from shared.steps.batches import Taken
from shared.steps.quotas import INGEST, admit

bp = df.Blueprint()

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
BlobName = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
ZIP = ("application/zip", "application/x-zip-compressed")


class NewBatch(BaseModel):
    """The body of `POST /api/batches`."""

    model_config = ConfigDict(extra="forbid")

    project_id: UUID
    name: Name = ""


class Ingest(BaseModel):
    """The JSON body of `POST …/ingest`: one of these. Names are those within the project's part of `uploads`."""

    model_config = ConfigDict(extra="forbid")

    documents: Annotated[list[UUID], Field(min_length=1, max_length=100_000)] | None = None
    blobs: Annotated[list[BlobName], Field(min_length=1, max_length=100_000)] | None = None
    prefix: Annotated[str, StringConstraints(max_length=1024)] | None = None
    archive: BlobName | None = None


class CorrectedItem(BaseModel):
    """A document to try again, with what a person knows better."""

    model_config = ConfigDict(extra="forbid")

    document_id: UUID
    name: Annotated[Name, Field(min_length=1)] | None = None
    type: DocumentType | None = None
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] | None = None


class Retry(BaseModel):
    """The body of `POST …/retry`: which of the failed ones; nothing means all.

    With `pages` it is those that were read in part: the pages that could not be read are tried again.
    """

    model_config = ConfigDict(extra="forbid")

    error: str | None = None
    stage: str | None = None
    pages: bool = False
    items: Annotated[list[CorrectedItem], Field(max_length=5000)] = []


class BatchQuery(BaseModel):
    """Query of the list of batches."""

    project_id: UUID | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@bp.route(route="batches", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def create_batch(req: func.HttpRequest) -> func.HttpResponse:
    """An empty batch."""
    who, wish = principal_of(req), body_of(req, NewBatch)
    batch = await batches.create_batch(who, str(wish.project_id), wish.name, services.ports())
    return answer(_shown(batch), 201, {"Location": f"/api/batches/{batch.batch_id}/status"})


@bp.route(route="batches", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_batches(req: func.HttpRequest) -> func.HttpResponse:
    """Batches of the caller's projects, newest first."""
    who, query = principal_of(req), query_of(req, BatchQuery)
    project, after = (str(value) if value else None for value in (query.project_id, query.after))
    async with services.ports().store.tenant(who.tenant_id) as tx:
        found = await tx.batches.listing(who.subject, project, after, query.limit)
    following = found[-1].batch_id if len(found) == query.limit else None
    return answer({"items": [_shown(batch) for batch in found], "next": following})


@bp.route(route="batches/{batch_id}/ingest", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def ingest(req: func.HttpRequest) -> func.HttpResponse:
    """Take documents in: a form with files or a ZIP as the body; or JSON that names what is uploaded already."""
    who, batch_id, ports = principal_of(req), path_id(req, "batch_id"), services.ports()
    await batches.find_batch(who, batch_id, ports)
    await admit(INGEST, who.tenant_id, len(req.get_body()), ports)
    kind = req.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ZIP:
        taken = await batches.ingest_archive(who, batch_id, req.get_body(), ports)
    elif kind == "multipart/form-data" or req.headers.get("content-disposition"):
        taken = await _files(who, batch_id, files_of(req), ports)
    else:
        taken = await _named(who, batch_id, body_of(req, Ingest), ports)
    return _accepted(batch_id, taken, ports)


@bp.route(route="batches/{batch_id}/status", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def batch_status(req: func.HttpRequest) -> func.HttpResponse:
    """How far the batch is, counted at this moment."""
    ports = services.ports()
    status = await batches.batch_status(principal_of(req), path_id(req, "batch_id"), ports)
    hint = ports.limits.poll_hint if status["status"] == "running" else None
    return answer({**status, "next_poll_seconds": hint})


@bp.route(route="batches/{batch_id}/retry", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def retry_batch(req: func.HttpRequest) -> func.HttpResponse:
    """Send the failed ones again, all or some, with what was wrong about them corrected; or pages that are missing."""
    who, wish, ports = principal_of(req), body_of(req, Retry), services.ports()
    corrections = {
        str(item.document_id): Correction(item.name, item.type.value if item.type else None, item.language)
        for item in wish.items
    }
    selection = Selection(wish.error, wish.stage, wish.pages, corrections)
    batch_id = path_id(req, "batch_id")
    return _accepted(batch_id, await batches.retry_batch(who, batch_id, selection, ports), ports)


async def _files(who: Principal, batch_id: str, files: list[tuple[str, bytes]], ports: Ports) -> Taken:
    """Files of a form; an archive among them is unpacked."""
    plain = [(name, data) for name, data in files if not name.lower().endswith(".zip")]
    taken = [await batches.ingest_files(who, batch_id, plain, ports)] if plain else []
    for name, data in files:
        if name.lower().endswith(".zip"):
            taken.append(await batches.ingest_archive(who, batch_id, data, ports))
    return Taken(
        sum(t.registered for t in taken), sum(t.enqueued for t in taken), all(t.pipeline_enqueued for t in taken)
    )


async def _named(who: Principal, batch_id: str, wish: Ingest, ports: Ports) -> Taken:
    if len(wish.model_dump(exclude_none=True)) != 1:
        raise InvalidRequest("Say one of documents, blobs, prefix and archive, or send files.")
    if wish.documents is not None:
        return await batches.ingest_documents(who, batch_id, list(dict.fromkeys(map(str, wish.documents))), ports)
    if wish.blobs is not None:
        return await batches.ingest_blobs(who, batch_id, list(dict.fromkeys(wish.blobs)), ports)
    if wish.archive is not None:
        return await batches.ingest_archive_blob(who, batch_id, wish.archive, ports)
    return await batches.ingest_prefix(who, batch_id, wish.prefix or "", ports)


def _accepted(batch_id: str, taken: Taken, ports: Ports) -> func.HttpResponse:
    body = {
        "batch_id": batch_id,
        "registered": taken.registered,
        "enqueued": taken.enqueued,
        "pipeline_enqueued": taken.pipeline_enqueued,
    }
    headers = {"Location": f"/api/batches/{batch_id}/status", "Retry-After": str(ports.limits.poll_hint)}
    return answer(body, 202, headers)


def _shown(batch: Batch) -> dict[str, Any]:
    shown = ("batch_id", "project_id", "name", "items", "created_by", "created_at", "started_at")
    return {name: getattr(batch, name) for name in shown}
