"""From codes to a theory: what the analyst proposes is kept only where it rests on something that exists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain import ids
from shared.domain.analysis import (
    AxialCoding,
    Consolidation,
    CoreChoice,
    Merge,
    ProposedCategory,
    ProposedProposition,
    ProposedRelation,
    ProposedTheory,
    RelationKind,
)
from shared.domain.errors import Throttled, Truncated, Unavailable
from shared.domain.runs import RunFailureJob
from shared.steps import theory
from shared.steps.coding import code_passages
from shared.steps.search import codes_collection
from tests.steps.conftest import Outcome, Step, TheoryRun, completed_interview
from tests.support.database import Study
from tests.support.fakes import Fakes, proposed

FIRST, SECOND, THIRD = "Nadie me avisó del cambio.", "Me enfadé mucho aquel día.", "Ya estoy tranquila."
UNKNOWN = ids.derived("nothing")
STEPS: dict[str, Step] = {
    "consolidate_codebook": theory.consolidate_codebook,
    "sync_taxonomy": theory.sync_taxonomy,
    "relate_categories": theory.relate_categories,
    "choose_core": theory.choose_core,
    "write_theory": theory.write_theory,
    "publish_theory": theory.publish_theory,
}


@pytest.fixture
async def run(study: Study, outside: Fakes) -> TheoryRun:
    """Two interviews, coded: `aviso` and `enfado` in the first, `calma` in the second."""
    outside.analyst.codings = {
        FIRST: [proposed("Nadie me avisó", "aviso")],
        SECOND: [proposed("Me enfadé mucho", "enfado")],
        THIRD: [proposed("Ya estoy tranquila", "calma")],
    }
    run = await TheoryRun.over(study, outside, [FIRST, SECOND], [THIRD])
    for document in range(2):
        assert (await code_passages(run.coding(document), outside.ports))["status"] == "done"
    return run


async def until(run: TheoryRun, last: str) -> Outcome:
    for name, step in STEPS.items():
        outcome = await step(run.job, run.outside.ports)
        if name == last:
            break
    return outcome


async def document(run: TheoryRun) -> dict[str, Any]:
    async with run.study.tenant() as tx:
        return await tx.theories.document(ids.derived("theory", run.run.run_id))


async def everything(run: TheoryRun) -> dict[str, list[dict[str, Any]]]:
    """The rows of the theory, without the times at which they were written."""
    tables = (
        "codes",
        "code_merges",
        "categories",
        "category_codes",
        "relations",
        "theories",
        "propositions",
        "evidence",
    )
    found = {}
    for table in (*tables, "memos"):
        rows = await run.rows(f"select to_jsonb(t) - 'created_at' - 'at' as row from {table} t order by 1")
        found[table] = [row["row"] for row in rows]
    return found


async def test_a_run_ends_with_a_theory_whose_claims_lead_to_quotes(run: TheoryRun) -> None:
    outcome = await until(run, "publish_theory")
    row = await run.row()
    assert (row.status, row.progress, row.step, row.theory_id) == ("completed", 100, "publishing", outcome["theory_id"])
    found = await document(run)
    assert (found["status"], found["core_category"]["label"]) == ("final", "Todo")
    quotes = {quote["quote"] for quote in found["propositions"][0]["supporting"]}
    assert quotes == {"Nadie me avisó", "Me enfadé mucho", "Ya estoy tranquila"}
    assert found["coverage"]["coded_passages"] == found["coverage"]["passages"] == 3


@pytest.mark.parametrize("name", STEPS)
async def test_a_step_done_twice_changes_nothing(run: TheoryRun, name: str) -> None:
    first = await until(run, name)
    before, row = await everything(run), await run.row()
    second = await STEPS[name](run.job, run.outside.ports)
    assert second["status"] == first["status"] == "done"
    assert await everything(run) == before
    assert await run.row() == row


async def test_publishing_again_after_the_run_has_ended_is_done_and_asks_nobody(run: TheoryRun) -> None:
    first = await until(run, "publish_theory")
    asked = list(run.outside.analyst.asked)
    again = await theory.publish_theory(run.job, run.outside.ports)
    assert again == {"status": "done", "before": True, "theory_id": first["theory_id"]}
    assert run.outside.analyst.asked == asked


@pytest.mark.parametrize("name", STEPS)
async def test_a_run_that_was_overtaken_stops_before_it_asks_or_writes(run: TheoryRun, name: str) -> None:
    names = list(STEPS)
    if names.index(name):
        await until(run, names[names.index(name) - 1])
    before, asked = await everything(run), list(run.outside.analyst.asked)
    await run.taken_over()
    outcome = await STEPS[name](run.job, run.outside.ports)
    assert (outcome["status"], outcome["error"]) == ("failed", "lease_lost")
    assert await everything(run) == before
    assert run.outside.analyst.asked == asked


@pytest.mark.parametrize("name", ["consolidate_codebook", "relate_categories", "choose_core", "write_theory"])
async def test_a_run_that_is_overtaken_while_it_asks_writes_nothing(run: TheoryRun, name: str) -> None:
    names = list(STEPS)
    if names.index(name):
        await until(run, names[names.index(name) - 1])
    before = await everything(run)

    async def lose(purpose: str) -> None:
        await run.taken_over()

    run.outside.analyst.before = lose
    outcome = await STEPS[name](run.job, run.outside.ports)
    assert (outcome["status"], outcome["error"]) == ("failed", "lease_lost")
    assert await everything(run) == before


async def test_a_canceled_run_stops_and_stays_canceled(run: TheoryRun) -> None:
    async with run.study.tenant() as tx:
        assert await tx.runs.finish(run.run.run_id, "canceled")
    outcome = await theory.consolidate_codebook(run.job, run.outside.ports)
    assert (outcome["status"], outcome["error"]) == ("failed", "lease_lost")
    job = run.job
    failure = RunFailureJob(job.tenant_id, job.project_id, job.run_id, job.token, "lease_lost", "Lost.")
    assert await theory.fail_run(failure, run.outside.ports) == {"status": "done"}
    row = await run.row()
    assert (row.status, row.error_code) == ("canceled", None)


async def test_a_failed_run_says_why_and_frees_its_project(run: TheoryRun) -> None:
    job = run.job
    failure = RunFailureJob(job.tenant_id, job.project_id, job.run_id, job.token, "truncated", "Cut off.")
    for _ in range(2):
        await theory.fail_run(failure, run.outside.ports)
    row = await run.row()
    assert (row.status, row.error_code, row.error_message) == ("failed", "truncated", "Cut off.")
    await run.study.run()


@pytest.mark.parametrize(
    ("error", "status"), [(Truncated(), "failed"), (Unavailable(), "retry"), (Throttled(after=3), "retry")]
)
async def test_errors_of_the_analyst_become_outcomes(run: TheoryRun, error: Any, status: str) -> None:
    async def fail(purpose: str) -> None:
        raise error

    run.outside.analyst.before = fail
    outcome = await theory.consolidate_codebook(run.job, run.outside.ports)
    assert (outcome["status"], outcome["error"]) == (status, error.code)
    assert outcome.get("after") == (3 if isinstance(error, Throttled) else None)


async def test_an_unexpected_error_passes_through(run: TheoryRun) -> None:
    run.outside.graph.error = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        await theory.sync_taxonomy(run.job, run.outside.ports)


# Planning


async def plan(study: Study, outside: Fakes, **request: Any) -> tuple[TheoryRun, Outcome]:
    run = TheoryRun(study, outside, await study.run(request), {})
    return run, await theory.plan_theory(run.job, outside.ports)


async def test_a_plan_takes_the_interviews_the_longest_first(study: Study, outside: Fakes) -> None:
    short = await completed_interview(study, outside, "short", ["uno"])
    long = await completed_interview(study, outside, "long", ["uno", "dos", "tres"])
    await completed_interview(study, outside, "essay", ["uno"], "other")
    await study.document(b"still on its way")
    run, outcome = await plan(study, outside)
    assert outcome == {"status": "done", "documents": [[long, 3], [short, 1]]}
    assert sorted((await run.row()).request["documents"]) == sorted([long, short])
    assert await theory.plan_theory(run.job, outside.ports) == outcome


async def test_without_interviews_a_plan_takes_other_texts_but_no_business_papers(study: Study, outside: Fakes) -> None:
    essay = await completed_interview(study, outside, "essay", ["uno"], "other")
    await completed_interview(study, outside, "bill", ["uno"], "invoice")
    _, outcome = await plan(study, outside)
    assert outcome["documents"] == [[essay, 1]]


async def test_a_plan_keeps_to_the_documents_that_were_named(study: Study, outside: Fakes) -> None:
    named = await completed_interview(study, outside, "named", ["uno"], "other")
    await completed_interview(study, outside, "not named", ["uno"])
    _, outcome = await plan(study, outside, document_ids=[named, UNKNOWN])
    assert outcome["documents"] == [[named, 1]]


@pytest.mark.parametrize("passages", [None, []])
async def test_a_plan_without_anything_to_code_fails_with_advice(
    study: Study, outside: Fakes, passages: list[str] | None
) -> None:
    if passages is not None:
        await completed_interview(study, outside, "empty", passages)
    _, outcome = await plan(study, outside)
    assert (outcome["status"], outcome["error"]) == ("failed", "nothing_to_study")
    assert "Upload" in outcome["message"]


# What the analyst proposes


async def code_ids(run: TheoryRun) -> dict[str, str]:
    return {row["label"]: row["code_id"] for row in await run.rows("select label, code_id from codes")}


async def test_codes_come_with_vectors_and_evidence(run: TheoryRun) -> None:
    seen: list[Any] = []

    def keep(codes: Any) -> Consolidation:
        seen.extend(codes)
        return Consolidation()

    run.outside.analyst.consolidation = keep
    assert await theory.consolidate_codebook(run.job, run.outside.ports) == {
        "status": "done", "codes": 3, "merged": 0, "set_aside": 0,
    }  # fmt: skip
    assert [code.label for code in seen] == ["aviso", "calma", "enfado"]
    assert all(len(code.vector) == run.outside.embedder.dimensions and len(code.evidence) == 1 for code in seen)


async def test_merges_of_unknown_codes_are_dropped(run: TheoryRun) -> None:
    codes = await code_ids(run)
    run.outside.analyst.consolidation = lambda _: Consolidation(
        (Merge(codes["aviso"], (codes["enfado"], UNKNOWN), "Una."), Merge(UNKNOWN, (codes["calma"],), "Otra.")),
        (UNKNOWN, codes["aviso"]),
    )
    outcome = await theory.consolidate_codebook(run.job, run.outside.ports)
    assert outcome == {"status": "done", "codes": 2, "merged": 1, "set_aside": 0}
    states = {row["label"]: row["state"] for row in await run.rows("select label, state from codes")}
    assert states == {"aviso": "active", "enfado": "merged", "calma": "active"}


async def test_the_index_and_the_graph_hold_the_active_codes_only(run: TheoryRun) -> None:
    codes = await code_ids(run)
    await until(run, "sync_taxonomy")
    merge = Consolidation((Merge(codes["aviso"], (codes["enfado"],), "Una."),), (codes["calma"],))
    run.outside.analyst.consolidation = lambda _: merge
    await until(run, "sync_taxonomy")
    indexed = run.outside.vectors.collections[codes_collection(run.outside.embedder.name)]
    assert set(indexed) == {codes["aviso"]}
    graph = run.outside.graph.taxonomies[run.study.project_id]
    assert [row["id"] for row in graph.codes] == [codes["aviso"]]


async def test_categories_and_relations_that_rest_on_nothing_are_dropped(run: TheoryRun) -> None:
    codes = await code_ids(run)

    def axial(found: Any) -> AxialCoding:
        quote = found[0].evidence[0].application_id
        categories = (
            ProposedCategory("Poder", "", (codes["aviso"], UNKNOWN)),
            ProposedCategory("Ánimo", "", (codes["enfado"], codes["aviso"])),
            ProposedCategory("Nada", "", (UNKNOWN,)),
        )
        relate = ProposedRelation("Poder", "Ánimo", RelationKind.CONDITION, "Pesa.", (quote, UNKNOWN))
        others = (
            replace(relate, target="Nada"),
            replace(relate, kind=RelationKind.ACTION, application_ids=(UNKNOWN,)),
            replace(relate, target="Poder"),
        )
        return AxialCoding(categories, (relate, *others), "Dudé.")

    run.outside.analyst.axial = axial
    assert await until(run, "relate_categories") == {"status": "done", "categories": 2, "relations": 1}
    async with run.study.tenant() as tx:
        kept = await tx.codebook.axial(run.run.run_id)
    assert [(c.label, c.code_ids) for c in kept.categories] == [
        ("Poder", (codes["aviso"],)), ("Ánimo", (codes["enfado"],)),
    ]  # fmt: skip
    assert len(kept.relations[0].application_ids) == 1


async def test_an_axial_coding_without_any_category_fails(run: TheoryRun) -> None:
    run.outside.analyst.axial = lambda codes: AxialCoding((ProposedCategory("Nada", "", (UNKNOWN,)),))
    outcome = await until(run, "relate_categories")
    assert (outcome["status"], outcome["error"]) == ("failed", "malformed_answer")


async def test_an_unknown_core_category_gives_way_to_the_first(run: TheoryRun) -> None:
    run.outside.analyst.core = CoreChoice("No existe", "Porque sí", "Érase")
    await until(run, "choose_core")
    async with run.study.tenant() as tx:
        assert await tx.codebook.core(run.run.run_id) == CoreChoice("Todo", "Porque sí", "Érase")


async def test_evidence_that_does_not_exist_and_claims_without_support_are_dropped(run: TheoryRun) -> None:
    def propose(codes: Any) -> ProposedTheory:
        one, two = (code.evidence[0].application_id for code in codes[:2])
        return ProposedTheory(
            "T",
            "S",
            (
                ProposedProposition("Se apoya", (), (one, one, UNKNOWN), (one, two, UNKNOWN)),
                ProposedProposition("Solo lo contrario", (), (), (two,)),
                ProposedProposition("Nada", (), (UNKNOWN,)),
            ),
        )

    run.outside.analyst.theory = propose
    assert await until(run, "write_theory") == {"status": "done", "propositions": 1}
    [proposition] = (await document(run))["propositions"]
    assert proposition["statement"] == "Se apoya"
    assert (len(proposition["supporting"]), len(proposition["contradicting"])) == (1, 1)


async def test_an_analyst_that_only_suggests_says_so_in_the_theory(run: TheoryRun) -> None:
    analyst = run.outside.analyst
    analyst.identity = replace(analyst.identity, suggests_only=True)
    await until(run, "write_theory")
    assert (await document(run))["status"] == "suggestion"


async def test_memos_of_the_steps_are_kept(run: TheoryRun) -> None:
    run.outside.analyst.axial = lambda codes: AxialCoding(
        (ProposedCategory("Todo", "", tuple(code.code_id for code in codes)),), (), "Dudé."
    )
    await until(run, "write_theory")
    memos = {memo["step"]: memo["text"] for memo in (await document(run))["memos"]}
    assert memos == {"axial_coding": "Dudé.", "selective_coding": "Érase…"}
