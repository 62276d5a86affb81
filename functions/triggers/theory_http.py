"""Theory runs and theories."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict, Field

from functions.triggers.answers import answer, answered, body_of, language_of, problem
from functions.triggers.principal import path_id, principal_of
from functions.triggers.starts import is_alive, start_or_park
from shared import services
from shared.domain import ids
from shared.domain.error_texts import said
from shared.domain.runs import FINISHED, Run
from shared.ports import Ports
from shared.steps.runs import ProjectBusy, cancel_run, find_run, review_run, start_run

bp = df.Blueprint()


class TheoryRequest(BaseModel):
    """The body of `POST …/generate-theory`; all of it is optional."""

    model_config = ConfigDict(extra="forbid")

    research_question: Annotated[str, Field(max_length=2000)] | None = None
    document_ids: Annotated[list[UUID], Field(max_length=10_000)] | None = None
    model_tier: Literal["standard", "high"] | None = None
    review_pauses: list[Literal["consolidating", "axial_coding", "selective_coding", "theorising"]] | None = None
    budget_tokens: Annotated[int, Field(ge=1)] | None = None


class Review(BaseModel):
    """The body of `POST …/review/{task_id}`: what the person has to say, if anything."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=5000)] = ""


@bp.route(route="projects/{project_id}/generate-theory", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
@answered
async def request_theory(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Start a run, one at a time in a project: 202 with its `task_id`, or 409 with that of the run under way."""
    who, wish, ports = principal_of(req), body_of(req, TheoryRequest), services.ports()
    project_id = path_id(req, "project_id")
    try:
        run = await start_run(
            who, project_id, wish.model_dump(mode="json", exclude_none=True), lambda r: is_alive(client, r), ports
        )
    except ProjectBusy as busy:
        return problem(409, busy.code, "A run is under way", str(busy), language_of(req), task_id=busy.run_id)
    mode = await start_or_park(client, run, ports)
    hint = ports.limits.poll_hint
    return answer(
        {"task_id": run.run_id, "status": run.status, "execution_mode": mode, "next_poll_seconds": hint},
        202,
        {"Location": _status_url(run), "Retry-After": str(hint)},
    )


@bp.route(
    route="projects/{project_id}/generate-theory/status/{task_id}",
    methods=["GET"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@answered
async def theory_status(req: func.HttpRequest) -> func.HttpResponse:
    """How far the run is; a task of another project or tenant is answered like one that does not exist."""
    ports = services.ports()
    run = await find_run(principal_of(req), path_id(req, "project_id"), path_id(req, "task_id"), ports)
    return answer(await _status(run, req, ports))


@bp.route(
    route="projects/{project_id}/generate-theory/cancel/{task_id}",
    methods=["POST"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@bp.durable_client_input(client_name="client")
@answered
async def cancel_theory(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """End the run and free the project."""
    ports = services.ports()
    run = await cancel_run(principal_of(req), path_id(req, "project_id"), path_id(req, "task_id"), ports)
    if await is_alive(client, run.run_id):
        await client.terminate(ids.theory_instance(run.run_id), "canceled")
    return answer(await _status(run, req, ports))


@bp.route(
    route="projects/{project_id}/generate-theory/review/{task_id}",
    methods=["POST"],
    auth_level=func.AuthLevel.ANONYMOUS,
)
@bp.durable_client_input(client_name="client")
@answered
async def review_theory(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Let a run that waits for a review go on."""
    who, review, ports = principal_of(req), body_of(req, Review), services.ports()
    run = await review_run(who, path_id(req, "project_id"), path_id(req, "task_id"), review.note, ports)
    await client.raise_event(ids.theory_instance(run.run_id), f"review-{run.step}", {"accepted": True})
    return answer(await _status(run, req, ports), 202)


@bp.route(route="projects/{project_id}/theories", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_theories(req: func.HttpRequest) -> func.HttpResponse:
    """The project's theories, newest first."""
    who = principal_of(req)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        return answer({"items": await tx.theories.listing(project.project_id), "next": None})


@bp.route(route="projects/{project_id}/theories/{theory_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_theory(req: func.HttpRequest) -> func.HttpResponse:
    """The whole theory with its evidence."""
    from shared.domain.errors import NotFound

    who = principal_of(req)
    async with services.ports().store.tenant(who.tenant_id) as tx:
        project = await tx.projects.get(path_id(req, "project_id"), who.subject)
        theory = await tx.theories.document(path_id(req, "theory_id"))
    if theory["project_id"] != project.project_id:
        raise NotFound("There is no such theory.")
    return answer(theory)


async def _status(run: Run, req: func.HttpRequest, ports: Ports) -> dict[str, Any]:
    """How far it is; its error in the caller's language, else the project's."""
    message = run.error_message
    if run.error_code:
        async with ports.store.tenant(run.tenant_id) as tx:
            language = language_of(req, (await tx.projects.get(run.project_id)).language)
        message = said(run.error_code, message, language)
    body: dict[str, Any] = {
        "task_id": run.run_id,
        "status": run.status,
        "step": run.step,
        "progress": run.progress,
        "error_code": run.error_code,
        "error_message": message,
        "next_poll_seconds": None if run.status in FINISHED else ports.limits.poll_hint,
        "execution_mode": "durable",
    }
    if run.theory_id:
        url = f"/api/projects/{run.project_id}/theories/{run.theory_id}"
        body |= {"theory_id": run.theory_id, "theory_url": url}
    return body


def _status_url(run: Run) -> str:
    return f"/api/projects/{run.project_id}/generate-theory/status/{run.run_id}"
