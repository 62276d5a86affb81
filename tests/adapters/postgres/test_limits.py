"""Limits that hold for the whole fleet: requests of a tenant, calls of a deployment, and what was spent."""

from __future__ import annotations

import asyncio
import time
import uuid
from decimal import Decimal

import pytest

from shared.adapters.postgres import PostgresBudget, PostgresLedger
from shared.adapters.postgres.budget import UNSAID_FIRST
from shared.domain.analysis import ModelAnswer, ModelCall, Usage
from shared.domain.errors import SpendingLimit, Throttled
from shared.domain.prices import Prices
from tests.support.database import Study


async def admitted(study: Study, kind: str, a_minute: int) -> float:
    async with study.tenant() as tx:
        return await tx.quotas.admit(kind, a_minute)


async def aged(study: Study, kind: str, seconds: float) -> None:
    """Let so much time pass for the requests that are on record."""
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute(
            "update tenant_requests set at = at - make_interval(secs => $2) where kind = $1", kind, seconds
        )  # fmt: skip


async def test_of_fifty_requests_at_once_thirty_are_admitted(study: Study) -> None:
    waits = await asyncio.gather(*(admitted(study, "ingest", 30) for _ in range(50)))
    assert waits.count(0) == 30
    assert all(50 < wait <= 60 for wait in waits if wait)


async def test_the_window_slides_request_by_request(study: Study) -> None:
    assert await admitted(study, "ingest", 2) == 0
    await aged(study, "ingest", 40)
    assert await admitted(study, "ingest", 2) == 0
    wait = await admitted(study, "ingest", 2)
    assert 15 < wait <= 20
    await aged(study, "ingest", wait + 0.01)
    assert await admitted(study, "ingest", 2) == 0
    # Two in the window again: the younger of the first two, 20 s old, and this one.
    assert 35 < await admitted(study, "ingest", 2) <= 40.1


async def test_kinds_and_tenants_are_counted_apart(study: Study) -> None:
    assert await admitted(study, "ingest", 1) == 0
    assert await admitted(study, "upload", 1) == 0
    other = await Study.begin(study.database)
    assert await admitted(other, "ingest", 1) == 0
    assert await admitted(study, "ingest", 1) > 0


def name() -> str:
    return f"gpt-{uuid.uuid4().hex[:8]}"


async def asked(budget: PostgresBudget, study: Study, deployment: str, key: str, tokens: int = 1) -> float:
    """0 when the call may go, else the seconds to wait."""
    try:
        await budget.reserve(study.tenant_id, deployment, key, tokens)
    except Throttled as error:
        return error.after or -1
    return 0


async def test_without_limits_every_call_goes(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database), name()
    assert [await asked(budget, study, deployment, str(n)) for n in range(20)] == [0] * 20


async def test_calls_beyond_the_rate_get_slots_one_interval_apart_and_keep_them(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, requests_a_minute=6), name()
    first, second, third = [await asked(budget, study, deployment, key) for key in "abc"]
    assert first == 0
    assert 9 < second <= 10
    assert 10 <= third <= 20  # a slot after 20 s, or told to come again
    assert await asked(budget, study, deployment, "b") <= second


async def test_a_slot_is_used_when_its_time_has_come(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, requests_a_minute=60), name()
    waits = await asyncio.gather(*(asked(budget, study, deployment, str(n)) for n in range(4)))
    assert waits == [0] * 4  # up to four seconds are sat out


async def test_one_tenant_s_crowd_leaves_room_for_another(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, requests_a_minute=60), name()
    crowd = await asyncio.gather(*(asked(budget, study, deployment, f"many-{n}") for n in range(100)))
    assert sum(wait > 0 for wait in crowd) > 90
    other = await Study.begin(study.database)
    assert await asked(budget, other, deployment, "one") <= 21


