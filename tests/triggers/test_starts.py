"""Starting orchestrations: once each, under an id that derives from what they work on."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from azure.durable_functions import OrchestrationRuntimeStatus

from functions.triggers.starts import NotStarted, is_alive, start_import, start_theory
from shared import tracing
from shared.domain.document import Document
from shared.domain.runs import CodingJob, ImportJob, Run, RunJob
from shared.ports import Limits
from tests.support.functions import indexed

LIMITS = Limits(retry_delays=(60, 300, 900), lease_ttl=400, interview_concurrency=2, fragment_concurrency=3)
DOCUMENT = Document("d", "t", "p", "a.txt", "0", 1, "pending", "registered", 0, 0)
RUN = Run("r", "t", "p", "theory", "queued", "k")


class Client:
    """As much of the durable client as the starts use. `race` lets another start come first."""

    def __init__(self, status: str | None = None, *, race: bool = False, error: Exception | None = None) -> None:
        self.status, self.race, self.error = status, race, error
        self.started: list[tuple[str, str, dict[str, Any]]] = []

    async def get_status(self, instance: str) -> Any:
        return SimpleNamespace(runtime_status=OrchestrationRuntimeStatus(self.status)) if self.status else None

    async def start_new(self, name: str, instance: str, job: dict[str, Any]) -> str:
        if self.race:
            self.status = "Running"
        if self.error:
            raise self.error
        self.started.append((name, instance, job))
        return instance


def client(*arguments: Any, **more: Any) -> Any:
    return Client(*arguments, **more)


async def test_a_pending_document_is_started_under_its_own_id() -> None:
    durable = client()
    await start_import(durable, DOCUMENT, LIMITS)
    job = {"tenant_id": "t", "project_id": "p", "document_id": "d", "delays": [60, 300, 900], "joined": True}
    assert durable.started == [("import_document", "import-d", job)]


async def test_a_document_that_starts_anew_gets_a_new_instance() -> None:
    durable = client()
    await start_import(durable, replace(DOCUMENT, attempt=2), LIMITS)
    assert durable.started[0][1] == "import-d-2"


async def test_a_document_that_goes_on_after_a_correction_says_from_which_stage() -> None:
    durable = client()
    await start_import(durable, replace(DOCUMENT, attempt=1, resume_stage="validate"), LIMITS)
    [(name, instance, job)] = durable.started
    assert (name, instance, job["resume"]) == ("import_document", "import-d-1", "validate")


@pytest.mark.parametrize("status", ["preprocessing", "completed", "rejected", "needs_review", "ocr_failed"])
async def test_a_document_that_is_not_pending_is_not_started(status: str) -> None:
    durable = client()
    await start_import(durable, replace(DOCUMENT, status=status), LIMITS)
    assert durable.started == []


@pytest.mark.parametrize("status", ["Running", "Completed", "Failed", "Terminated"])
async def test_an_instance_that_was_there_is_not_started_again(status: str) -> None:
    durable = client(status)
    await start_import(durable, DOCUMENT, LIMITS)
    await start_theory(durable, RUN, LIMITS)
    assert durable.started == []


async def test_a_run_waits_no_longer_than_half_its_lease() -> None:
    durable = client()
    await start_theory(durable, RUN, LIMITS)
    [(name, instance, job)] = durable.started
    assert (name, instance) == ("generate_theory", "theory-r")
    assert job["delays"] == [60, 200, 200]
    assert (job["token"], job["interviews"], job["fragments"]) == ("k", 2, 3)


async def test_of_two_starts_at_once_the_one_that_is_refused_is_content() -> None:
    await start_import(client(race=True, error=ValueError("exists")), DOCUMENT, LIMITS)


async def test_a_start_that_fails_is_an_error() -> None:
    with pytest.raises(NotStarted, match="no backend"):
        await start_import(client(error=ValueError("no backend")), DOCUMENT, LIMITS)


@pytest.mark.parametrize(
    ("status", "alive"),
    [
        (None, False),
        ("Pending", True),
        ("Running", True),
        ("Suspended", True),
        ("ContinuedAsNew", True),
        ("Completed", False),
        ("Failed", False),
        ("Terminated", False),
        ("Canceled", False),
    ],
)
async def test_a_run_is_alive_while_its_orchestration_may_go_on(status: str | None, alive: bool) -> None:
    assert await is_alive(client(status), "r") is alive


async def test_what_is_started_exists_and_finds_what_it_needs() -> None:
    durable = client()
    await start_import(durable, DOCUMENT, LIMITS)
    await start_theory(durable, RUN, LIMITS)
    names = {f.get_function_name() for f in indexed() if f.get_trigger().type == "orchestrationTrigger"}
    imported, theory = (job for _, _, job in durable.started)
    assert {name for name, _, _ in durable.started} <= names
    trace = {"traceparent"}  # goes along where there is one
    assert set(imported) == {*ImportJob.__dataclass_fields__, "delays", "joined"} - trace
    assert set(theory) == {*RunJob.__dataclass_fields__, "delays", "cap", "interviews", "fragments", "pauses"} - trace
    assert set(CodingJob.__dataclass_fields__) == {*RunJob.__dataclass_fields__, "document_id", "first", "last"}


async def test_a_start_within_a_trace_takes_it_along() -> None:
    durable = client()
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    with tracing.span("request", parent=trace):
        await start_import(durable, DOCUMENT, LIMITS)
    [(_, _, job)] = durable.started
    assert (
        ImportJob(**{key: value for key, value in job.items() if key not in {"delays", "joined"}}).traceparent == trace
    )
