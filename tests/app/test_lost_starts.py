"""What was accepted is done, even when its orchestration was never started or has gone."""

from __future__ import annotations

import hashlib
import uuid
from types import SimpleNamespace

import pytest

from shared.adapters.postgres import Database
from shared.domain import ids
from shared.steps.corrections import correct_record
from tests.app.test_records import invoice
from tests.app.test_theory import talk
from tests.support.app import Json, RunningApp


@pytest.mark.slow
async def test_what_was_accepted_and_not_started_is_started(app: RunningApp) -> None:
    waiting_document, waiting_run = await app.create_project(), await app.create_project(language="en")
    await app.import_files(waiting_run, talk("Rosa"))
    document_id = await _register(app, waiting_document, *talk("Quima"))
    run_id = await _accept(app, waiting_run)
    refused = await app.ask("POST", f"projects/{waiting_run}/generate-theory")
    assert (refused.status, refused.body["task_id"]) == (409, run_id)
    assert (await app.wait_for_document(document_id))["status"] == "completed"
    assert (await app.wait_for_run(waiting_run, run_id))["status"] == "completed"


@pytest.mark.slow
async def test_a_correction_that_was_accepted_and_not_started_is_carried_out(app: RunningApp) -> None:
    [document] = await app.import_files(await app.create_project(), ("factura.txt", invoice("F-77", "150,00")))
    assert document["status"] == "needs_review"
    document_id = document["document_id"]
    await _correct(app, document_id, {"total": "121.00"})
    document = await app.wait_for_document(document_id)
    assert (document["status"], document["record"]["version"]) == ("completed", 2)
    told = [event["status"] for event in document["events"]]
    assert (told.count("ocr_completed"), told.count("validated")) == (1, 2)


@pytest.mark.parametrize("purge", [False, True])
async def test_a_document_whose_import_is_gone_is_imported_when_it_is_sent_again(app: RunningApp, purge: bool) -> None:
    project_id = await app.create_project()
    name, data = talk(f"Sara {purge}")
    [document] = await app.import_files(project_id, (name, data))
    document_id = document["document_id"]
    # As if the orchestration had been ended from outside while the document was being read.
    await app.rows("update documents set status = 'ocr_processing', stage = 'ocr' where document_id = $1", document_id)
    if purge:
        instance = f"{app.rpc_url}/durabletask/instances/import-{document_id}"
        (await app.http.delete(instance)).raise_for_status()
    [receipt] = await app.upload(project_id, (name, data))
    assert (receipt["duplicate_of"], receipt["status"]) == (document_id, "pending")
    assert (await app.wait_for_document(document_id))["status"] == "completed"
    assert len((await app.get(f"projects/{project_id}/documents"))["items"]) == 1


async def _correct(app: RunningApp, document_id: str, patch: Json) -> None:
    """A document as it is after the host died between accepting its correction and starting it."""
    store = Database(app.database_url, size=1, overflow=0, timeout=20, recycle=300)
    try:
        async with store.tenant(app.tenant) as tx:
            document = await tx.documents.get(document_id)
        ports: Json = SimpleNamespace(store=store)
        assert (await correct_record(document, patch, "demo", None, ports)).anything
    finally:
        await store.close()
    await app.rows("update documents set updated_at = now() - interval '1 minute' where document_id = $1", document_id)


async def _register(app: RunningApp, project_id: str, name: str, data: bytes) -> str:
    """A document as it is after the host died between accepting and starting it."""
    sha256 = hashlib.sha256(data).hexdigest()
    document_id = ids.document_id(project_id, sha256)
    await app.blobs.get_blob_client("documents", f"{app.tenant}/{document_id}/original").upload_blob(data)
    await app.rows(
        "insert into documents (document_id, tenant_id, project_id, name, sha256, size, updated_at) "
        "values ($1, $2, $3, $4, $5, $6, now() - interval '1 minute')",
        document_id, app.tenant, project_id, name, sha256, len(data),
    )  # fmt: skip
    return document_id


async def _accept(app: RunningApp, project_id: str) -> str:
    """A run as it is after the host died between accepting and starting it."""
    run_id, token = str(uuid.uuid4()), str(uuid.uuid4())
    await app.rows(
        "insert into runs (run_id, tenant_id, project_id, kind, token, created_by, created_at) "
        "values ($1, $2, $3, 'theory', $4, 'demo', now() - interval '1 minute')",
        run_id, app.tenant, project_id, token,
    )  # fmt: skip
    await app.rows(
        "insert into project_leases (project_id, tenant_id, run_id, token, expires_at) "
        "values ($1, $2, $3, $4, now() + interval '15 minutes')",
        project_id, app.tenant, run_id, token,
    )  # fmt: skip
    return run_id
