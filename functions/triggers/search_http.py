"""Semantic search."""

from __future__ import annotations

from typing import Annotated

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.triggers.answers import answer, answered, body_of
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.domain.runs import READER
from shared.steps.search import search_project

bp = df.Blueprint()

Words = Annotated[list[str], Field(max_length=100)]


class SearchRequest(BaseModel):
    """The body of `POST …/search`."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    document_id: Words = []
    type: Words = []
    language: Words = []


@bp.route(route="projects/{project_id}/search", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def search(req: func.HttpRequest) -> func.HttpResponse:
    """Passages nearest in meaning to the query, with document, page and characters."""
    who, wish, ports = principal_of(req, READER), body_of(req, SearchRequest), services.ports()
    async with ports.store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
    filters = {"document_id": wish.document_id, "type": wish.type, "language": wish.language}
    hits = await search_project(who.tenant_id, project.project_id, wish.query, filters, wish.limit, ports)
    return answer({"items": hits, "next": None})
