"""What nobody asks for: starting what was accepted when its process died, and watching the fleet."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.starts import is_alive, start_again, start_import, start_theory
from shared import services
from shared.domain.runs import FAILED
from shared.ports import Ports
from shared.steps.events import log_event
from shared.steps.fleet import report_signals
from shared.steps.leftovers import send_items_again, take_leftovers

bp = df.Blueprint()

OLDER_THAN_SECONDS = 30
AT_MOST = 200
# Longer than a queue or a blob trigger needs for a full batch: what is older has been forgotten, or failed.
ITEMS_OLDER_THAN, LEFTOVERS_OLDER_THAN = 900, 1800


@bp.timer_trigger(arg_name="timer", schedule="*/30 * * * * *", run_on_startup=False, use_monitor=False)
@bp.durable_client_input(client_name="client")
async def start_waiting(timer: func.TimerRequest, client: df.DurableOrchestrationClient) -> None:
    """Start documents that are pending or have stalled, and runs that are queued."""
    services.observe()
    ports = services.ports()
    documents = await ports.store.waiting_documents(OLDER_THAN_SECONDS, AT_MOST)
    for row in documents:
        await _see_to_document(row, client, ports)
    runs = await ports.store.waiting_runs(OLDER_THAN_SECONDS, AT_MOST)
    for row in runs:
        async with ports.store.tenant(row["tenant_id"]) as tx:
            run = await tx.runs.get(row["run_id"])
        await start_theory(client, run, ports.limits)
        if not await is_alive(client, run.run_id):
            async with ports.store.tenant(row["tenant_id"]) as tx:
                await tx.runs.finish(run.run_id, FAILED, "abandoned", "The run ended before it began.")
    if documents or runs:
        log_event("waiting_started", documents=len(documents), runs=len(runs))


@bp.timer_trigger(arg_name="timer", schedule="0 * * * * *", run_on_startup=False, use_monitor=False)
async def watch_fleet(timer: func.TimerRequest) -> None:
    """Report what alert rules look at, once a minute."""
    services.observe()
    await report_signals(services.ports())


@bp.timer_trigger(arg_name="timer", schedule="15 */2 * * * *", run_on_startup=False, use_monitor=False)
async def send_waiting(timer: func.TimerRequest) -> None:
    """Send items of batches whose message was lost again, and take in dropped files that nobody took."""
    ports = services.ports()
    items = await send_items_again(ITEMS_OLDER_THAN, AT_MOST, ports)
    files = await take_leftovers(LEFTOVERS_OLDER_THAN, AT_MOST, ports)
    if items or files:
        log_event("waiting_sent", items=items, files=files)


async def _see_to_document(row: dict[str, Any], client: df.DurableOrchestrationClient, ports: Ports) -> None:
    """Start it, anew if its import is gone. It counts as seen, so that it does not stand before others next time."""
    async with ports.store.tenant(row["tenant_id"]) as tx:
        document = await tx.documents.get(row["document_id"])
        await tx.documents.progress(document.document_id, document.progress)
    document = await start_again(client, document, ports)
    await start_import(client, document, ports.limits)