async def test_one_call_is_served_within_the_horizon_beside_two_hundred_of_another(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.adapters.postgres.budget.HORIZON", 4.0)  # 40 calls
    budget, deployment = PostgresBudget(study.database, requests_a_minute=600), name()
    crowd = [asyncio.create_task(stubborn(budget, study, deployment, f"many-{n}")) for n in range(200)]
    await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
    other = await Study.begin(study.database)
    await stubborn(budget, other, deployment, "one")
    served = sum(task.done() for task in crowd)
    for task in crowd:
        task.cancel()
    assert served < 100, "the single call came behind half of the other tenant's crowd"


async def stubborn(budget: PostgresBudget, study: Study, deployment: str, key: str) -> None:
    """As orchestrators do: wait as long as told, and ask again."""
    wait = await asked(budget, study, deployment, key)
    if wait:
        await asyncio.sleep(wait)
        await stubborn(budget, study, deployment, key)


async def test_late_comers_never_send_more_in_a_second_than_the_provider_takes(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, requests_a_minute=600), name()
    waiting, sent = {f"k{n}" for n in range(25)}, []
    for key in sorted(waiting):  # each gets a slot, a tenth of a second apart
        if not (await budget._ask(study.tenant_id, deployment, key, 1))[0]:
            waiting.discard(key)
            sent.append(time.monotonic())
    await asyncio.sleep(2.6)  # all slots have come, and nobody has been there
    while waiting:
        for key in sorted(waiting):
            before = time.monotonic()
            if not (await budget._ask(study.tenant_id, deployment, key, 1))[0]:
                waiting.discard(key)
                sent.append(before)
        await asyncio.sleep(0.02)
    assert len(sent) == 25
    assert all(later - first > 1.0 for first, later in zip(sent, sent[10:], strict=False)), sent


async def test_who_finds_enough_others_sitting_out_their_wait_is_sent_away(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.adapters.postgres.budget.SITTING", 1)
    budget, deployment = PostgresBudget(study.database, requests_a_minute=60), name()
    waits = await asyncio.gather(*(asked(budget, study, deployment, str(n)) for n in range(3)))
    assert sorted(wait > 0 for wait in waits) == [False, False, True]
    assert max(waits) < 4


async def test_unsaid_pauses_grow_until_a_call_gets_through(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database), name()
    first = await budget.hold(deployment, None)
    together = await budget.hold(deployment, None)
    assert together <= first == UNSAID_FIRST
    await asyncio.sleep(together)
    assert await budget.hold(deployment, None) == 2 * first
    await budget.settle(deployment, 1, 0)
    await asyncio.sleep(2 * first)
    assert await budget.hold(deployment, None) == 4 * first
    await budget.settle(deployment, 1, 1)
    assert await budget.hold(deployment, None) == first


async def test_tokens_are_metered_and_come_back_when_they_were_not_used(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, tokens_a_minute=60_000), name()
    assert await asked(budget, study, deployment, "a", 40_000) == 0
    waiting = await asked(budget, study, deployment, "b", 1_000)
    assert 20 < waiting + 15 <= 40
    await budget.settle(deployment, 40_000, 1_000)
    assert await asked(budget, study, deployment, "c", 1_000) == 0


async def test_a_pause_that_the_provider_asked_for_holds_for_everybody(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database), name()
    await budget.hold(deployment, 30)
    await budget.hold(deployment, None)  # a shorter one does not cut it short
    assert await asked(budget, study, deployment, "a") > 9


async def test_a_call_that_was_refused_gives_its_slot_back(study: Study) -> None:
    budget, deployment = PostgresBudget(study.database, requests_a_minute=6), name()
    assert await asked(budget, study, deployment, "a") == 0
    await budget.hold(deployment, 0.01)
    await asyncio.sleep(0.01)
    assert await asked(budget, study, deployment, "a") == 0
    assert await asked(budget, study, deployment, "b") > 9


async def test_a_tenant_that_has_spent_its_month_is_told_so(study: Study) -> None:
    prices = Prices.parse("gpt=2/10")
    ledger = PostgresLedger(study.database, prices)
    budget = PostgresBudget(study.database, spending_limit=Decimal("0.05"))
    call = ModelCall(uuid.uuid4().hex, study.tenant_id, study.project_id, "open_coding", "gpt", "p-1", "0" * 64)
    await budget.reserve(study.tenant_id, "gpt", "a", 1)
    await ledger.begin(call)
    for _ in range(2):  # counted once
        await ledger.finish(call, ModelAnswer("{}", "gpt", Usage(10_000, 2_500, 0)))
    async with study.database.tenant_connection(study.tenant_id) as db:
        assert await db.fetchval("select cost from tenant_spending") == Decimal("0.045")
        await db.execute("update tenant_spending set cost = 0.05")
    with pytest.raises(SpendingLimit):
        await budget.reserve(study.tenant_id, "gpt", "b", 1)
