"""Dead letters against the real database."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.dead_letters import DEAD_LETTERS_QUEUE, IMPORTS_QUEUE, THEORY_QUEUE, Burial, DeadLetter, LetterFilter
from shared.domain.errors import Conflict, Forbidden, NoQueue, NotFound, Unavailable
from shared.domain.runs import Principal
from shared.steps import dead_letters
from shared.steps.dead_letters import Received, keep_letter
from tests.support.database import Study
from tests.support.fakes import Fakes, said


def operator(study: Study) -> Principal:
    return Principal(study.tenant_id, "olga", "olga", frozenset({"operator"}))


async def burial(study: Study, name: str = "a", error: str = "timeout") -> Burial:
    """A document whose stage has failed, as the last activity is told of it."""
    document = await study.document(name.encode(), f"{name}.txt")
    async with study.tenant() as tx:
        await tx.documents.end(document.document_id, "ocr", "ocr_failed", error, "Too slow.")
    request = {
        "tenant_id": study.tenant_id, "project_id": study.project_id, "document_id": document.document_id,
    }  # fmt: skip
    instance = ids.import_instance(document.document_id)
    return Burial(study.tenant_id, instance, "import", document.document_id, request, "ocr", error, "Too slow.", 4)


async def bury(study: Study, outside: Fakes, job: Burial) -> DeadLetter:
    """From the activity through the queue into the table."""
    assert await dead_letters.bury_request(job, outside.ports) == {"status": "done"}
    queue, message, _ = outside.work.sent[-1]
    assert queue == DEAD_LETTERS_QUEUE
    return await keep_letter(
        Received(message.id, json.dumps(said(message)).encode(), message.properties), outside.ports
    )


async def open_letters(study: Study, outside: Fakes, **wanted: Any) -> list[DeadLetter]:
    return await dead_letters.list_letters(operator(study), LetterFilter(**wanted), None, 100, outside.ports)


async def test_a_request_is_sent_with_its_reason_and_description(study: Study, outside: Fakes) -> None:
    job = await burial(study)
    await dead_letters.bury_request(job, outside.ports)
    [(queue, message, _)] = outside.work.sent
    assert (queue, message.body) == (DEAD_LETTERS_QUEUE, job.request)
    assert message.properties["DeadLetterReason"] == "timeout"
    assert message.properties["DeadLetterErrorDescription"] == "Too slow."


@pytest.mark.parametrize(("error", "status"), [(Unavailable(), "retry"), (NoQueue(), "failed")])
async def test_a_queue_that_does_not_take_it_is_said(
    study: Study, outside: Fakes, error: Exception, status: str
) -> None:
    outside.work.error = error
    assert (await dead_letters.bury_request(await burial(study), outside.ports))["status"] == status


async def test_a_letter_holds_the_request_and_what_happened_to_it(study: Study, outside: Fakes) -> None:
    job = await burial(study)
    kept = await bury(study, outside, job)
    letter = await dead_letters.find_letter(operator(study), kept.dead_letter_id, outside.ports)
    assert (letter.payload, letter.queue, letter.kind) == (job.request, IMPORTS_QUEUE, "import")
    assert (letter.stage, letter.error_code, letter.message, letter.attempts) == ("ocr", "timeout", "Too slow.", 4)
    assert [(step["stage"], step["status"], step["error_code"]) for step in letter.trace] == [
        ("ocr", "ocr_failed", "timeout")
    ]
    assert letter.project_id == study.project_id


async def test_the_same_letter_twice_is_one_and_was_seen_again(study: Study, outside: Fakes) -> None:
    job = await burial(study)
    first, second = [await bury(study, outside, job) for _ in range(2)]
    assert first.dead_letter_id == second.dead_letter_id
    [letter] = await open_letters(study, outside)
    assert letter.first_seen is not None
    assert letter.last_seen is not None
    assert letter.first_seen < letter.last_seen


async def test_a_letter_that_comes_again_after_it_was_dealt_with_stays_dealt_with(study: Study, outside: Fakes) -> None:
    job = await burial(study)
    letter = await bury(study, outside, job)
    await dead_letters.discard_letter(operator(study), letter.dead_letter_id, outside.ports)
    await bury(study, outside, job)
    assert await open_letters(study, outside) == []


async def test_letters_are_found_by_kind_stage_and_error(study: Study, outside: Fakes) -> None:
    for name, error in (("a", "timeout"), ("b", "unavailable"), ("c", "timeout")):
        await bury(study, outside, await burial(study, name, error))
    assert len(await open_letters(study, outside, error="timeout")) == 2
    assert len(await open_letters(study, outside, stage="ocr")) == 3
    assert await open_letters(study, outside, stage="index") == []
    assert await open_letters(study, outside, kind="theory") == []
    page = await dead_letters.list_letters(operator(study), LetterFilter(), None, 2, outside.ports)
    rest = await dead_letters.list_letters(operator(study), LetterFilter(), page[-1].dead_letter_id, 2, outside.ports)
    assert len({letter.dead_letter_id for letter in [*page, *rest]}) == 3


async def test_replaying_a_class_sends_each_document_once(study: Study, outside: Fakes) -> None:
    for name, error in (("a", "timeout"), ("b", "unavailable"), ("c", "timeout")):
        await bury(study, outside, await burial(study, name, error))
    outside.work.sent.clear()
    wanted = LetterFilter(error="timeout")
    assert await dead_letters.replay_letters(operator(study), wanted, outside.ports) == 2
    assert await dead_letters.replay_letters(operator(study), wanted, outside.ports) == 0
    assert [queue for queue, _, _ in outside.work.sent] == [IMPORTS_QUEUE] * 2
    assert all(message.id.endswith("-1") for _, message, _ in outside.work.sent)
    assert [letter.error_code for letter in await open_letters(study, outside)] == ["unavailable"]
    assert {letter.settled_by for letter in await open_letters(study, outside, state="replayed")} == {"olga"}


async def test_a_document_that_was_sent_again_otherwise_is_left_alone(study: Study, outside: Fakes) -> None:
    job = await burial(study)
    letter = await bury(study, outside, job)
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute("update documents set status = 'completed' where document_id = $1", job.subject)
    outside.work.sent.clear()
    replayed = await dead_letters.replay_letter(operator(study), letter.dead_letter_id, outside.ports)
    assert (replayed.state, outside.work.sent) == ("replayed", [])
    assert (await study.read(job.subject)).attempt == 0


async def test_a_failed_run_becomes_one_new_run_however_often_it_is_replayed(study: Study, outside: Fakes) -> None:
    run = await study.run({"research_question": "¿Qué cambia?", "documents": ["x"]})
    async with study.tenant() as tx:
        await tx.runs.finish(run.run_id, "failed", "timeout", "Slow.")
    request = {"tenant_id": study.tenant_id, "project_id": study.project_id, "run_id": run.run_id}
    job = Burial(study.tenant_id, f"theory-{run.run_id}", "theory", run.run_id, request, None, "timeout", "Slow.")
    letter = await bury(study, outside, job)
    outside.work.sent.clear()
    for _ in range(2):
        await dead_letters.replay_letter(operator(study), letter.dead_letter_id, outside.ports)
    [(queue, message, _)] = outside.work.sent
    new_run = ids.replayed_run_id(letter.dead_letter_id)
    assert (queue, said(message)["run_id"]) == (THEORY_QUEUE, new_run)
    async with study.tenant() as tx:
        again = await tx.runs.get(new_run)
    assert (again.status, again.request) == ("queued", {"research_question": "¿Qué cambia?"})


async def test_a_run_is_not_replayed_while_another_has_its_project(study: Study, outside: Fakes) -> None:
    run = await study.run()
    async with study.tenant() as tx:
        await tx.runs.finish(run.run_id, "failed", "timeout", "Slow.")
    request = {"tenant_id": study.tenant_id, "project_id": study.project_id, "run_id": run.run_id}
    job = Burial(study.tenant_id, f"theory-{run.run_id}", "theory", run.run_id, request, None, "timeout", "Slow.")
    letter = await bury(study, outside, job)
    await study.run()
    with pytest.raises(Conflict, match="Another run"):
        await dead_letters.replay_letter(operator(study), letter.dead_letter_id, outside.ports)
    assert await dead_letters.replay_letters(operator(study), LetterFilter(), outside.ports) == 0
    assert len(await open_letters(study, outside)) == 1


async def test_a_poison_message_is_kept_with_the_queue_that_it_comes_from_and_sent_there_again(
    study: Study, outside: Fakes
) -> None:
    body = b'{"tenant_id": "%s", "what": 1}' % study.tenant_id.encode()
    said = {"DeadLetterReason": "MaxDeliveryCountExceeded", "DeadLetterErrorDescription": "Ten times."}
    kept = [await keep_letter(Received(name, body, said, "theory-requests"), outside.ports) for name in ("m", "m~3")]
    assert len({letter.dead_letter_id for letter in kept}) == 1  # a copy that was sent later is the same message
    letter = kept[0]
    assert (letter.kind, letter.tenant_id, letter.queue) == ("message", study.tenant_id, "theory-requests")
    await dead_letters.replay_letter(operator(study), letter.dead_letter_id, outside.ports)
    [(queue, message, _)] = outside.work.sent
    assert (queue, message.body) == ("theory-requests", {"tenant_id": study.tenant_id, "what": 1})


@pytest.mark.parametrize("body", [b"\xff\xfe no text", b"[1, 2]", b"null", b'{"tenant_id": 7}', b"", b"[" * 100_000])
async def test_a_message_that_belongs_to_nobody_goes_to_the_fleet_s_tenant(
    study: Study, outside: Fakes, body: bytes
) -> None:
    letter = await keep_letter(Received(ids.derived("m", study.tenant_id), body, {}), outside.ports)
    assert letter.tenant_id == outside.ports.limits.fleet_tenant
    assert (letter.kind, letter.error_code) == ("message", "unknown")


async def test_a_file_that_belonged_nowhere_is_brought_back(study: Study, outside: Fakes) -> None:
    path = f"{study.tenant_id}/nowhere/a.txt"
    await outside.blobs.put("rejected", path, b"data")
    await dead_letters.keep_blob(path, path, "There is no such project here.", outside.ports)
    [letter] = await open_letters(study, outside, kind="blob")
    await dead_letters.replay_letter(operator(study), letter.dead_letter_id, outside.ports)
    assert outside.blobs.files == {("uploads", path): b"data"}


async def test_dead_letters_are_for_operators_of_their_tenant(study: Study, outside: Fakes) -> None:
    letter = await bury(study, outside, await burial(study))
    reader = Principal(study.tenant_id, "rita", "rita", frozenset({"reader", "researcher"}))
    stranger = operator(await Study.begin(study.database))
    for who, error in ((reader, Forbidden), (stranger, NotFound)):
        for step in (dead_letters.find_letter, dead_letters.replay_letter, dead_letters.discard_letter):
            with pytest.raises(error):
                await step(who, letter.dead_letter_id, outside.ports)
    with pytest.raises(Forbidden):
        await dead_letters.list_letters(reader, LetterFilter(), None, 10, outside.ports)
    with pytest.raises(Forbidden):
        await dead_letters.replay_letters(reader, LetterFilter(), outside.ports)
    assert await dead_letters.replay_letters(stranger, LetterFilter(), outside.ports) == 0
