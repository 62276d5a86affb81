"""Files dropped into container `uploads` under `{tenant_id}/{project_id}/{name}`."""

from __future__ import annotations

import os
import uuid

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.starts import start_again, start_import
from shared import services, tracing
from shared.domain.errors import NotFound
from shared.domain.ids import content_hash
from shared.ports import Ports
from shared.steps.events import log_event
from shared.steps.intake import register_document

bp = df.Blueprint()

CONTAINER = "uploads"

# Read here because it must be known when functions are indexed; the settings class checks the value.
SOURCE = func.BlobSource(os.environ.get("BLOB_TRIGGER_SOURCE", "EventGrid"))


@bp.blob_trigger(arg_name="blob", path=CONTAINER + "/{name}", connection="AzureWebJobsStorage", source=SOURCE)
@bp.durable_client_input(client_name="client")
async def import_upload(blob: func.InputStream, client: df.DurableOrchestrationClient) -> None:
    """Register the file and start its import, then remove the incoming blob. The same event twice is one document."""
    services.observe()
    with tracing.span("import_upload", kind="consumer"):
        await _import(blob, client)


async def _import(blob: func.InputStream, client: df.DurableOrchestrationClient) -> None:
    ports = services.ports()
    path = str(blob.name).removeprefix(f"{CONTAINER}/")
    data = blob.read()
    tenant_id, project_id, name = _parts(path)
    try:
        if not name:
            raise NotFound("The path is not tenant/project/name.")
        document, _ = await register_document(tenant_id, project_id, name, data, ports)
    except NotFound as error:
        await _reject(path, data, str(error), ports)
        return
    document = await start_again(client, document, ports)
    await start_import(client, document, ports.limits)
    await ports.blobs.delete(CONTAINER, path)


def _parts(path: str) -> tuple[str, str, str]:
    """Tenant, project and name; empty where the path does not have the form."""
    tenant_id, _, rest = path.partition("/")
    project_id, _, name = rest.partition("/")
    try:
        return str(uuid.UUID(tenant_id)), str(uuid.UUID(project_id)), name
    except ValueError:
        return "", "", ""


async def _reject(path: str, data: bytes, reason: str, ports: Ports) -> None:
    """Nothing is lost: what belongs nowhere is kept aside, with the reason, beside others of the same name."""
    aside = path
    if await ports.blobs.exists("rejected", aside) and await ports.blobs.get("rejected", aside) != data:
        aside = f"{path}.{content_hash(data)[:12]}"
    await ports.blobs.put("rejected", aside, data, metadata={"reason": reason})
    await ports.blobs.delete(CONTAINER, path)
    log_event("upload_rejected", reason=reason)
