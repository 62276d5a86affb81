"""Runs, and the lease that lets one of them at a time work on a project."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from shared.domain.errors import LeaseLost, NotFound
from tests.support.database import Study


def new() -> str:
    return str(uuid.uuid4())


async def test_of_two_that_take_a_free_lease_at_once_one_gets_it(study: Study) -> None:
    async def take(run_id: str) -> tuple[str, bool] | None:
        async with study.tenant() as tx:
            return await tx.runs.take_lease(study.project_id, run_id, new(), 900)

    runs = [new(), new(), new()]
    answers = await asyncio.gather(*(take(run_id) for run_id in runs))
    assert answers.count(None) == 1
    holder = runs[answers.index(None)]
    assert [answer for answer in answers if answer] == [(holder, False)] * 2


async def test_a_lease_whose_time_is_over_is_reported_as_such(study: Study) -> None:
    run = await study.run(ttl=-1)
    async with study.tenant() as tx:
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) == (run.run_id, True)


async def test_of_two_that_seize_a_lease_from_its_holder_one_gets_it(study: Study) -> None:
    run = await study.run()

    async def seize() -> bool:
        async with study.tenant() as tx:
            return await tx.runs.seize_lease(study.project_id, new(), new(), 900, run.run_id)

    assert sorted(await asyncio.gather(seize(), seize())) == [False, True]


async def test_a_lease_is_released_by_its_own_token_only(study: Study) -> None:
    run = await study.run()
    async with study.tenant() as tx:
        await tx.runs.release_lease(study.project_id, new())
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) == (run.run_id, False)
        await tx.runs.release_lease(study.project_id, run.token)
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) is None


async def test_a_lease_of_another_tenant_s_project_is_answered_like_none(study: Study) -> None:
    other = await Study.begin(study.database)
    await other.run()
    with pytest.raises(NotFound):
        async with study.tenant() as tx:
            await tx.runs.take_lease(other.project_id, new(), new(), 900)


async def test_advancing_renews_the_lease_and_never_takes_progress_back(study: Study) -> None:
    run = await study.run(ttl=-1)
    async with study.tenant() as tx:
        await tx.runs.advance(run.run_id, run.token, "syncing", 68, 900)
        after = await tx.runs.advance(run.run_id, run.token, "open_coding", 40, 900)
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) == (run.run_id, False)
    assert (after.status, after.step, after.progress) == ("running", "open_coding", 68)


async def test_a_stale_token_changes_nothing(study: Study) -> None:
    run = await study.run()

    async def write_under_a_stale_lease() -> None:
        async with study.tenant() as tx:
            await tx.theories.memo(run, "planning", "too late")
            await tx.runs.advance(run.run_id, new(), "syncing", 68, 900)

    with pytest.raises(LeaseLost):
        await write_under_a_stale_lease()
    async with study.tenant() as tx:
        after = await tx.runs.get(run.run_id)
    assert (after.status, after.step, after.progress) == ("queued", None, 0)
    async with study.database.tenant_connection(study.tenant_id) as db:
        assert await db.fetchval("select count(*) from memos where run_id = $1", run.run_id) == 0


async def test_a_take_over_waits_for_what_is_being_written_under_the_lease(study: Study) -> None:
    run = await study.run()
    order = []

    async def seize() -> None:
        async with study.tenant() as tx:
            assert await tx.runs.seize_lease(study.project_id, new(), new(), 900, run.run_id)
            order.append("seized")

    async with study.tenant() as tx:
        await tx.runs.advance(run.run_id, run.token, "syncing", 68, 900)
        taking = asyncio.create_task(seize())
        await asyncio.sleep(0.1)
        order.append("written")
    await taking
    assert order == ["written", "seized"]


@pytest.mark.parametrize(("status", "progress"), [("completed", 100), ("failed", 68), ("canceled", 68)])
async def test_a_run_ends_once_and_frees_its_project(study: Study, status: str, progress: int) -> None:
    run = await study.run()
    async with study.tenant() as tx:
        await tx.runs.advance(run.run_id, run.token, "syncing", 68, 900)
        assert await tx.runs.finish(run.run_id, status, "code", "Why.")
        assert not await tx.runs.finish(run.run_id, "failed", "late", "Too late.")
        after = await tx.runs.get(run.run_id)
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) is None
    assert (after.status, after.progress, after.error_code, after.error_message) == (status, progress, "code", "Why.")
    assert after.finished_at is not None


async def test_the_end_of_a_run_that_was_overtaken_leaves_the_new_lease_alone(study: Study) -> None:
    run = await study.run()
    successor = new()
    async with study.tenant() as tx:
        assert await tx.runs.seize_lease(study.project_id, successor, new(), 900, run.run_id)
        assert await tx.runs.finish(run.run_id, "failed", "abandoned", "Lost.")
        assert await tx.runs.take_lease(study.project_id, new(), new(), 900) == (successor, False)


async def test_a_plan_stands_in_the_request_beside_what_was_asked(study: Study) -> None:
    run = await study.run({"research_question": "¿Qué cambió?"})
    async with study.tenant() as tx:
        await tx.runs.plan(run.run_id, ["d1", "d2"])
        await tx.runs.plan(run.run_id, ["d1"])
        assert (await tx.runs.get(run.run_id)).request == {
            "research_question": "¿Qué cambió?",
            "documents": ["d1"],
        }


async def test_a_run_of_another_tenant_is_answered_like_none(study: Study) -> None:
    run = await (await Study.begin(study.database)).run()
    async with study.tenant() as tx:
        with pytest.raises(NotFound):
            await tx.runs.get(run.run_id)
        assert not await tx.runs.finish(run.run_id, "canceled")
