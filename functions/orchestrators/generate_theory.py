"""A theory run: plan, code every interview, consolidate, sync, relate, choose the core, theorise, publish."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.burial import burial
from functions.orchestrators.code_interviews import code_all
from functions.orchestrators.retries import attempt, cap_of, insist
from shared.domain.dead_letters import NOT_BURIED
from shared.domain.runs import STEPS

bp = df.Blueprint()

AFTER_CODING = [
    ("consolidating", "consolidate_codebook"),
    ("syncing", "sync_taxonomy"),
    ("axial_coding", "relate_categories"),
    ("selective_coding", "choose_core"),
    ("theorising", "write_theory"),
    ("publishing", "publish_theory"),
]


@bp.orchestration_trigger(context_name="context", orchestration="generate_theory")
def generate_theory(context: df.DurableOrchestrationContext) -> Generator[Any, Any, dict[str, Any]]:
    """Input: `tenant_id, project_id, run_id, token, delays, interviews, fragments, pauses`. Output: how it ended."""
    job = dict(context.get_input())
    outcome = yield from _work(context, job)
    if outcome["status"] == "failed":
        failure = {"error": outcome["error"], "message": outcome["message"]}
        yield from attempt(context, "fail_run", {**_ids(job), **failure}, job["delays"], cap_of(job))
        if outcome["error"] not in NOT_BURIED:
            ids = {key: job[key] for key in ("tenant_id", "project_id", "run_id")}
            yield from insist(context, "bury_request", burial(context, "theory", job["run_id"], ids, outcome, None))
    return outcome


def _work(context: df.DurableOrchestrationContext, job: dict[str, Any]) -> Generator[Any, Any, dict[str, Any]]:
    context.set_custom_status({"step": "planning", "progress": 0})
    outcome = yield from attempt(context, "plan_theory", _ids(job), job["delays"], cap_of(job))
    if outcome["status"] != "done":
        return outcome
    context.set_custom_status({"step": "open_coding", "progress": STEPS["open_coding"]})
    outcome = yield from code_all(context, job, outcome["documents"])
    for step, activity in AFTER_CODING:
        if outcome["status"] != "done":
            return outcome
        context.set_custom_status({"step": step, "progress": STEPS[step]})
        outcome = yield from attempt(context, activity, _ids(job), job["delays"], cap_of(job))
        if outcome["status"] == "done" and step in job.get("pauses", []):
            outcome = yield from _review(context, job, step)
    return outcome


def _review(
    context: df.DurableOrchestrationContext, job: dict[str, Any], step: str
) -> Generator[Any, Any, dict[str, Any]]:
    """Wait until a person lets the run go on. Each step's event has its own name: none is ever awaited twice."""
    context.set_custom_status({"step": step, "progress": STEPS[step], "waiting": "review"})
    outcome = yield from attempt(context, "pause_run", _ids(job), job["delays"], cap_of(job))
    if outcome["status"] == "done":
        yield context.wait_for_external_event(f"review-{step}")
    return outcome


def _ids(job: dict[str, Any]) -> dict[str, Any]:
    return {key: job[key] for key in ("tenant_id", "project_id", "run_id", "token")}
