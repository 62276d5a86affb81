"""Requests from the Service Bus: imports of batches, theory runs that were parked, and dead letters.

Bodies are taken as bytes: of a text that is a JSON object, Azure's host lets the properties override the message's own
metadata. A message that cannot be dealt with now is sent again to come later; one that fails for another reason comes
back at once, ten times in all, and is then forwarded to the dead letters by the broker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict

from functions.triggers.starts import start_again, start_import, start_theory
from shared import services, tracing
from shared.domain.dead_letters import DEAD_LETTERS_QUEUE, IMPORTS_QUEUE, THEORY_QUEUE
from shared.domain.errors import Transient
from shared.domain.runs import QUEUED
from shared.ports import TRACE
from shared.steps.batches import admit_item
from shared.steps.dead_letters import Received, keep_letter
from shared.steps.requests import postpone

bp = df.Blueprint()

CONNECTION, SOURCE = "ServiceBus", "source"


class ImportRequest(BaseModel):
    """Start this document, or make a document of this item of a batch and start it."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID
    project_id: UUID
    document_id: UUID | None = None
    batch_id: UUID | None = None
    item_id: UUID | None = None


class ParkedRun(BaseModel):
    """Start this run."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: UUID
    project_id: UUID
    run_id: UUID


@bp.service_bus_queue_trigger(
    arg_name="message", queue_name=IMPORTS_QUEUE, connection=CONNECTION, data_type=func.DataType.BINARY
)
@bp.durable_client_input(client_name="client")
async def start_requested_import(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    """Start the import of one document of a batch; the row says whether there is anything to start."""

    async def work() -> None:
        wish, ports = ImportRequest.model_validate_json(message.get_body()), services.ports()
        tenant_id = str(wish.tenant_id)
        if wish.document_id:
            async with ports.store.tenant(tenant_id) as tx:
                document = await tx.documents.get(str(wish.document_id))
        else:
            found = await admit_item(tenant_id, str(wish.batch_id), str(wish.item_id), ports)
            if found is None:
                return
            document = await start_again(client, found, ports)
        await start_import(client, document, ports.limits)

    await _patiently(IMPORTS_QUEUE, message, work)


@bp.service_bus_queue_trigger(
    arg_name="message", queue_name=THEORY_QUEUE, connection=CONNECTION, data_type=func.DataType.BINARY
)
@bp.durable_client_input(client_name="client")
async def start_parked_run(message: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    """Start a run that was accepted when the durable backend did not take it."""

    async def work() -> None:
        wish, ports = ParkedRun.model_validate_json(message.get_body()), services.ports()
        async with ports.store.tenant(str(wish.tenant_id)) as tx:
            run = await tx.runs.get(str(wish.run_id))
        if run.status == QUEUED:
            await start_theory(client, run, ports.limits)

    await _patiently(THEORY_QUEUE, message, work)


@bp.service_bus_queue_trigger(
    arg_name="message", queue_name=DEAD_LETTERS_QUEUE, connection=CONNECTION, data_type=func.DataType.BINARY
)
async def keep_dead_letter(message: func.ServiceBusMessage) -> None:
    """Write a dead letter into its table; the message stays on the queue until that is done."""

    async def work() -> None:
        received = Received(_name(message), message.get_body(), _properties(message), _source(message))
        await keep_letter(received, services.ports())

    await _patiently(DEAD_LETTERS_QUEUE, message, work)


async def _patiently(queue: str, message: func.ServiceBusMessage, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, or send the message again for later when what it needs is not there now."""
    services.observe()
    with tracing.span(f"process {queue}", parent=_trace(message), kind="consumer"):
        try:
            await work()
        except Transient:
            said = _properties(message) | ({SOURCE: source} if (source := _source(message)) else {})
            if not await postpone(queue, _name(message), message.get_body(), said, services.ports()):
                raise


def _trace(message: func.ServiceBusMessage) -> str:
    """The trace that the message was sent in; none where the platform has opened a span of its own."""
    return "" if tracing.trace_id() else str(_properties(message).get(TRACE, ""))


def _name(message: func.ServiceBusMessage) -> str:
    return message.message_id or f"{_source(message)}-{message.enqueued_time_utc}-{message.sequence_number}"


def _source(message: func.ServiceBusMessage) -> str | None:
    """The queue that a message was dead-lettered in; a copy that was sent later says it in a property."""
    return message.dead_letter_source or _properties(message).get(SOURCE)


def _properties(message: func.ServiceBusMessage) -> dict[str, Any]:
    return dict(message.application_properties or {})
