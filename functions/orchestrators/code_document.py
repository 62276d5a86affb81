"""Open coding of one interview, a range of passages at a time."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.retries import attempt, cap_of

bp = df.Blueprint()

# Passages that one activity codes, in units of those coded at once: few activities, and little to repeat after a crash.
ROUNDS = 2


@bp.orchestration_trigger(context_name="context", orchestration="code_document")
def code_document(context: df.DurableOrchestrationContext) -> Generator[Any, Any, dict[str, Any]]:
    """Input: `generate_theory`'s job with `document_id` and its number of `passages`."""
    job = dict(context.get_input())
    ids = {key: job[key] for key in ("tenant_id", "project_id", "run_id", "token", "document_id")}
    size = job["fragments"] * ROUNDS
    outcome: dict[str, Any] = {"status": "done"}
    for first in range(0, job["passages"], size):
        last = min(first + size, job["passages"]) - 1
        batch = {**ids, "first": first, "last": last}
        outcome = yield from attempt(context, "code_passages", batch, job["delays"], cap_of(job))
        if outcome["status"] != "done":
            break
    return outcome
