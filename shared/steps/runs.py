"""Starting, watching and cancelling runs of a project."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from shared.domain.errors import Conflict, NotFound
from shared.domain.runs import CANCELED, FAILED, FINISHED, Principal, Run
from shared.ports import Ports

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

    `is_alive` tells whether the orchestration of a run still exists; a lease whose run is gone is taken over. Raises
    ProjectBusy with the run that is under way, NotFound when the project is not the principal's.
    """
    run = Run(str(uuid.uuid4()), principal.tenant_id, project_id, "theory", "queued", str(uuid.uuid4()))
    holder = await _try_start(run, principal, request, None, ports)
    if holder is None:
        return run
    if await is_alive(holder):
        raise ProjectBusy(holder)
    if (busy := await _try_start(run, principal, request, holder, ports)) is not None:
        raise ProjectBusy(busy)
    return run


async def _try_start(
    run: Run, principal: Principal, request: dict[str, Any], gone: str | None, ports: Ports
) -> str | None:
    """None when started, else the run that holds the lease. `gone` is a holder known to be dead."""
    async with ports.store.tenant(run.tenant_id) as tx:
        await tx.projects.get(run.project_id, principal.subject)
        lease = (run.project_id, run.run_id, run.token, ports.limits.lease_ttl)
        if gone is not None and await tx.runs.seize_lease(*lease, gone):
            await tx.runs.finish(gone, FAILED, "abandoned", "The run was lost; another one took its place.")
        elif (holder := await tx.runs.take_lease(*lease)) is not None:
            return holder
        await tx.runs.create(Run(**{**_fields(run), "request": request, "created_by": principal.subject}))
    return None


def _fields(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in run.__slots__}


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
