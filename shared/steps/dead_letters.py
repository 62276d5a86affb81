"""Dead letters: burying a request, keeping what the queue holds, sending again, discarding."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.domain import ids
from shared.domain.dead_letters import (
    BLOB,
    DEAD_LETTERS_QUEUE,
    DISCARDED,
    IMPORT,
    IMPORTS_QUEUE,
    MESSAGE,
    OPEN,
    REPLAYED,
    THEORY,
    THEORY_QUEUE,
    Burial,
    DeadLetter,
    LetterFilter,
)
from shared.domain.errors import Conflict, Forbidden, NotFound
from shared.domain.runs import QUEUED, Principal, Run
from shared.ports import Ports, WorkMessage
from shared.steps.events import log_event
from shared.steps.outcomes import Outcome, outcome_of
from shared.steps.requests import enqueue, first_id, import_request, theory_request

REASON, DESCRIPTION = "DeadLetterReason", "DeadLetterErrorDescription"
QUEUE_OF = {IMPORT: IMPORTS_QUEUE, THEORY: THEORY_QUEUE}
LONGEST_TEXT = 64_000
# Letters that one call of `replay_letters` looks at before it asks for more.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Received:
    """A message of queue `dead-letters`, as its trigger got it; `source` is the queue that it was dead-lettered in."""

    message_id: str
    body: bytes
    properties: Mapping[str, Any]
    source: str | None = None


async def bury_request(job: Burial, ports: Ports) -> Outcome:
    """Send the original request to the dead letters, with the reason and the description. Twice is one letter."""
    return await outcome_of(_bury(job, ports))


async def _bury(job: Burial, ports: Ports) -> Outcome:
    properties: dict[str, str | int] = {
        REASON: job.error,
        DESCRIPTION: job.message[:1000],
        "kind": job.kind,
        "subject": job.subject,
        "stage": job.stage or "",
        "tries": job.tries,
        "request": job.request_id,
    }
    await ports.work.send(DEAD_LETTERS_QUEUE, [WorkMessage(f"dead-{job.request_id}", job.request, properties)])
    log_event("request_buried", tenant=job.tenant_id, kind=job.kind, subject=job.subject, error=job.error)
    return {}


async def keep_letter(received: Received, ports: Ports) -> DeadLetter:
    """Write what the queue holds into the table: a request that was given up, or a message nobody could deal with."""
    letter = _letter(received, ports)
    async with ports.store.tenant(letter.tenant_id) as tx:
        await tx.dead_letters.keep(letter)
    log_event("dead_letter_kept", tenant=letter.tenant_id, kind=letter.kind, error=letter.error_code)
    return letter


async def keep_blob(path: str, aside: str, reason: str, ports: Ports) -> None:
    """A file that belongs nowhere: it lies at `aside` in container `rejected`, and its letter says why."""
    tenant_id = _uuid(path.partition("/")[0]) or ports.limits.fleet_tenant
    letter = DeadLetter(
        ids.dead_letter_id(tenant_id, f"blob/{aside}"), tenant_id, BLOB, path, "", {"path": path, "rejected": aside},
        "not_found", reason,
    )  # fmt: skip
    async with ports.store.tenant(tenant_id) as tx:
        await tx.dead_letters.keep(letter)


async def replay_letter(who: Principal, dead_letter_id: str, ports: Ports) -> DeadLetter:
    """Send one again. One that was sent again before stays as it is. Raises Conflict when it was discarded."""
    _check_operator(who)
    async with ports.store.tenant(who.tenant_id) as tx:
        letter = await tx.dead_letters.get(dead_letter_id)
    if letter.state == DISCARDED:
        raise Conflict("The dead letter was discarded.")
    if letter.state == OPEN and not await _replay(who, [letter], ports):
        raise Conflict("Another run is under way in the project. Replay it when that has ended.")
    async with ports.store.tenant(who.tenant_id) as tx:
        return await tx.dead_letters.get(dead_letter_id)


async def replay_letters(who: Principal, wanted: LetterFilter, ports: Ports) -> int:
    """Send all that are open and wanted again; how many there were. Runs of a project that is busy stay open."""
    _check_operator(who)
    wanted, replayed, after = replace(wanted, state=OPEN), 0, None
    while True:
        async with ports.store.tenant(who.tenant_id) as tx:
            letters = await tx.dead_letters.listing(wanted, after, AT_ONCE)
        if not letters:
            return replayed
        after = letters[-1].dead_letter_id
        replayed += len(await _replay(who, letters, ports))


async def discard_letter(who: Principal, dead_letter_id: str, ports: Ports) -> DeadLetter:
    """Nothing more is to come of it; it stays on record."""
    _check_operator(who)
    async with ports.store.tenant(who.tenant_id) as tx:
        letter = await tx.dead_letters.get(dead_letter_id, lock=True)
        if letter.state == REPLAYED:
            raise Conflict("The dead letter was sent again.")
        await tx.dead_letters.settle([dead_letter_id], DISCARDED, who.subject)
        return await tx.dead_letters.get(dead_letter_id)


async def list_letters(
    who: Principal, wanted: LetterFilter, after: str | None, limit: int, ports: Ports
) -> list[DeadLetter]:
    """A page, newest first."""
    _check_operator(who)
    async with ports.store.tenant(who.tenant_id) as tx:
        return await tx.dead_letters.listing(wanted, after, limit)


async def find_letter(who: Principal, dead_letter_id: str, ports: Ports) -> DeadLetter:
    """The letter with payload and trace."""
    _check_operator(who)
    async with ports.store.tenant(who.tenant_id) as tx:
        return await tx.dead_letters.get(dead_letter_id)


async def _replay(who: Principal, letters: Sequence[DeadLetter], ports: Ports) -> list[str]:
    """First what follows from each, which may be done twice, then the mark that it was done; gives the ids."""
    await _replay_imports(who, [letter for letter in letters if letter.kind == IMPORT], ports)
    done = [letter.dead_letter_id for letter in letters if await _replayed(letter, ports)]
    async with ports.store.tenant(who.tenant_id) as tx:
        await tx.dead_letters.settle(done, REPLAYED, who.subject)
    return done


async def _replayed(letter: DeadLetter, ports: Ports) -> bool:
    if letter.kind == THEORY:
        return await _replay_run(letter, ports)
    if letter.kind == BLOB:
        await _replay_blob(letter, ports)
    elif letter.kind == MESSAGE:
        text = letter.payload.get("text") if letter.payload.keys() == {"text"} else None
        body = letter.payload if text is None else str(text).encode()
        await ports.work.send(letter.queue, [WorkMessage(f"replay-{letter.dead_letter_id}", body)])
    return True


async def _replay_imports(who: Principal, letters: Sequence[DeadLetter], ports: Ports) -> None:
    """Documents that failed are pending again; one that was sent again otherwise, or is gone, is left alone."""
    if not letters:
        return
    async with ports.store.tenant(who.tenant_id) as tx:
        documents = await tx.dead_letters.restart_failed([letter.subject for letter in letters])
    await enqueue(IMPORTS_QUEUE, [import_request(document) for document in documents], ports)


async def _replay_run(letter: DeadLetter, ports: Ports) -> bool:
    """A new run of the same request, under an id that derives from the letter; False while the project is busy."""
    run_id = ids.replayed_run_id(letter.dead_letter_id)
    async with ports.store.tenant(letter.tenant_id) as tx:
        failed = await tx.runs.get(letter.subject)
        try:
            run = await tx.runs.get(run_id)
        except NotFound:
            token = ids.derived("token", run_id)
            held = await tx.runs.take_lease(failed.project_id, run_id, token, ports.limits.lease_ttl)
            if held is not None:
                return False
            request = {key: value for key, value in failed.request.items() if key != "documents"}
            run = Run(
                run_id, letter.tenant_id, failed.project_id, failed.kind, QUEUED, token, request=request,
                created_by=failed.created_by,
            )  # fmt: skip
            await tx.runs.create(run)
    await enqueue(THEORY_QUEUE, [theory_request(run)], ports)
    return True


async def _replay_blob(letter: DeadLetter, ports: Ports) -> None:
    """Back to where the blob trigger looks; a second time there is nothing left to bring back."""
    aside, path = str(letter.payload["rejected"]), str(letter.payload["path"])
    try:
        data = await ports.blobs.get("rejected", aside)
    except NotFound:
        return
    await ports.blobs.put("uploads", path, data)
    await ports.blobs.delete("rejected", aside)


def _letter(received: Received, ports: Ports) -> DeadLetter:
    said, payload = received.properties, _payload(received.body)
    tenant_id = _uuid(payload.get("tenant_id")) or ports.limits.fleet_tenant
    kind = str(said.get("kind") or MESSAGE)
    request = str(said.get("request") or first_id(received.message_id))
    return DeadLetter(
        ids.dead_letter_id(tenant_id, request), tenant_id, kind, str(said.get("subject") or request),
        QUEUE_OF.get(kind) or received.source or DEAD_LETTERS_QUEUE, payload,
        str(said.get(REASON) or "unknown"), str(said.get(DESCRIPTION) or ""),
        project_id=_uuid(payload.get("project_id")), stage=str(said.get("stage") or "") or None,
        attempts=int(said.get("tries") or 0),
    )  # fmt: skip


def _payload(body: bytes) -> dict[str, Any]:
    """The body's JSON object; what is none is kept as text."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"text": body[:LONGEST_TEXT].decode("utf-8", "replace")}


def _uuid(value: object) -> str | None:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return None


def _check_operator(who: Principal) -> None:
    if "operator" not in who.roles:
        raise Forbidden("Dead letters are for operators.")
