"""A theory run, and the coding of one interview within it."""

from __future__ import annotations

from typing import Any

import pytest

from functions.orchestrators.code_interviews import BATCH
from shared.domain.ids import coding_instance
from shared.domain.runs import STEPS
from tests.orchestrators.stage_play import BROKEN, BUSY, DONE, SLOW, THEORY, Outcome, play

IDS = {"tenant_id": "t", "project_id": "p", "run_id": "r", "token": "k"}
AFTER_CODING = [
    "consolidate_codebook", "sync_taxonomy", "relate_categories", "choose_core", "write_theory", "publish_theory",
]  # fmt: skip


def plan(*sizes: int) -> list[Any]:
    """Documents `d0`, `d1` … with so many passages."""
    return [{"status": "done", "documents": [[f"d{n}", size] for n, size in enumerate(sizes)]}]


async def test_a_run_passes_its_activities_in_order() -> None:
    with play(plan_theory=plan(2)) as stage:
        assert await stage.run("generate_theory", THEORY) == DONE
    assert stage.names == ["plan_theory", "code_passages", *AFTER_CODING]
    assert all(call.job == IDS for call in stage.calls if call.name != "code_passages")


async def test_the_steps_are_those_of_the_table_of_steps() -> None:
    with play(plan_theory=plan(2)) as stage:
        await stage.run("generate_theory", THEORY)
        answers = [answer for _, answer in stage.documents["i"]]
        row = await stage.lab.management.get("i")
    seen = [step for step in STEPS if any(f'"{step}"' in answer for answer in answers)]
    assert seen == list(STEPS)
    assert '"publishing"' in str(row["custom_status"])


@pytest.mark.parametrize(
    ("passages", "ranges"),
    [(0, []), (1, [[0, 0]]), (6, [[0, 5]]), (7, [[0, 5], [6, 6]]), (13, [[0, 5], [6, 11], [12, 12]])],
)
async def test_an_interview_is_coded_a_range_of_passages_at_a_time(passages: int, ranges: list[list[int]]) -> None:
    with play() as stage:
        job = {**THEORY, "document_id": "d0", "passages": passages}
        assert await stage.run("code_document", job) == DONE
    assert [[job["first"], job["last"]] for job in stage.jobs("code_passages")] == ranges
    assert all(job == {**IDS, "document_id": "d0", **pick(job)} for job in stage.jobs("code_passages"))


def pick(job: dict[str, Any]) -> dict[str, Any]:
    return {key: job[key] for key in ("first", "last")}


async def test_a_range_that_fails_ends_the_coding_of_its_interview() -> None:
    with play(code_passages=[DONE, BROKEN]) as stage:
        output = await stage.run("code_document", {**THEORY, "document_id": "d0", "passages": 99})
    assert output == {**BROKEN, "tries": 1}
    assert len(stage.calls) == 2


async def test_interviews_are_coded_in_groups_side_by_side() -> None:
    with play(plan_theory=plan(1, 1, 1, 1, 1)) as stage:
        assert await stage.run("generate_theory", THEORY) == DONE
        children = [name for name in stage.documents if name != "i"]
    coded = [(call.job["document_id"], call.at) for call in stage.calls if call.name == "code_passages"]
    assert [document for document, _ in coded] == ["d0", "d1", "d2", "d3", "d4"]
    moments = [at for _, at in coded]
    assert moments[0] == moments[1] < moments[2] == moments[3] < moments[4]
    assert sorted(children) == sorted(coding_instance("r", f"d{n}") for n in range(5))


async def test_the_first_failure_ends_the_run_after_its_group() -> None:
    def code(job: dict[str, Any]) -> Outcome:
        return BROKEN if job["document_id"] == "d0" else DONE

    with play(plan_theory=plan(1, 9, 1, 1), code_passages=code) as stage:
        assert await stage.run("generate_theory", THEORY) == {**BROKEN, "tries": 1}
    assert [job["document_id"] for job in stage.jobs("code_passages")] == ["d0", "d1", "d1"]
    assert stage.names[-2:] == ["fail_run", "bury_request"]
    assert stage.calls[-2].job == {**IDS, "error": "truncated", "message": "Cut off."}


