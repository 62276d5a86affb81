"""The API against its own document: asked with whatever the document allows, and beyond its limits."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from functions.triggers.openapi import document
from localhost.stack import Stack
from tests.support.app import RunningApp

EXAMPLES = 4
LIMIT = 1_000_000  # bytes


@pytest.fixture(scope="module")
async def app(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningApp]:
    """An app with the usual limit of ingests, that takes bodies of a megabyte."""
    limits = {"IMPORTS_MAX_INGESTS_PER_MIN": "30", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": str(LIMIT)}
    async with RunningApp(stack, tmp_path_factory.mktemp("api-app"), limits) as running:
        yield running


async def new_batch(app: RunningApp) -> str:
    answer = await app.ask("POST", "batches", json={"project_id": await app.create_project()})
    return str(answer.body["batch_id"])


async def test_the_document_is_served_to_everybody(app: RunningApp) -> None:
    assert await app.get("openapi.json", headers={"X-Tenant-Id": "nobody"}) == document()


async def test_of_fifty_ingests_at_once_thirty_are_taken_in_and_the_others_told_when_to_come(app: RunningApp) -> None:
    app.tenant = str(uuid.uuid4())
    batch_id = await new_batch(app)

    async def ingest() -> Any:
        return await app.ask("POST", f"batches/{batch_id}/ingest", json={"prefix": "nothing/"})

    answers = await asyncio.gather(*(ingest() for _ in range(50)))
    assert sorted(answer.status for answer in answers) == [202] * 30 + [429] * 20
    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.body["code"] for answer in refused} == {"rate_limit"}
    [since] = [
        row["at"] for row in await app.rows("select min(at)::text as at from tenant_requests where kind = 'ingest'")
    ]
    room = await app.value("select extract(epoch from $1::text::timestamptz + interval '60 s' - now())::float", since)
    waits = [int(answer.headers["Retry-After"]) for answer in refused]
    assert all(room <= wait <= 60 for wait in waits)
    app.tenant = str(uuid.uuid4())
    other = await new_batch(app)
    assert (await app.ask("POST", f"batches/{other}/ingest", json={"prefix": "nothing/"})).status == 202


async def test_a_body_beyond_the_host_s_limit_is_refused_with_413(app: RunningApp) -> None:
    batch_id, project_id = await new_batch(app), await app.create_project()
    headers = {"Content-Disposition": "attachment; filename=a.txt"}
    for path in (f"batches/{batch_id}/ingest", f"projects/{project_id}/documents"):
        assert (await app.ask("POST", path, data=b"x" * (LIMIT + 1), headers=headers)).status == 413
        assert (await app.ask("POST", path, data=b"x" * 1000, headers=headers)).status == 202


@pytest.mark.slow
async def test_whatever_the_document_allows_is_answered_as_the_document_says(app: RunningApp) -> None:
    project_id = await app.create_project()
    [paper] = await app.import_files(project_id, ("nota.txt", "El turno de noche cambió.".encode()))
    answer = await app.ask("POST", "batches", json={"project_id": project_id})
    known = {"project_id": project_id, "document_id": paper["document_id"], "batch_id": answer.body["batch_id"]}
    known["task_id"] = paper["document_id"]
    schema = schemathesis.openapi.from_dict(document())
    schema.config.update(base_url=app.url)
    headers = {"X-Tenant-Id": app.tenant, "X-User-Id": app.user}
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    asked = set()

    def attack(operation: Any, mode: Any) -> None:
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
        def attacked(case: Any, real: bool) -> None:
            if real:
                case.path_parameters = {
                    **(case.path_parameters or {}),
                    **{name: value for name, value in known.items() if name in (case.path_parameters or {})},
                }
            response = case.call(headers=headers, timeout=60)
            if response.status_code == 503 and operation.label != "GET /api/ready":
                raise AssertionError(f"{operation.label}: {response.text}")
            case.validate_response(response, checks=checks)
            asked.add((operation.label, response.status_code))

        attacked()

    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        described = document()["paths"][operation.path][operation.method]
        takes_something = "parameters" in described or "requestBody" in described
        modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
        for mode in modes if takes_something else modes[:1]:
            await asyncio.to_thread(attack, operation, mode)
    assert {label for label, _ in asked} == {f"{m.upper()} {p}" for p, ops in document()["paths"].items() for m in ops}
