"""Requests from queues: what cannot be done now comes later, and what was parked is started."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from azure.functions import ServiceBusMessage
from pydantic import ValidationError

from functions.triggers import work_queues
from functions.triggers.starts import NotStarted, start_or_park
from shared import services
from shared.domain.dead_letters import THEORY_QUEUE
from shared.domain.errors import NotFound, Unavailable
from shared.steps.requests import MOST_POSTPONED, theory_request
from tests.support.database import Study, database, migrated_url, study
from tests.support.fakes import Fakes, fakes, said
from tests.triggers.test_starts import client

__all__ = ["database", "migrated_url", "study"]


class Message(ServiceBusMessage):
    """As much of a message as the triggers read."""

    def __init__(self, body: bytes, message_id: str | None = "m", **properties: Any) -> None:
        self._body, self._id, self._properties = body, message_id, properties

    def get_body(self) -> bytes:
        return self._body

    @property
    def message_id(self) -> str | None:  # type: ignore[override]  # as the worker gives it, whatever the SDK says
        return self._id

    @property
    def application_properties(self) -> dict[str, Any]:
        return self._properties

    @property
    def dead_letter_source(self) -> str | None:
        return None

    @property
    def sequence_number(self) -> int:
        return 7

    @property
    def enqueued_time_utc(self) -> None:
        return None


@pytest.fixture
def outside(study: Study, monkeypatch: pytest.MonkeyPatch) -> Fakes:
    """The outside in memory, as the triggers find it."""
    found = fakes(study.database)
    monkeypatch.setattr(services, "ports", lambda: found.ports)
    return found


def call(name: str) -> Any:
    """A trigger's own function."""
    function = getattr(work_queues, name)._function._func
    return getattr(function, "__wrapped__", function)  # without the SDK's making of a client


async def test_a_run_that_the_backend_refuses_is_parked_and_started_from_the_queue(
    study: Study, outside: Fakes
) -> None:
    run = await study.run()
    refusing = client(error=ValueError("no backend"))
    assert await start_or_park(refusing, run, outside.ports) == "queued"
    [(queue, message, _)] = outside.work.sent
    assert queue == THEORY_QUEUE
    durable = client()
    body = json.dumps(said(message)).encode()
    for _ in range(2):
        await call("start_parked_run")(Message(body, message.id), durable)
        durable.status = "Running"
    assert [(name, instance) for name, instance, _ in durable.started] == [("generate_theory", f"theory-{run.run_id}")]


async def test_a_run_that_is_taken_is_not_parked(study: Study, outside: Fakes) -> None:
    assert await start_or_park(client(), await study.run(), outside.ports) == "durable"
    assert outside.work.sent == []


async def test_a_run_that_can_be_neither_started_nor_parked_is_accepted_all_the_same(
    study: Study, outside: Fakes
) -> None:
    outside.work.error = Unavailable()
    assert await start_or_park(client(error=ValueError()), await study.run(), outside.ports) == "queued"


async def test_a_run_that_was_cancelled_while_it_was_parked_is_not_started(study: Study, outside: Fakes) -> None:
    run = await study.run()
    async with study.tenant() as tx:
        await tx.runs.finish(run.run_id, "canceled")
    durable = client()
    await call("start_parked_run")(Message(json.dumps(said(theory_request(run))).encode()), durable)
    assert durable.started == []


async def test_what_cannot_be_done_now_is_sent_again_to_come_later_and_later(study: Study, outside: Fakes) -> None:
    body = json.dumps(said(theory_request(await study.run()))).encode()
    message = Message(body, "theory-r", kept="as it is")
    delays = []
    for _ in range(10):
        await call("start_parked_run")(message, client(error=ValueError("no backend")))
        queue, copy, delay = outside.work.sent[-1]
        assert (queue, copy.body, copy.properties["kept"]) == (THEORY_QUEUE, body, "as it is")
        delays.append(delay)
        message = Message(body, copy.id, **copy.properties)
    assert delays == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert copy.id == "theory-r~10"


async def test_what_was_sent_again_for_more_than_a_day_and_what_cannot_be_sent_again_stays(
    study: Study, outside: Fakes
) -> None:
    body = json.dumps(said(theory_request(await study.run()))).encode()
    with pytest.raises(NotStarted):
        await call("start_parked_run")(Message(body, postponed=MOST_POSTPONED), client(error=ValueError()))
    outside.work.error = Unavailable("no broker")
    with pytest.raises(Unavailable, match="no broker"):
        await call("start_parked_run")(Message(body), client(error=ValueError()))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"tenant_id": "x"}', b"\xff"])
@pytest.mark.parametrize("name", ["start_requested_import", "start_parked_run"])
async def test_a_malformed_request_is_left_to_the_broker(outside: Fakes, name: str, body: bytes) -> None:
    with pytest.raises(ValidationError):
        await call(name)(Message(body), client())
    assert outside.work.sent == []


async def test_a_request_for_a_document_that_is_not_there_is_left_to_the_broker(study: Study, outside: Fakes) -> None:
    body = {"tenant_id": study.tenant_id, "project_id": study.project_id, "document_id": str(uuid.uuid4())}
    with pytest.raises(NotFound):
        await call("start_requested_import")(Message(json.dumps(body).encode()), client())


async def test_the_same_request_twice_starts_a_document_once(study: Study, outside: Fakes) -> None:
    document = await study.document()
    body = {"tenant_id": study.tenant_id, "project_id": study.project_id, "document_id": document.document_id}
    durable = client()
    for _ in range(2):
        await call("start_requested_import")(Message(json.dumps(body).encode()), durable)
        durable.status = "Running"
    assert [instance for _, instance, _ in durable.started] == [f"import-{document.document_id}"]


async def test_a_dead_letter_without_an_id_is_told_apart_by_its_place(study: Study, outside: Fakes) -> None:
    body = json.dumps({"tenant_id": study.tenant_id}).encode()
    await call("keep_dead_letter")(Message(body, None, DeadLetterReason="MaxDeliveryCountExceeded", source="q"))
    async with study.database.tenant_connection(study.tenant_id) as db:
        [row] = await db.fetch("select subject, queue, error_code from dead_letters")
    assert (row["subject"], row["queue"], row["error_code"]) == ("q-None-7", "q", "MaxDeliveryCountExceeded")
