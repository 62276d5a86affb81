"""One answer about any task, whatever it works on (D6)."""

from __future__ import annotations

from typing import Any

from shared.domain import document as documents
from shared.domain import runs
from shared.domain.errors import NotFound
from shared.domain.runs import Principal
from shared.ports import Ports, Transaction

PENDING, PROGRESS, SUCCESS, FAILURE = "PENDING", "PROGRESS", "SUCCESS", "FAILURE"


async def task_state(principal: Principal, task_id: str, ports: Ports) -> dict[str, Any]:
    """`task_id, state, info` of a document's import or a run; NotFound when it is neither, or not the principal's."""
    async with ports.store.tenant(principal.tenant_id) as tx:
        try:
            return await _document(principal, task_id, tx)
        except NotFound:
            pass
        try:
            return await _run(principal, task_id, tx)
        except NotFound:  # a colleague's is in a project that is not the principal's, and must not say so
            raise NotFound("There is no such task.") from None


async def _document(principal: Principal, task_id: str, tx: Transaction) -> dict[str, Any]:
    found = await tx.documents.get(task_id)
    await tx.projects.get(found.project_id, principal.subject)
    state = PROGRESS
    if found.status == documents.PENDING:
        state = PENDING
    elif found.status in {documents.COMPLETED, documents.NEEDS_REVIEW}:
        state = SUCCESS
    elif found.status in documents.FINISHED_STATUSES:
        state = FAILURE
    info = {"progress": found.progress, "stage": found.stage, "status": found.status}
    return {"task_id": task_id, "state": state, "info": {**info, **_error(found.error_code, found.error_message)}}


async def _run(principal: Principal, task_id: str, tx: Transaction) -> dict[str, Any]:
    found = await tx.runs.get(task_id)
    await tx.projects.get(found.project_id, principal.subject)
    states = {runs.QUEUED: PENDING, runs.COMPLETED: SUCCESS, runs.FAILED: FAILURE, runs.CANCELED: FAILURE}
    info = {"progress": found.progress, "stage": found.step, "status": found.status}
    error = _error(found.error_code, found.error_message)
    return {"task_id": task_id, "state": states.get(found.status, PROGRESS), "info": {**info, **error}}


def _error(code: str | None, message: str | None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}} if code else {}
