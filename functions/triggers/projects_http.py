"""Projects, and their codebook."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, StringConstraints

from functions.triggers.answers import answer, answered, body_of
from functions.triggers.principal import header, path_id, principal_of
from shared import services
from shared.domain import ids
from shared.domain.runs import Project

bp = df.Blueprint()

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class NewProject(BaseModel):
    """The body of `POST /api/projects`."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    language: Literal["es", "en"] = "en"
    research_question: Text = ""


@bp.route(route="projects", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def create_project(req: func.HttpRequest) -> func.HttpResponse:
    """A new project; the same `Idempotency-Key` gives the same project."""
    who, wish = principal_of(req), body_of(req, NewProject)
    key = header(req, "idempotency-key")
    project_id = ids.derived("project", who.tenant_id, who.subject, key) if key else str(uuid.uuid4())
    draft = Project(project_id, who.tenant_id, who.subject, wish.name, wish.language, wish.research_question)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.create(draft, f"{who.subject}:{key}" if key else None)
    return answer(project, 201, {"Location": f"/api/projects/{project.project_id}"})


@bp.route(route="projects/{project_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_project(req: func.HttpRequest) -> func.HttpResponse:
    """The project."""
    who = principal_of(req)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        return answer(await tx.projects.get(path_id(req, "project_id"), who.subject))


@bp.route(route="projects/{project_id}/codes", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_codes(req: func.HttpRequest) -> func.HttpResponse:
    """The active codebook, most used first."""
    who = principal_of(req)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        return answer({"items": await tx.codebook.listing(project.project_id), "next": None})
