"""Requests that were given up: kept, looked at, and sent again when the outage is over."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from localhost.stack import Stack
from tests.app.test_batches import ended, form, ingest, new_batch, notes
from tests.support.app import Json, RunningApp, model
from tests.support.model_server import ModelServer, behaviours

COUNT = 100


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[ModelServer]:
    """A model that can be made to fail."""
    async with ModelServer() as running:
        yield running


@pytest.fixture(scope="module")
async def app(stack: Stack, tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> AsyncIterator[RunningApp]:
    """An app with that model, a batch of which may hold 150 items."""
    folder = tmp_path_factory.mktemp("letters-app")
    settings = model(server.base_url) | {"STAGE_RETRY_DELAYS": "0", "IMPORTS_MAX_ITEMS_PER_BATCH": "150"}
    async with RunningApp(stack, folder, settings) as running:
        yield running


async def letters(app: RunningApp, count: int, query: str = "limit=500") -> list[Json]:
    """So many dead letters, once they are there."""

    async def there() -> bool:
        return len((await app.get(f"dead-letters?{query}"))["items"]) >= count

    await app.until(there, f"there are {count} dead letters")
    return list((await app.get(f"dead-letters?{query}"))["items"])


@pytest.mark.slow
async def test_a_hundred_documents_that_an_outage_failed_are_replayed_with_one_call_and_complete_once(
    app: RunningApp, server: ModelServer
) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    server.always(behaviours.failing)
    await ingest(app, batch_id, data=form(*notes(*(f"Person {n}" for n in range(COUNT)))))
    status = await ended(app, batch_id)
    assert (status["failed"], status["by_error"]) == (COUNT, {"unavailable": COUNT})
    found = await letters(app, COUNT)
    assert len(found) == COUNT
    assert {(one["kind"], one["stage"], one["error_code"]) for one in found} == {("import", "index", "unavailable")}
    whole = await app.get(f"dead-letters/{found[0]['dead_letter_id']}")
    assert whole["payload"]["document_id"] == whole["subject"]
    assert whole["payload"]["project_id"] == whole["project_id"] == project_id
    assert (whole["attempts"], whole["state"]) == (2, "open")
    assert [step["status"] for step in whole["trace"]] == ["retrying", "retrying", "index_failed"]

    server.rules_clear()
    first = await app.ask("POST", "dead-letters/replay", json={"error": "unavailable"})
    again = await app.ask("POST", "dead-letters/replay", json={"error": "unavailable"})
    assert (first.status, first.body, again.body) == (202, {"replayed": COUNT}, {"replayed": 0})
    status = await ended(app, batch_id)
    assert (status["total"], status["done"], status["failed"]) == (COUNT, COUNT, 0)
    twice = await app.rows(
        "select document_id, count(*)::int as n from stage_events join batch_items using (document_id) "
        "where batch_id = $1 and status = 'completed' group by document_id having count(*) <> 1",
        batch_id,
    )
    assert twice == []
    assert (await app.get("dead-letters"))["items"] == []
    assert len((await app.get("dead-letters?state=replayed&limit=500"))["items"]) == COUNT


async def test_one_is_replayed_once_or_discarded_for_good(app: RunningApp, server: ModelServer) -> None:
    project_id = await app.create_project(language="en")
    server.always(behaviours.failing)
    documents = await app.import_files(project_id, *notes("Olga", "Petra"))
    found = {one["subject"]: one["dead_letter_id"] for one in await letters(app, 2)}
    server.rules_clear()
    olga, petra = (found[document["document_id"]] for document in documents)
    for _ in range(2):
        answer = await app.ask("POST", f"dead-letters/{olga}/replay")
        assert (answer.status, answer.body["state"], answer.body["settled_by"]) == (202, "replayed", "demo")
    assert (await app.wait_for_document(documents[0]["document_id"]))["status"] == "completed"
    assert (await app.ask("POST", f"dead-letters/{olga}/discard")).status == 409
    for _ in range(2):
        answer = await app.ask("POST", f"dead-letters/{petra}/discard")
        assert (answer.status, answer.body["state"]) == (200, "discarded")
    assert (await app.ask("POST", f"dead-letters/{petra}/replay")).status == 409
    assert (await app.get(f"documents/{documents[1]['document_id']}"))["status"] == "index_failed"


async def test_a_batch_that_is_tried_again_settles_its_dead_letters(app: RunningApp, server: ModelServer) -> None:
    project_id = await app.create_project(language="en")
    batch_id = await new_batch(app, project_id)
    server.always(behaviours.failing)
    await ingest(app, batch_id, data=form(*notes("Quirina", "Rita")))
    assert (await ended(app, batch_id))["failed"] == 2
    await letters(app, 2)
    server.rules_clear()
    nothing = await app.ask("POST", f"batches/{batch_id}/retry", json={"stage": "ocr"})
    assert nothing.body["enqueued"] == 0
    answers = [await app.ask("POST", f"batches/{batch_id}/retry", json={"stage": "index"}) for _ in range(2)]
    assert answers[0].body["enqueued"] == 2
    assert (await ended(app, batch_id))["done"] == 2
    assert (await app.get("dead-letters"))["items"] == []


async def test_a_message_that_nobody_can_deal_with_becomes_a_dead_letter(app: RunningApp) -> None:
    missing = {"tenant_id": app.tenant, "project_id": str(uuid.uuid4()), "document_id": str(uuid.uuid4())}
    bodies = [
        "{ this is no JSON",
        '{"MessageId": "x", "State": "open", "To": "nobody"}',
        str(missing).replace("'", '"'),
    ]
    async with (
        ServiceBusClient.from_connection_string(app.bus.connection) as client,
        client.get_queue_sender("document-imports") as sender,
    ):
        for number, body in enumerate(bodies):
            await sender.send_messages(ServiceBusMessage(body, message_id=f"poison-{number}"))
    found = await letters(app, 3, "kind=message")
    assert {one["subject"] for one in found} == {"poison-0", "poison-1", "poison-2"}
    assert {(one["queue"], one["error_code"]) for one in found} == {("document-imports", "MaxDeliveryCountExceeded")}
    by_subject = {one["subject"]: one["dead_letter_id"] for one in found}
    assert (await app.get(f"dead-letters/{by_subject['poison-0']}"))["payload"] == {"text": bodies[0]}
    assert (await app.get(f"dead-letters/{by_subject['poison-2']}"))["payload"] == missing
    replayed = await app.ask("POST", f"dead-letters/{by_subject['poison-2']}/replay")
    assert replayed.status == 202
    again = await letters(app, 3, "kind=message")
    assert len([one for one in again if one["subject"].startswith("replay-")]) == 1


async def test_other_tenants_letters_do_not_exist(app: RunningApp, server: ModelServer) -> None:
    project_id = await app.create_project(language="en")
    server.always(behaviours.failing)
    [document] = await app.import_files(project_id, *notes("Sonja"))
    [letter] = [one for one in await letters(app, 1, "kind=import") if one["subject"] == document["document_id"]]
    server.rules_clear()
    other = {"X-Tenant-Id": str(uuid.uuid4())}
    for method, path in (("GET", ""), ("POST", "/replay"), ("POST", "/discard")):
        answer = await app.ask(method, f"dead-letters/{letter['dead_letter_id']}{path}", headers=other)
        assert answer.status == 404
    assert (await app.get("dead-letters", headers=other))["items"] == []


async def test_a_batch_takes_no_more_items_than_it_may_hold(app: RunningApp) -> None:
    batch_id = await new_batch(app, await app.create_project(language="en"))
    many = [f"{n}.txt" for n in range(151)]
    answer = await app.ask("POST", f"batches/{batch_id}/ingest", json={"blobs": many})
    assert (answer.status, answer.body["code"]) == (400, "too_many_items")
    assert (await app.get(f"batches/{batch_id}/status"))["total"] == 0
    for _ in range(2):  # what is there already counts once
        assert (await ingest(app, batch_id, json={"blobs": many[:150]}))["registered"] == 150
    answer = await app.ask("POST", f"batches/{batch_id}/ingest", data=form(*notes("Tilda")))
    assert (answer.status, answer.body["code"]) == (400, "too_many_items")
