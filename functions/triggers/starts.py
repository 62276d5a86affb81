"""Starting orchestrations, each under the id that derives from what it works on."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from shared import tracing
from shared.domain import ids
from shared.domain.dead_letters import THEORY_QUEUE
from shared.domain.document import FINISHED_STATUSES, PENDING, Document
from shared.domain.errors import Unavailable
from shared.domain.runs import THROTTLE_CAP, Run
from shared.ports import Limits, Ports
from shared.steps.events import log_event
from shared.steps.intake import restart_document
from shared.steps.requests import enqueue, theory_request


class NotStarted(Unavailable):
    """The durable backend does not take starts now."""

    code = "not_started"


_ALIVE = {"Pending", "Running", "Suspended", "ContinuedAsNew"}


async def start_import(client: df.DurableOrchestrationClient, document: Document, limits: Limits) -> None:
    """Start the import of a document that is pending, once: a finished instance's id must not be started again."""
    if document.status != PENDING:
        return
    job: dict[str, Any] = {
        "tenant_id": document.tenant_id,
        "project_id": document.project_id,
        "document_id": document.document_id,
        "delays": list(limits.retry_delays),
        "joined": True,
    }
    if document.resume_stage:
        job["resume"] = document.resume_stage
    await _start(client, "import_document", ids.import_instance(document.document_id, document.attempt), job)


async def start_registered(
    client: df.DurableOrchestrationClient, tenant_id: str, document_id: str, ports: Ports
) -> None:
    """Start the import of a document by its id, in the same way as one that was just uploaded."""
    async with ports.store.tenant(tenant_id) as tx:
        document = await tx.documents.get(document_id)
    document = await start_again(client, document, ports)
    await start_import(client, document, ports.limits)


async def start_accepted(client: df.DurableOrchestrationClient, document: Document, limits: Limits) -> None:
    """As `start_import`; when the durable backend does not take it, the timer starts it, since it is on record."""
    try:
        await start_import(client, document, limits)
    except NotStarted:
        log_event("start_postponed", document=document.document_id, tenant=document.tenant_id)


async def start_again(client: df.DurableOrchestrationClient, document: Document, ports: Ports) -> Document:
    """A document whose import is gone half way (purged, terminated) becomes pending again when it is sent again."""
    if document.status in FINISHED_STATUSES:
        return document
    status = await client.get_status(ids.import_instance(document.document_id, document.attempt))
    gone = status.runtime_status.value not in _ALIVE if status else document.status != PENDING
    return await restart_document(document, ports) if gone else document


async def start_theory(client: df.DurableOrchestrationClient, run: Run, limits: Limits) -> None:
    """Start a run. Its waits stay under the lease's time, so that a waiting run does not lose its project."""
    job = {
        "tenant_id": run.tenant_id,
        "project_id": run.project_id,
        "run_id": run.run_id,
        "token": run.token,
        "delays": [min(delay, limits.lease_ttl // 2) for delay in limits.retry_delays],
        "cap": min(THROTTLE_CAP, limits.lease_ttl // 2),
        "interviews": limits.interview_concurrency,
        "fragments": limits.fragment_concurrency,
        "pauses": run.request.get("review_pauses", []),
    }
    await _start(client, "generate_theory", ids.theory_instance(run.run_id), job)


async def start_or_park(client: df.DurableOrchestrationClient, run: Run, ports: Ports) -> str:
    """`durable` when the run was started; `queued` when it is parked on the queue, from where it will be."""
    try:
        await start_theory(client, run, ports.limits)
    except NotStarted:
        await enqueue(THEORY_QUEUE, [theory_request(run)], ports)
        return "queued"
    return "durable"


async def is_alive(client: df.DurableOrchestrationClient, run_id: str) -> bool:
    """Whether the run's orchestration exists and has not ended."""
    status = await client.get_status(ids.theory_instance(run_id))
    return bool(status) and status.runtime_status.value in _ALIVE


async def _start(client: df.DurableOrchestrationClient, name: str, instance: str, job: dict[str, Any]) -> None:
    try:
        if await client.get_status(instance):
            return
        with tracing.span(f"start {name}", {"theogen.instance": instance}, kind="producer"):
            trace = tracing.traceparent()
            await client.start_new(name, instance, {**job, "traceparent": trace} if trace else job)
    except Exception as error:
        # Two starts at once: one of them is refused. It is an error only when nothing has started.
        if not await _exists(client, instance):
            raise NotStarted(f"The durable backend did not take the start: {str(error)[:200]}") from error


async def _exists(client: df.DurableOrchestrationClient, instance: str) -> bool:
    try:
        return bool(await client.get_status(instance))
    except Exception:  # whatever keeps it from answering, it has not said that the instance is there
        return False
