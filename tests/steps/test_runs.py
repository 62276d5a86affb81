"""Starting, finding and cancelling runs: one at a time in a project, and no project stuck."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from shared.domain.errors import Conflict, NotFound
from shared.domain.runs import Principal, Run
from shared.steps.runs import ProjectBusy, cancel_run, find_run, start_run
from tests.support.database import Study
from tests.support.fakes import Fakes


async def alive(run_id: str) -> bool:
    return True


async def gone(run_id: str) -> bool:
    return False


def who(study: Study, subject: str = "ana") -> Principal:
    return Principal(study.tenant_id, subject, subject, frozenset({"researcher"}))


async def start(study: Study, outside: Fakes, is_alive: Any = alive) -> Run:
    return await start_run(who(study), study.project_id, {"research_question": "¿Qué?"}, is_alive, outside.ports)


async def begin(study: Study, run: Run) -> None:
    """The run's orchestration has begun to work."""
    async with study.tenant() as tx:
        await tx.runs.advance(run.run_id, run.token, "planning", 0, 900)


async def expire(study: Study) -> None:
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute("update project_leases set expires_at = now() - interval '1 second'")


async def test_a_run_is_written_and_holds_the_lease_in_one(study: Study, outside: Fakes) -> None:
    run = await start(study, outside)
    stored = await find_run(who(study), study.project_id, run.run_id, outside.ports)
    assert (stored.status, stored.request, stored.created_by, stored.token) == (
        "queued", {"research_question": "¿Qué?"}, "ana", run.token,
    )  # fmt: skip
    async with study.tenant() as tx:
        assert await tx.runs.take_lease(study.project_id, str(uuid.uuid4()), str(uuid.uuid4()), 900) == (
            run.run_id,
            False,
        )


async def test_a_second_run_is_refused_and_told_of_the_first(study: Study, outside: Fakes) -> None:
    first = await start(study, outside)
    await begin(study, first)
    with pytest.raises(ProjectBusy) as busy:
        await start(study, outside)
    assert (busy.value.run_id, busy.value.code) == (first.run_id, "run_in_progress")


async def test_of_two_that_start_at_once_one_runs(study: Study, outside: Fakes) -> None:
    results = await asyncio.gather(*(start(study, outside) for _ in range(4)), return_exceptions=True)
    runs = [result for result in results if isinstance(result, Run)]
    assert len(runs) == 1
    assert {result.run_id for result in results if isinstance(result, ProjectBusy)} == {runs[0].run_id}


async def test_a_run_that_waits_to_be_started_is_not_taken_for_lost(study: Study, outside: Fakes) -> None:
    first = await start(study, outside)
    with pytest.raises(ProjectBusy):
        await start(study, outside, gone)
    assert (await find_run(who(study), study.project_id, first.run_id, outside.ports)).status == "queued"


@pytest.mark.parametrize("lost", ["gone", "expired"])
async def test_a_lease_whose_run_is_lost_is_taken_over(study: Study, outside: Fakes, lost: str) -> None:
    first = await start(study, outside)
    await begin(study, first)
    if lost == "expired":
        await expire(study)
    second = await start(study, outside, gone if lost == "gone" else alive)
    abandoned = await find_run(who(study), study.project_id, first.run_id, outside.ports)
    assert (abandoned.status, abandoned.error_code) == ("failed", "abandoned")
    await begin(study, second)


async def test_of_two_that_take_over_at_once_one_runs(study: Study, outside: Fakes) -> None:
    await begin(study, await start(study, outside))
    results = await asyncio.gather(*(start(study, outside, gone) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, Run) for result in results) == 1
    assert sum(isinstance(result, ProjectBusy) for result in results) == 3


async def test_another_run_may_start_once_the_first_has_ended(study: Study, outside: Fakes) -> None:
    first = await start(study, outside)
    await cancel_run(who(study), study.project_id, first.run_id, outside.ports)
    assert (await start(study, outside)).run_id != first.run_id


async def test_cancelling_ends_a_run_once(study: Study, outside: Fakes) -> None:
    run = await start(study, outside)
    canceled = await cancel_run(who(study), study.project_id, run.run_id, outside.ports)
    assert (canceled.status, canceled.finished_at is not None) == ("canceled", True)
    with pytest.raises(Conflict):
        await cancel_run(who(study), study.project_id, run.run_id, outside.ports)


async def test_runs_of_other_projects_tenants_and_people_do_not_exist(study: Study, outside: Fakes) -> None:
    run = await start(study, outside)
    sister, stranger = await Study.begin(study.database, study.tenant_id), await Study.begin(study.database)
    for principal, project_id in (
        (who(study), sister.project_id),
        (who(stranger), study.project_id),
        (who(stranger), stranger.project_id),
        (who(study, "eva"), study.project_id),
    ):
        for act in (find_run, cancel_run):
            with pytest.raises(NotFound):
                await act(principal, project_id, run.run_id, outside.ports)
    with pytest.raises(NotFound):
        await start_run(who(study, "eva"), study.project_id, {}, alive, outside.ports)
    assert (await find_run(who(study), study.project_id, run.run_id, outside.ports)).status == "queued"