async def test_an_interview_whose_orchestration_breaks_ends_the_run_instead_of_leaving_it_running() -> None:
    with play(plan_theory=plan(1, 1), code_passages=[{}]) as stage:
        assert (await stage.run("generate_theory", THEORY))["status"] == "failed"
    assert stage.names[-2] == "fail_run"
    assert stage.calls[-2].job["error"] == "unexpected"
    assert "code_document" in stage.calls[-2].job["message"]
    assert "\n" not in stage.calls[-2].job["message"]


@pytest.mark.parametrize("activity", ["plan_theory", *AFTER_CODING])
async def test_a_step_that_fails_ends_the_run_with_its_error(activity: str) -> None:
    parts: dict[str, Any] = {"plan_theory": plan(1), activity: [BROKEN]}
    with play(**parts) as stage:
        assert (await stage.run("generate_theory", THEORY))["status"] == "failed"
    assert stage.names[-3:] == [activity, "fail_run", "bury_request"]
    assert stage.calls[-2].job == {**IDS, "error": "truncated", "message": "Cut off."}
    request = {key: IDS[key] for key in ("tenant_id", "project_id", "run_id")}
    letter = stage.calls[-1].job
    assert (letter["kind"], letter["subject"], letter["request"]) == ("theory", "r", request)
    assert (letter["error"], letter["message"], letter["request_id"]) == ("truncated", "Cut off.", "i")


@pytest.mark.parametrize("error", ["lease_lost", "nothing_to_study", "nothing_coded", "budget_exceeded"])
async def test_a_run_that_has_its_answer_is_no_dead_letter(error: str) -> None:
    with play(plan_theory=[{**BROKEN, "error": error}]) as stage:
        assert (await stage.run("generate_theory", THEORY))["error"] == error
    assert stage.names[-1] == "fail_run"


async def test_when_the_attempts_of_a_step_are_used_up_the_run_fails() -> None:
    with play(plan_theory=plan(1), write_theory=[SLOW]) as stage:
        assert (await stage.run("generate_theory", THEORY))["error"] == "timeout"
    assert stage.waits("write_theory") == [5, 10, 15, 60, 300, 450]
    assert stage.names[-2:] == ["fail_run", "bury_request"]


async def test_a_busy_provider_holds_up_its_own_interview_only() -> None:
    answers = {"d0": [BUSY, BUSY, BUSY, DONE], "d1": [DONE, DONE]}

    def code(job: dict[str, Any]) -> Outcome:
        return answers[job["document_id"]].pop(0)

    with play(plan_theory=plan(1, 7), code_passages=code) as stage:
        assert await stage.run("generate_theory", THEORY) == DONE
    coded = [job["document_id"] for job in stage.jobs("code_passages")]
    assert coded == ["d0", "d1", "d1", "d0", "d0", "d0"]


async def test_many_interviews_are_parted_among_orchestrations_of_bounded_history() -> None:
    with play(plan_theory=plan(*[1] * 120)) as stage:
        assert await stage.run("generate_theory", THEORY) == DONE
        lengths = [len(await stage.lab.history(name)) for name in ("i", "code-r-from-0", "code-r-from-100")]
    assert [job["document_id"] for job in stage.jobs("code_passages")] == [f"d{n}" for n in range(120)]
    assert lengths[0] < 60
    assert lengths[2] < lengths[1] < 6 * BATCH


async def test_a_batch_that_fails_is_the_last() -> None:
    with play(plan_theory=plan(*[1] * 120), code_passages=[BROKEN]) as stage:
        assert await stage.run("generate_theory", THEORY) == {**BROKEN, "tries": 1}
    assert len(stage.jobs("code_passages")) == THEORY["interviews"]
