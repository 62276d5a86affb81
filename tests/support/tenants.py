"""Tenants with a little of everything, and every question of the API about their ids."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.triggers.api import EVERYBODY, MACHINE, OPERATIONS, Operation
from shared.adapters.postgres import Database
from shared.domain import ids
from shared.domain.analysis import ProposedTheory
from shared.domain.batches import Batch
from shared.domain.codebook import Code
from shared.domain.dead_letters import DeadLetter
from tests.support.database import Study

Ids = Mapping[str, str]

ANALYST = {"name": "offline", "model": "", "prompt_version": "1", "suggests_only": True, "coder": "offline"}


@dataclass(frozen=True)
class Holder:
    """Somebody with a project, and the ids of what is in it."""

    tenant_id: str
    user: str
    ids: Ids


@dataclass(frozen=True)
class Question:
    """A request, ready to be sent to `/api/{path}`."""

    operation: Operation
    path: str
    query: Ids
    body: Any
    route: Mapping[str, str]
    headers: Ids


async def fill(database: Database, user: str, tenant_id: str | None = None) -> Holder:
    """A project of this user with a document, a batch, a run with its theory, a code and a dead letter."""
    study = await Study.begin(database, tenant_id, user=user)
    document = await study.document(uuid.uuid4().bytes)
    run = await study.run({"documents": [document.document_id], "research_question": "¿Por qué?"})
    batch = Batch(str(uuid.uuid4()), study.tenant_id, study.project_id, "", user)
    code = Code(str(uuid.uuid4()), "esperar", "esperar", "")
    letter = DeadLetter(
        ids.dead_letter_id(study.tenant_id, run.run_id), study.tenant_id, "import", document.document_id,
        "document-imports", {}, "timeout", project_id=study.project_id, stage="ocr",
    )  # fmt: skip
    async with study.tenant() as tx:
        await tx.batches.create(batch)
        await tx.records.put(document, "invoice", {"kind": "invoice", "number": "1"})
        await tx.codebook.add(run, ("offline", "", "1"), [code], [])
        theory_id = await tx.theories.put(run, ProposedTheory("T", "S", ()), "es", ANALYST)
        await tx.theories.complete(run, theory_id, {})
        await tx.dead_letters.keep(letter)
    found = {
        "project_id": study.project_id,
        "document_id": document.document_id,
        "task_id": run.run_id,
        "batch_id": batch.batch_id,
        "theory_id": theory_id,
        "dead_letter_id": letter.dead_letter_id,
        "code_id": code.code_id,
    }
    return Holder(study.tenant_id, user, found)


# What takes ids beyond its path, and what is needed to come as far as looking them up.
BODIES: dict[str, Callable[[Ids], Any]] = {
    "create_project": lambda _: {"name": "A"},
    "search": lambda i: {"query": "horario", "document_id": [i["document_id"]]},
    "request_theory": lambda i: {"document_ids": [i["document_id"]]},
    "correct": lambda _: {"number": "2"},
    "accept": lambda _: {"findings": [{"field": "number", "rule": "x"}], "reason": "because"},
    "create_batch": lambda i: {"project_id": i["project_id"]},
    "ingest": lambda i: {"documents": [i["document_id"]]},
    "retry_batch": lambda i: {"items": [{"document_id": i["document_id"]}]},
    "replay_dead_letters": lambda _: {"kind": "nothing"},
}
QUERIES: dict[str, Callable[[Ids], Ids]] = {
    "list_batches": lambda i: {"project_id": i["project_id"], "after": i["batch_id"]},
    "list_documents": lambda i: {"after": i["document_id"]},
    "list_records": lambda i: {"after": i["document_id"]},
    "list_runs": lambda i: {"after": i["task_id"]},
    "list_dead_letters": lambda i: {"after": i["dead_letter_id"]},
}


def question(operation: Operation, given: Ids) -> Question:
    """What an operation is asked about these ids."""
    route = {**given, "number": "1", "table": "records"}
    body = BODIES[operation.function](given) if operation.function in BODIES else {} if operation.body else None
    headers = {"Content-Disposition": "attachment; filename=a.txt"} if operation.function == "upload_documents" else {}
    query = QUERIES[operation.function](given) if operation.function in QUERIES else {}
    return Question(operation, operation.path.format(**route), query, body, route, headers)


def questions(
    own: Holder, others: Holder, skipped: frozenset[str] = frozenset(), *, every_kind: bool = True
) -> Iterator[tuple[Question, Question]]:
    """Every operation about others' ids, each with the same question about ids that do not exist.

    All ids are the others'; with `every_kind` also one of them and the rest one's own, and one of another kind.
    """
    for operation in OPERATIONS:
        if operation.role in {EVERYBODY, MACHINE} or operation.function in skipped:
            continue
        in_path = re.findall(r"{(\w+_id)}", operation.path)
        cases: list[dict[str, str]] = [dict(others.ids)]
        if every_kind:
            cases += [{**own.ids, name: others.ids[name]} for name in own.ids]
            cases += [{**own.ids, name: other} for name in in_path for other in others.ids.values()]
        seen = set()
        for case in cases:
            asked = question(operation, case)
            about = frozenset(i for i in others.ids.values() if i in repr((asked.path, asked.query, asked.body)))
            if about and (key := (asked.path, repr(asked.query), repr(asked.body))) not in seen:
                seen.add(key)
                lost = {name: _missing(i) if i in about else i for name, i in case.items()}
                yield asked, question(operation, lost)


def without_ids(answer: object, asked: Question) -> str:
    """An answer's words without the ids that were asked for, which it may repeat."""
    text = json.dumps(answer, default=repr, sort_keys=True)
    for given in {*asked.route.values(), *asked.query.values()} | {repr(asked.body)}:
        for found in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", given):
            text = text.replace(found, "ID")
    return text


def _missing(given: str) -> str:
    """An id that does not exist and stands in the same place of any order."""
    return given[:-1] + ("0" if given[-1] != "0" else "1")
