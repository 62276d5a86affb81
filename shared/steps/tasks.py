"""One answer about any task, whatever it works on (D6)."""

from __future__ import annotations

from typing import Any

from shared.domain import document as documents
from shared.domain import runs
from shared.domain.document import Document
from shared.domain.error_texts import preferred, said
from shared.domain.errors import NotFound
from shared.domain.runs import Principal, Run
from shared.ports import Ports, Transaction

PENDING, PROGRESS, SUCCESS, FAILURE = "PENDING", "PROGRESS", "SUCCESS", "FAILURE"


async def task_state(principal: Principal, task_id: str, ports: Ports, wish: str | None = None) -> dict[str, Any]:
    """`task_id, state, info` of a document's import or a run; NotFound when it is neither, or not the principal's.

    `wish` is a header `Accept-Language`; without one errors are told in the project's language.
    """
    async with ports.store.tenant(principal.tenant_id) as tx:
        try:
            return await _document(principal, task_id, tx, wish)
        except NotFound:
            pass
        try:
            return await _run(principal, task_id, tx, wish)
        except NotFound:  # a colleague's is in a project that is not the principal's, and must not say so
            raise NotFound("There is no such task.") from None


async def _document(principal: Principal, task_id: str, tx: Transaction, wish: str | None) -> dict[str, Any]:
    found = await tx.documents.get(task_id)
    project = await tx.projects.get(found.project_id, principal.subject)
    state = PROGRESS
    if found.status == documents.PENDING:
        state = PENDING
    elif found.status in {documents.COMPLETED, documents.NEEDS_REVIEW}:
        state = SUCCESS
    elif found.status in documents.FINISHED_STATUSES:
        state = FAILURE
    info = {"progress": found.progress, "stage": found.stage, "status": found.status}
    error = _error(found, preferred(wish, project.language))
    return {"task_id": task_id, "state": state, "info": {**info, **error}}


async def _run(principal: Principal, task_id: str, tx: Transaction, wish: str | None) -> dict[str, Any]:
    found = await tx.runs.get(task_id)
    project = await tx.projects.get(found.project_id, principal.subject)
    states = {runs.QUEUED: PENDING, runs.COMPLETED: SUCCESS, runs.FAILED: FAILURE, runs.CANCELED: FAILURE}
    info = {"progress": found.progress, "stage": found.step, "status": found.status}
    error = _error(found, preferred(wish, project.language))
    return {"task_id": task_id, "state": states.get(found.status, PROGRESS), "info": {**info, **error}}


def _error(found: Document | Run, language: str) -> dict[str, Any]:
    if not found.error_code:
        return {}
    return {"error": {"code": found.error_code, "message": said(found.error_code, found.error_message, language)}}
