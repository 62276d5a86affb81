"""One document: preprocess, ocr, classify, extract, validate, publish, index: an activity each.

Where a stage has several parts, its activity goes on from one to the next as far as it gets, and its outcome says so.
Instances that began before that call the parts one by one: `plan_import`, `assemble_text`, `chunk_document` and so on.

What lies in an archive or e-mail is registered in between, and started in imports of its own, which nobody waits for.
What fails for good leaves a dead letter.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import azure.durable_functions as df

from functions.orchestrators.burial import burial
from functions.orchestrators.retries import attempt, insist

bp = df.Blueprint()

# Activities with the stage that they belong to, in order.
PREPROCESS = [("preprocess", "preprocess_document")]
PLAN = [("preprocess", "plan_import")]
ASSEMBLE = [("ocr", "assemble_text")]
AFTER_READING = [
    ("classify", "classify_document"),
    ("extract", "extract_record"),
    ("validate", "validate_record"),
    ("publish", "publish_document"),
]
INDEX = [("index", "index_document")]
INDEX_BY_PARTS = [("index", "chunk_document"), ("index", "describe_document"), ("index", "embed_document")]
# What an archive has instead.
AFTER_MEMBERS = [("index", "complete_container")]


@bp.orchestration_trigger(context_name="context", orchestration="import_document")
def import_document(context: df.DurableOrchestrationContext) -> Generator[Any, Any, dict[str, Any]]:
    """Input: `tenant_id, project_id, document_id, delays`. Output: how it ended; the document's row has the rest.

    With `resume`, the name of a stage after reading, what lies before it is done: a person has corrected the record.
    With `joined`, as all are started now, the index stage is one activity.
    """
    job = dict(context.get_input())
    delays, resume = job.pop("delays"), job.pop("resume", None)
    after = AFTER_READING + (INDEX if job.pop("joined", False) else INDEX_BY_PARTS)
    if resume:
        outcome = yield from _run(context, _from(resume, after), job, delays)
        return {"status": outcome["status"]}
    outcome = yield from _run(context, PREPROCESS, job, delays)
    if outcome["status"] == "done" and "ranges" not in outcome:
        outcome = yield from _run(context, PLAN, job, delays)
    ranges, members, batch = outcome.get("ranges", []), outcome.get("members", 0), outcome.get("batch", 1)
    if members:
        outcome = yield from _take_out(context, job, members, batch, delays)
    for first, last in ranges if outcome["status"] == "done" else []:
        outcome = yield from _read(context, {**job, "first": first, "last": last}, delays)
        if outcome["status"] != "done":
            break
    if outcome["status"] == "done" and members and not ranges:
        outcome = yield from _run(context, AFTER_MEMBERS, job, delays)
    elif outcome["status"] == "done":
        outcome = yield from _run(context, after if outcome.get("assembled") else ASSEMBLE + after, job, delays)
    return {"status": outcome["status"]}


def _from(stage: str, activities: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """The activities from this stage on."""
    stages = [name for name, _ in activities]
    return activities[stages.index(stage) :]


def _take_out(
    context: df.DurableOrchestrationContext, job: dict[str, Any], members: int, batch: int, delays: Sequence[int]
) -> Generator[Any, Any, dict[str, Any]]:
    """Batch after batch; only the number of the next member comes back, so the history stays small."""
    outcome: dict[str, Any] = {"status": "done"}
    first = 1
    while outcome["status"] == "done" and first <= members:
        wish = {**job, "first": first, "last": min(first + batch - 1, members)}
        outcome = yield from _run(context, [("ocr", "import_members")], wish, delays)
        first = outcome.get("next", members + 1)
    return outcome


def _read(
    context: df.DurableOrchestrationContext, pages: dict[str, Any], delays: Sequence[int]
) -> Generator[Any, Any, dict[str, Any]]:
    """A range of pages; slow ones take several turns, each of which keeps what it read."""
    while True:
        outcome = yield from _run(context, [("ocr", "read_pages")], pages, delays)
        if outcome["status"] != "done" or not outcome.get("left"):
            return outcome


def _run(
    context: df.DurableOrchestrationContext,
    activities: Sequence[tuple[str, str]],
    job: dict[str, Any],
    delays: Sequence[int],
) -> Generator[Any, Any, dict[str, Any]]:
    """The activities one after another, up to the first that does not end as `done`; a failure goes on record."""
    outcome: dict[str, Any] = {}
    for stage, activity in activities:
        context.set_custom_status({"stage": stage})
        outcome = yield from attempt(context, activity, job, delays)
        if outcome["status"] == "failed":
            failure = {"stage": stage, "error": outcome["error"], "message": outcome["message"]}
            ids = {key: job[key] for key in ("tenant_id", "project_id", "document_id")}
            yield from attempt(context, "fail_document", {**ids, **failure}, delays)
            letter = burial(context, "import", job["document_id"], ids, outcome, stage)
            yield from insist(context, "bury_request", letter)
        if outcome["status"] != "done":
            break
    return outcome
