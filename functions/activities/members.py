"""What lies in archives and e-mails."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from functions.triggers.starts import start_registered
from shared import services
from shared.domain.runs import ImportJob, MembersJob
from shared.steps import members

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
@bp.durable_client_input(client_name="client")
async def import_members(job: dict[str, Any], client: df.DurableOrchestrationClient) -> dict[str, Any]:
    """Registers members of a container and starts their imports. A second time finds all of them there."""
    outcome = await perform(members.import_members, MembersJob(**job))
    for document_id in outcome.pop("start", []):
        await start_registered(client, job["tenant_id"], document_id, services.ports())
    return outcome


@bp.activity_trigger(input_name="job")
async def complete_container(job: dict[str, Any]) -> dict[str, Any]:
    """Ends the import of an archive; a second time changes nothing."""
    return await perform(members.complete_container, ImportJob(**job))
