"""Open coding: every quote proven before it is stored, every passage accounted for, nobody asked twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.errors import ContentFiltered, Throttled, TimedOut, Truncated
from shared.domain.text import ViewBuilder
from shared.steps.coding import code_passages
from tests.steps.conftest import TheoryRun
from tests.support.database import Study
from tests.support.fakes import Fakes, fakes, proposed

FIRST, SECOND = "Nadie me avisó del cambio de hora y esperé.", "Me enfadé mucho aquel día, la verdad."
WHO = "scripted/m-1/p-1"


@pytest.fixture
async def run(study: Study, outside: Fakes) -> TheoryRun:
    return await TheoryRun.over(study, outside, [FIRST, SECOND])


async def code(run: TheoryRun) -> dict[str, Any]:
    return await code_passages(run.coding(), run.outside.ports)


async def applications(run: TheoryRun) -> list[dict[str, Any]]:
    return await run.rows(
        "select quote, match, start_offset, end_offset, page, model from code_applications order by 3"
    )


async def fate(run: TheoryRun) -> list[tuple[str | None, int, int, int, int]]:
    rows = await run.rows(
        "select c.not_covered, c.proposed, c.verified, c.repaired, c.dropped from passage_codings c "
        "join passages p using (passage_id) order by p.ordinal"
    )
    return [tuple(row.values()) for row in rows]


async def test_a_quote_is_stored_as_the_document_s_own_characters(run: TheoryRun) -> None:
    text = f"{FIRST} {SECOND}"
    run.outside.analyst.codings = {
        FIRST: [proposed("Nadie me avisó"), proposed("NADIE ME AVISÓ   del cambio", "aviso tardío")],
        SECOND: [proposed("«Me enfadé mucho»", "enfado")],
    }
    assert await code(run) == {"status": "done", "coded": 2, "quotes": 3}
    found = await applications(run)
    assert [row["quote"] for row in found] == ["Nadie me avisó", "Nadie me avisó del cambio", "Me enfadé mucho"]
    assert all(row["quote"] == text[row["start_offset"] : row["end_offset"]] for row in found)
    assert {row["match"] for row in found} == {"exact", "normalised"}
    assert {row["model"] for row in found} == {"m-1"}
    assert await fate(run) == [(None, 2, 2, 0, 0), (None, 1, 1, 0, 0)]


async def test_parts_joined_by_an_ellipsis_are_kept_as_the_stretch_that_covers_them(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Nadie me avisó (…) hora y esperé")]}
    await code(run)
    [row] = await applications(run)
    assert (row["quote"], row["match"]) == ("Nadie me avisó del cambio de hora y esperé", "ellipsis")


async def test_a_quote_that_is_nowhere_is_dropped_and_counted(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Todos me avisaron"), proposed("Me enfadé mucho")]}
    await code(run)
    assert await applications(run) == []
    assert await run.rows("select * from codes") == []
    assert await fate(run) == [(None, 2, 0, 0, 2), (None, 0, 0, 0, 0)]


async def test_a_repaired_quote_is_counted_as_repaired(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Nadie me aviso nunca"), proposed("Todos me avisaron")]}
    run.outside.analyst.repairs = {"Nadie me aviso nunca": "Nadie me avisó", "Todos me avisaron": "Nadie avisaba"}
    await code(run)
    assert [row["quote"] for row in await applications(run)] == ["Nadie me avisó"]
    assert await fate(run) == [(None, 2, 0, 1, 1), (None, 0, 0, 0, 0)]


async def test_a_repair_that_is_refused_drops_the_quote_only(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Todos me avisaron"), proposed("Nadie me avisó")]}
    run.outside.analyst.repairs = {"Todos me avisaron": ContentFiltered()}
    assert (await code(run))["quotes"] == 1
    assert (await fate(run))[0] == (None, 2, 1, 0, 1)


async def test_a_code_without_a_name_is_dropped_and_counted(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Nadie me avisó", " …! ")]}
    await code(run)
    assert (await fate(run))[0] == (None, 1, 0, 0, 1)


async def test_labels_that_mean_the_same_are_one_code(run: TheoryRun) -> None:
    run.outside.analyst.codings = {
        FIRST: [proposed("Nadie me avisó", "Espera sin saber")],
        SECOND: [proposed("Me enfadé mucho", "  ESPERAS sin saber ")],
    }
    await code(run)
    assert len(await run.rows("select * from codes")) == 1
    assert len(await applications(run)) == 2


@pytest.mark.parametrize("error", [ContentFiltered(), Truncated()])
async def test_a_passage_that_is_blocked_is_recorded_as_not_covered(run: TheoryRun, error: Any) -> None:
    run.outside.analyst.codings = {FIRST: error, SECOND: [proposed("Me enfadé mucho")]}
    assert await code(run) == {"status": "done", "coded": 2, "quotes": 1}
    assert await fate(run) == [(error.code, 0, 0, 0, 0), (None, 1, 1, 0, 0)]
    async with run.study.tenant() as tx:
        coverage = await tx.theories.coverage(await tx.runs.get(run.run.run_id), WHO)
    assert [gap["reason"] for gap in coverage["not_covered"]] == [error.code]
    assert (coverage["passages"], coverage["coded_passages"]) == (2, 1)


@pytest.mark.parametrize(("error", "more"), [(Throttled("Busy.", 7), {"after": 7}), (TimedOut("Busy."), {})])
async def test_what_is_finished_is_stored_before_another_passage_has_to_wait(
    run: TheoryRun, error: Any, more: dict[str, Any]
) -> None:
    analyst = run.outside.analyst
    analyst.codings = {FIRST: error, SECOND: [proposed("Me enfadé mucho")]}
    assert await code(run) == {"status": "retry", "error": error.code, "message": "Busy.", "progressed": True, **more}
    assert [row["quote"] for row in await applications(run)] == ["Me enfadé mucho"]
    analyst.codings = {FIRST: [proposed("Nadie me avisó")]}
    assert await code(run) == {"status": "done", "coded": 1, "quotes": 1}
    assert sorted(analyst.asked) == sorted([("code", FIRST), ("code", SECOND), ("code", FIRST)])


async def test_an_unexpected_error_passes_through_after_the_rest_is_stored(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: ZeroDivisionError("a bug"), SECOND: [proposed("Me enfadé mucho")]}
    with pytest.raises(ZeroDivisionError):
        await code(run)
    assert len(await applications(run)) == 1


async def test_a_passage_is_never_asked_about_twice(run: TheoryRun) -> None:
    run.outside.analyst.codings = {FIRST: [proposed("Nadie me avisó")], SECOND: ContentFiltered()}
    await code(run)
    before = (await applications(run), await fate(run), list(run.outside.analyst.asked))
    assert await code(run) == {"status": "done", "coded": 0}
    assert (await applications(run), await fate(run), run.outside.analyst.asked) == before


async def test_only_the_passages_of_the_range_are_coded(run: TheoryRun) -> None:
    await code_passages(run.coding(first=1, last=1), run.outside.ports)
    assert run.outside.analyst.asked == [("code", SECOND)]


async def test_no_more_passages_than_allowed_are_asked_about_at_once(study: Study) -> None:
    outside = fakes(study.database, fragment_concurrency=2)
    run = await TheoryRun.over(study, outside, [f"Pasaje número {n} de la entrevista." for n in range(6)])
    at_once: list[int] = [0, 0]

    async def count(purpose: str) -> None:
        at_once[0] += 1
        at_once[1] = max(at_once)
        await asyncio.sleep(0)
        at_once[0] -= 1

    outside.analyst.before = count
    assert (await code(run))["coded"] == 6
    assert at_once[1] == 2


async def test_progress_follows_the_passages_of_the_whole_run(study: Study, outside: Fakes) -> None:
    run = await TheoryRun.over(study, outside, [FIRST, SECOND], ["Otra entrevista.", "Con dos pasajes."])
    seen = []
    for job in (run.coding(0, 0, 0), run.coding(0), run.coding(1)):
        await code_passages(job, outside.ports)
        seen.append((await run.row()).progress)
    assert seen == [18, 32, 60]
    assert (await run.row()).step == "open_coding"


async def test_the_analyst_knows_the_language_and_the_question_of_the_study(study: Study) -> None:
    asking = await Study.begin(study.database, question="¿Qué cambió?")
    outside = fakes(study.database)
    first = await TheoryRun.over(asking, outside, [FIRST])
    await code(first)
    async with asking.tenant() as tx:
        await tx.runs.finish(first.run.run_id, "completed")
    await code(await TheoryRun.over(asking, outside, [SECOND], research_question="¿A quién?"))
    assert [brief.research_question for brief in outside.analyst.briefs] == ["¿Qué cambió?", "¿A quién?"]
    assert {brief.language for brief in outside.analyst.briefs} == {"es"}


async def test_a_run_that_was_overtaken_asks_nobody(run: TheoryRun) -> None:
    await run.taken_over()
    outcome = await code(run)
    assert (outcome["status"], outcome["error"]) == ("failed", "lease_lost")
    assert run.outside.analyst.asked == []


async def test_a_run_that_is_overtaken_while_it_asks_writes_nothing(run: TheoryRun) -> None:
    async def lose(purpose: str) -> None:
        run.outside.analyst.before = None
        await run.taken_over()

    run.outside.analyst.before = lose
    run.outside.analyst.codings = {FIRST: [proposed("Nadie me avisó")]}
    outcome = await code(run)
    assert (outcome["status"], outcome["error"]) == ("failed", "lease_lost")
    assert await applications(run) == []
    assert await fate(run) == []


async def test_a_quote_of_cleaned_text_is_stored_as_it_stands_in_the_original(study: Study, outside: Fakes) -> None:
    original = "Nadie me avi-\nsó del cambio."
    builder = ViewBuilder(original)
    builder.copy(0, 12)
    builder.copy(14, len(original))
    view = builder.view()
    assert view.text == "Nadie me avisó del cambio."
    run = await TheoryRun.over(study, outside, [original])
    async with study.database.tenant_connection(study.tenant_id) as db:
        await db.execute("update passages set text = $1, runs = $2", view.text, view.to_plain()["runs"])
    outside.analyst.codings = {view.text: [proposed("me avisó del")]}
    await code(run)
    [row] = await applications(run)
    assert row["quote"] == "me avi-\nsó del" == original[row["start_offset"] : row["end_offset"]]


async def test_another_question_asks_for_coding_anew_where_the_analyst_heeds_it(study: Study) -> None:
    outside = fakes(study.database)
    outside.analyst.identity = replace(outside.analyst.identity, heeds_question=True)
    run = await TheoryRun.over(study, outside, [FIRST], research_question="¿Qué cambió?")
    await code(run)
    await code(run)
    assert len(outside.analyst.briefs) == 1
    async with study.tenant() as tx:
        await tx.runs.finish(run.run.run_id, "completed")
    other = await study.run({"research_question": "¿A quién?", "documents": list(run.documents)})
    await code(TheoryRun(study, outside, other, run.documents))
    assert [brief.research_question for brief in outside.analyst.briefs] == ["¿Qué cambió?", "¿A quién?"]
