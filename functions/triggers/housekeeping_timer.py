"""What was accepted is started, even when the process died between accepting and starting."""

from __future__ import annotations

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.starts import start_import, start_theory
from shared import services
from shared.steps.events import log_event

bp = df.Blueprint()

OLDER_THAN_SECONDS = 30
AT_MOST = 200


@bp.timer_trigger(arg_name="timer", schedule="*/30 * * * * *", run_on_startup=False, use_monitor=False)
@bp.durable_client_input(client_name="client")
async def start_waiting(timer: func.TimerRequest, client: df.DurableOrchestrationClient) -> None:
    """Start documents that are still pending and runs that are still queued."""
    ports = services.ports()
    documents = await ports.store.waiting_documents(OLDER_THAN_SECONDS, AT_MOST)
    for row in documents:
        async with ports.store.tenant(row["tenant_id"]) as tx:
            document = await tx.documents.get(row["document_id"])
        await start_import(client, document, ports.limits)
    runs = await ports.store.waiting_runs(OLDER_THAN_SECONDS, AT_MOST)
    for row in runs:
        async with ports.store.tenant(row["tenant_id"]) as tx:
            run = await tx.runs.get(row["run_id"])
        await start_theory(client, run, ports.limits)
    if documents or runs:
        log_event("waiting_started", documents=len(documents), runs=len(runs))
