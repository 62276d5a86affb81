"""Model calls."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.postgres import PostgresLedger
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from tests.support.database import Study


@pytest.fixture
def call(study: Study) -> ModelCall:
    return ModelCall(uuid.uuid4().hex, study.tenant_id, study.project_id, "open_coding", "gpt", "p-1", "0" * 64)


@pytest.fixture
def ledger(study: Study) -> PostgresLedger:
    return PostgresLedger(study.database)


async def row(study: Study, call: ModelCall) -> dict[str, Any]:
    async with study.database.tenant_connection(study.tenant_id) as db:
        found = await db.fetchrow("select state, attempts, error_code from model_calls where key = $1", call.key)
    assert found is not None
    return dict(found)


ANSWER = ModelAnswer('{"codes": []}', "gpt-2026", Usage(10, 5, 2), "westeurope")


async def test_an_answer_is_found_once_it_is_stored(ledger: PostgresLedger, call: ModelCall) -> None:
    assert await ledger.find(call.tenant_id, call.key) is None
    await ledger.begin(call)
    assert await ledger.find(call.tenant_id, call.key) is None
    await ledger.finish(call, ANSWER)
    assert await ledger.find(call.tenant_id, call.key) == ANSWER
    assert await ledger.find(str(uuid.uuid4()), call.key) is None


async def test_the_first_answer_stays(ledger: PostgresLedger, call: ModelCall, study: Study) -> None:
    await ledger.begin(call)
    await ledger.finish(call, ANSWER)
    await ledger.begin(call)
    await ledger.finish(call, replace(ANSWER, text="another"))
    await ledger.fail(call, "timeout")
    assert await ledger.find(call.tenant_id, call.key) == ANSWER
    assert await row(study, call) == {"state": "answered", "attempts": 1, "error_code": None}


async def test_failures_and_attempts_are_on_record(ledger: PostgresLedger, call: ModelCall, study: Study) -> None:
    await ledger.begin(call)
    await ledger.fail(call, "rate_limit")
    assert await row(study, call) == {"state": "failed", "attempts": 1, "error_code": "rate_limit"}
    await ledger.begin(call)
    await ledger.finish(call, ANSWER)
    assert await row(study, call) == {"state": "answered", "attempts": 2, "error_code": None}


async def test_an_answer_with_nul_is_kept(ledger: PostgresLedger, call: ModelCall) -> None:
    await ledger.begin(call)
    await ledger.finish(call, replace(ANSWER, text="a\x00b \ud83d"))
    found = await ledger.find(call.tenant_id, call.key)
    assert found is not None
    assert found.text == "ab \ufffd"
