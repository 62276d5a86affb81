"""Files dropped into container `uploads` under `{tenant_id}/{project_id}/{name}`."""

from __future__ import annotations

import os

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.starts import start_again, start_import
from shared import services, tracing
from shared.domain.errors import NotFound
from shared.steps.intake import register_document
from shared.steps.leftovers import parts_of, reject_upload

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
    tenant_id, project_id, name = parts_of(path)
    try:
        if not name:
            raise NotFound("The path is not tenant/project/name.")
        document, _ = await register_document(tenant_id, project_id, name, data, ports)
    except NotFound as error:
        await reject_upload(path, data, str(error), ports)
        return
    document = await start_again(client, document, ports)
    await start_import(client, document, ports.limits)
    await ports.blobs.delete(CONTAINER, path)
