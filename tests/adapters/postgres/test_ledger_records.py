"""Model calls."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.postgres import PostgresLedger
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.prices import Prices
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


async def test_embeddings_are_found_by_text_and_belong_to_their_tenant(
    ledger: PostgresLedger, call: ModelCall, study: Study
) -> None:
    one, two = b"1" * 32, b"2" * 32
    assert await ledger.vectors(call.tenant_id, "embed/4", [one, two]) == {}
    await ledger.begin(call)
    await ledger.finish_embedding(call, replace(ANSWER, text=""), "embed/4", {one: b"\x00\x3c" * 4})
    assert await ledger.vectors(call.tenant_id, "embed/4", [one, two]) == {one: b"\x00\x3c" * 4}
    assert await ledger.vectors(call.tenant_id, "embed/8", [one]) == {}
    assert await ledger.vectors(str(uuid.uuid4()), "embed/4", [one]) == {}
    assert (await row(study, call))["state"] == "answered"


async def test_the_first_vector_of_a_text_stays_and_a_call_is_counted_once(
    ledger: PostgresLedger, call: ModelCall, study: Study
) -> None:
    await ledger.begin(call)
    for vector in (b"\x00\x3c", b"\x00\x00"):
        await ledger.finish_embedding(call, replace(ANSWER, text=""), "embed/1", {b"1" * 32: vector})
    assert await ledger.vectors(call.tenant_id, "embed/1", [b"1" * 32]) == {b"1" * 32: b"\x00\x3c"}
    async with study.database.tenant_connection(study.tenant_id) as db:
        used = await db.fetch("select deployment, purpose, calls, tokens from model_usage")
    assert [tuple(one) for one in used] == [("gpt", "open_coding", 1, 15)]


async def test_vectors_are_stored_with_their_call_or_not_at_all(
    ledger: PostgresLedger, call: ModelCall, study: Study
) -> None:
    await ledger.begin(call)
    broken = replace(ANSWER, usage=Usage(2**40))  # more than the column takes
    with pytest.raises(Exception, match="range"):
        await ledger.finish_embedding(call, broken, "embed/1", {b"1" * 32: b"\x00\x3c"})
    assert await ledger.vectors(call.tenant_id, "embed/1", [b"1" * 32]) == {}


async def test_what_was_used_is_counted_for_the_fleet_with_its_cost(call: ModelCall, study: Study) -> None:
    ledger = PostgresLedger(study.database, Prices.parse("gpt=1000/0"))
    for number in range(2):
        one = replace(call, key=f"{call.key}-{number}", purpose="embedding")
        await ledger.begin(one)
        await ledger.finish_embedding(one, replace(ANSWER, usage=Usage(10)), "embed/1", {bytes([number]): b"\x00\x3c"})
    counts = {c.metric: c.value for c in await study.database.fleet.counts() if c.tenant_id == study.tenant_id}
    assert counts["model_calls"] == 2
    assert counts["model_tokens"] == 20
    assert counts["model_cost"] == pytest.approx(0.02)
