"""Search in a project."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from functions.triggers.answers import answer, answered, body_of
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.domain.document import DocumentType
from shared.domain.runs import READER
from shared.domain.searching import Filters, query_of
from shared.steps.search import DEPTH, search_project

bp = df.Blueprint()

MOST = 100
Words = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=200)]], Field(max_length=100)]


class SearchRequest(BaseModel):
    """The body of `POST …/search`."""

    model_config = ConfigDict(extra="forbid")

    query: str = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 10
    after: Annotated[int, Field(ge=0, le=2 * DEPTH)] = 0
    document_id: Annotated[list[UUID], Field(max_length=1000)] = []
    type: list[DocumentType] = []
    language: Words = []
    party: Words = []
    date_from: date | None = None
    date_to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.date_from and self.date_to and self.date_from > self.date_to:
            raise ValueError("date_from is later than date_to")
        return self

    @property
    def filters(self) -> Filters:
        """What the hits' documents must be."""
        return Filters(
            tuple(map(str, self.document_id)),
            tuple(one.value for one in self.type),
            tuple(self.language),
            self.date_from,
            self.date_to,
            tuple(self.party),
        )


@bp.route(route="projects/{project_id}/search", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def search(req: func.HttpRequest) -> func.HttpResponse:
    """Passages by meaning and by words, with document, page and characters; quoted words must be there as they are."""
    who, wish, ports = principal_of(req, READER), body_of(req, SearchRequest), services.ports()
    async with ports.store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
    query = query_of(wish.query, wish.filters)
    hits, following, alone = await search_project(
        who.tenant_id, project.project_id, query, ports, after=wish.after, limit=wish.limit
    )
    return answer({"items": hits, "next": following, "by_words_alone": alone})
