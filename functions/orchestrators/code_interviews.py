"""Open coding of all interviews, some side by side; many are parted among orchestrations of their own.

Each episode replays a history from its beginning: one history for all interviews would cost the square of their number.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.retries import first_line
from shared.domain.ids import coding_batch_instance, coding_instance

bp = df.Blueprint()

BATCH = 50


@bp.orchestration_trigger(context_name="context", orchestration="code_interviews")
def code_interviews(context: df.DurableOrchestrationContext) -> Generator[Any, Any, dict[str, Any]]:
    """Input: `generate_theory`'s job with `documents`: up to `BATCH` ids, each with its number of passages."""
    job = dict(context.get_input())
    return (yield from _side_by_side(context, job, job.pop("documents")))


def code_all(
    context: df.DurableOrchestrationContext, job: dict[str, Any], documents: list[list[Any]]
) -> Generator[Any, Any, dict[str, Any]]:
    """Batch after batch up to the first failure; a single batch needs no orchestration of its own."""
    if len(documents) <= BATCH:
        return (yield from _side_by_side(context, job, documents))
    outcome: dict[str, Any] = {"status": "done"}
    for start in range(0, len(documents), BATCH):
        batch = {**job, "documents": documents[start : start + BATCH]}
        try:
            outcome = yield context.call_sub_orchestrator(
                "code_interviews", batch, coding_batch_instance(job["run_id"], start)
            )
        except Exception as error:
            return _broken(error)
        if outcome["status"] != "done":
            break
    return outcome


def _side_by_side(
    context: df.DurableOrchestrationContext, job: dict[str, Any], documents: list[list[Any]]
) -> Generator[Any, Any, dict[str, Any]]:
    """Interviews side by side, a group at a time; the first failure ends the run after its group."""
    outcome: dict[str, Any] = {"status": "done"}
    size = job["interviews"]
    for start in range(0, len(documents), size):
        group = [
            context.call_sub_orchestrator(
                "code_document",
                {**job, "document_id": document_id, "passages": passages},
                coding_instance(job["run_id"], document_id),
            )
            for document_id, passages in documents[start : start + size]
        ]
        try:
            outcomes = yield context.task_all(group)
        except Exception as error:
            return _broken(error)
        outcome = next((o for o in outcomes if o["status"] != "done"), {"status": "done"})
        if outcome["status"] != "done":
            break
    return outcome


def _broken(error: Exception) -> dict[str, Any]:
    """An orchestration below was terminated, or has a fault."""
    return {"status": "failed", "error": "unexpected", "message": first_line(error)}
