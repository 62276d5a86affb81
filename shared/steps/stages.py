"""The frame around each stage of an import: status and event before and after, errors turned into outcomes.

A stage that is done is not done again, so its activity may run any number of times. What a stage produces is written in
the transaction that marks it done.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from shared.domain.document import (
    FINISHED_STATUSES,
    NEEDS_REVIEW,
    REJECTED,
    STAGES,
    Document,
    Stage,
)
from shared.domain.errors import Rejected, TimedOut
from shared.domain.runs import FailureJob, ImportJob
from shared.ports import Ports, Stages, Transaction
from shared.steps.events import log_event
from shared.steps.outcomes import Outcome, outcome_of

# Seconds. Past the soft limit the log says that a stage was slow, and reading stops by itself to be called again; at
# the hard limit it is given up and tried again. A range of pages has more time: a page can wait for the OCR engine.
SOFT_LIMIT, HARD_LIMIT = 90.0, 120.0
OCR_SOFT_LIMIT, OCR_HARD_LIMIT = 60.0, 180.0

_LOG_NAMES = {"ocr": "text_extraction_completed", "index": "document_processing_completed"}


@dataclass(frozen=True, slots=True)
class Done:
    """What a stage found: `detail` for the event and the orchestrator, `write` to store it in the same transaction.

    `review` ends the import here with this reason: a person has to look. `progress` (0-100) is how far this part of a
    stage got, where that is not always the same; with `whole` this part was the last one.
    """

    detail: dict[str, Any] = field(default_factory=dict)
    write: Callable[[Transaction], Awaitable[None]] | None = None
    review: str | None = None
    progress: int | None = None
    whole: bool = False


Step = Callable[[Any, Ports], Awaitable[Outcome]]
Body = Callable[[Document, Any, Ports], Awaitable[Done]]


def stage(which: Stage, *, progress: int | None = None, limit: float = HARD_LIMIT) -> Callable[[Body], Step]:
    """Make a step of a body. With `progress` the body is only a part of the stage and leaves it running there.

    A body that takes longer than `limit` seconds has timed out: it is tried again.
    """

    def frame(body: Body) -> Step:
        @wraps(body)
        async def step(job: ImportJob, ports: Ports) -> Outcome:
            document = await ports.store.stages.begin(job.tenant_id, job.document_id, which)
            if document is None:
                return {"status": "done", "before": True}
            try:
                outcome = await outcome_of(_timed(_run(which, progress, body, document, job, ports), document, limit))
            except Exception as error:
                await _note(which, document, "unexpected", f"Unexpected: {type(error).__name__}.", ports)
                raise
            if outcome["status"] == "retry":
                await _note(which, document, outcome["error"], outcome["message"], ports)
            return outcome

        return step

    return frame


async def _timed(work: Awaitable[Outcome], document: Document, limit: float) -> Outcome:
    begun = time.monotonic()
    try:
        async with asyncio.timeout(limit) as clock:
            return await work
    except TimeoutError as error:
        if not clock.expired():
            raise
        raise TimedOut(f"This took longer than {limit:.0f} seconds.") from error
    finally:
        if (took := time.monotonic() - begun) > SOFT_LIMIT:
            log_event("stage_slow", **_ids(document), seconds=round(took))


async def _run(
    which: Stage, progress: int | None, body: Body, document: Document, job: ImportJob, ports: Ports
) -> Outcome:
    try:
        done = await body(document, job, ports)
    except Rejected as error:
        return await _reject(document, which, error, ports)
    if done.whole:
        progress = None
    took = await _store(which, progress, done, document, ports)
    if took is None:
        return {"before": True}
    if progress is None:
        log_event(_LOG_NAMES.get(which.name, which.done), **_ids(document), stage=which.name, duration_ms=took)
    return {"status": "ended", "reason": NEEDS_REVIEW} if done.review else done.detail


async def _store(which: Stage, progress: int | None, done: Done, document: Document, ports: Ports) -> int | None:
    """The stage's milliseconds, 0 for a part of it; None, and nothing is stored, when it does not run any more.

    An activity can run twice at once; the slower one must not take a document back that has gone on.
    """

    async def move(stages: Stages) -> int | None:
        if progress is None:
            return await stages.finish(document, which, done.detail)
        return 0 if await stages.advance(document, which, done.progress or progress) else None

    if done.write is None and done.review is None:
        return await move(ports.store.stages)
    async with ports.store.tenant(document.tenant_id) as tx:
        took = await move(tx.stages)  # before all else, as it locks the row
        if took is not None and done.write:
            await done.write(tx)
        if took is not None and done.review:
            await tx.documents.end(document.document_id, which.name, NEEDS_REVIEW, NEEDS_REVIEW, done.review)
    return took


async def _still_runs(document: Document, which: Stage, tx: Transaction) -> bool:
    current = await tx.documents.get(document.document_id, lock=True)
    return current.status == which.running and current.attempt == document.attempt


async def _note(which: Stage, document: Document, code: str, message: str, ports: Ports) -> None:
    """A failure that will be tried again is visible meanwhile."""
    async with ports.store.tenant(document.tenant_id) as tx:
        if await _still_runs(document, which, tx):
            await tx.documents.retrying(document.document_id, which, code, message)


async def _reject(document: Document, which: Stage, error: Rejected, ports: Ports) -> Outcome:
    async with ports.store.tenant(document.tenant_id) as tx:
        if not await _still_runs(document, which, tx):
            return {"before": True}
        await tx.documents.end(document.document_id, which.name, REJECTED, error.code, str(error))
    log_event("document_processing_failed", **_ids(document), stage=which.name, error=error.code)
    return {"status": "ended", "reason": error.code}


def _ids(document: Document) -> dict[str, str]:
    return {"document": document.document_id, "tenant": document.tenant_id}


async def fail_document(job: FailureJob, ports: Ports) -> Outcome:
    """The stage's status on final failure. A document that has ended meanwhile stays as it is."""
    async with ports.store.tenant(job.tenant_id) as tx:
        document = await tx.documents.get(job.document_id, lock=True)
        if document.status in FINISHED_STATUSES:
            return {"status": "done", "before": True}
        await tx.documents.end(job.document_id, job.stage, STAGES[job.stage].failed, job.error, job.message)
    log_event("document_processing_failed", **_ids(document), stage=job.stage, error=job.error)
    return {"status": "done"}
