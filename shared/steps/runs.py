"""Starting, watching and cancelling runs of a project."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from shared.domain.document import COMPLETED
from shared.domain.errors import Conflict, NotFound, UnknownDocuments
from shared.domain.runs import CANCELED, FAILED, FINISHED, QUEUED, WAITING_REVIEW, Principal, Run, RunJob
from shared.ports import Ports
from shared.steps.outcomes import Outcome, outcome_of

# Seconds that a run which waits for people keeps its project: a month.
REVIEW_LEASE = 30 * 24 * 3600

IsAlive = Callable[[str], Awaitable[bool]]


class ProjectBusy(Conflict):
    """A run is under way in this project. Wait until it has ended, or cancel it."""

    code = "run_in_progress"

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id


async def start_run(
    principal: Principal, project_id: str, request: dict[str, Any], is_alive: IsAlive, ports: Ports
) -> Run:
    """Write a theory run and take the project's lease, in one transaction.

    A lease whose run is gone (`is_alive` says so: crash, purge) or has been silent for its whole time is taken over.
    Raises ProjectBusy with the run that is under way, NotFound when the project is not the principal's,
    UnknownDocuments when it is to study documents that are not there or not completed.
    """
    await _check_documents(principal, project_id, request.get("document_ids") or [], ports)
    draft = Run(
        str(uuid.uuid4()), principal.tenant_id, project_id, "theory", QUEUED, str(uuid.uuid4()),
        request=request, created_by=principal.subject,
    )  # fmt: skip
    held = await _try_start(draft, principal, None, ports)
    if held is None:
        return draft
    holder, expired = held
    if not expired and (await _is_queued(holder, principal, ports) or await is_alive(holder)):
        raise ProjectBusy(holder)
    held = await _try_start(draft, principal, holder, ports)
    if held is not None:
        raise ProjectBusy(held[0])
    return draft


async def _check_documents(principal: Principal, project_id: str, wanted: list[str], ports: Ports) -> None:
    """A run must not leave out in silence what it was asked to study."""
    wrong = []
    async with ports.store.tenant(principal.tenant_id) as tx:
        await tx.projects.get(project_id, principal.subject)
        for document_id in dict.fromkeys(wanted):
            try:
                document = await tx.documents.get(document_id)
            except NotFound:
                document = None
            if document is None or document.project_id != project_id:
                wrong.append({"document_id": document_id, "problem": "not in this project"})
            elif document.status != COMPLETED:
                wrong.append({"document_id": document_id, "problem": f"not completed: {document.status}"})
    if wrong:
        raise UnknownDocuments(wrong)


async def _try_start(run: Run, principal: Principal, gone: str | None, ports: Ports) -> tuple[str, bool] | None:
    """None when started, else who holds the lease. `gone` is the holder whose lease may be taken."""
    async with ports.store.tenant(run.tenant_id) as tx:
        project = await tx.projects.get(run.project_id, principal.subject)
        lease = (run.project_id, run.run_id, run.token, ports.limits.lease_ttl)
        if gone is not None and await tx.runs.seize_lease(*lease, gone):
            await tx.runs.finish(gone, FAILED, "abandoned", "The run was lost; another one took its place.")
        elif (held := await tx.runs.take_lease(*lease)) is not None:
            return held
        # The question stands on the run: every step of it, and its readers, see what was asked at the time.
        await tx.runs.create(replace(run, request={"research_question": project.research_question, **run.request}))
    return None


async def _is_queued(run_id: str, principal: Principal, ports: Ports) -> bool:
    """A run that was accepted and not started yet is alive: housekeeping will start it."""
    async with ports.store.tenant(principal.tenant_id) as tx:
        return (await tx.runs.get(run_id)).status == QUEUED


async def find_run(principal: Principal, project_id: str, run_id: str, ports: Ports) -> Run:
    """The run, if it is of this project and this principal's; else NotFound, the same for foreign and for missing."""
    async with ports.store.tenant(principal.tenant_id) as tx:
        await tx.projects.get(project_id, principal.subject)
        run = await tx.runs.get(run_id)
    if run.project_id != project_id:
        raise NotFound("There is no such task.")
    return run


async def cancel_run(principal: Principal, project_id: str, run_id: str, ports: Ports) -> Run:
    """End the run and free the project. Raises Conflict when it has ended already."""
    run = await find_run(principal, project_id, run_id, ports)
    async with ports.store.tenant(principal.tenant_id) as tx:
        if run.status in FINISHED or not await tx.runs.finish(run_id, CANCELED):
            raise Conflict("The run has ended already.")
    return await find_run(principal, project_id, run_id, ports)


async def pause_run(job: RunJob, ports: Ports) -> Outcome:
    """The run waits for a person and keeps its project meanwhile."""
    return await outcome_of(_pause(job, ports))


async def _pause(job: RunJob, ports: Ports) -> Outcome:
    async with ports.store.tenant(job.tenant_id) as tx:
        await tx.runs.pause(job.run_id, job.token, REVIEW_LEASE)
    return {}


async def review_run(principal: Principal, project_id: str, run_id: str, note: str, ports: Ports) -> Run:
    """The run that a person lets go on, with their note on record. Raises Conflict when it waits for nobody."""
    run = await find_run(principal, project_id, run_id, ports)
    if run.status != WAITING_REVIEW:
        raise Conflict("The run does not wait for a review.")
    async with ports.store.tenant(principal.tenant_id) as tx:
        await tx.theories.memo(run, f"review_{run.step}", f"{principal.name}: {note}" if note else "")
    return run
