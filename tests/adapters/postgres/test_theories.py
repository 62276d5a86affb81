"""The theory, its evidence and memos as Postgres keeps them, and as the API and the report show them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from functions.triggers.answers import answer
from shared.domain.analysis import AxialCoding, Consolidation, CoreChoice, Merge, ProposedProposition, ProposedTheory
from shared.domain.errors import NotFound
from shared.domain.report import theory_markdown
from shared.domain.runs import Run
from tests.adapters.postgres.test_codebook import WHO, Coded, axial, coded, relation
from tests.support.database import Study
from tests.support.theories import theory as theory_of_the_contract

__all__ = ["coded"]

ANALYST = {
    "name": "scripted", "model": "m-1", "prompt_version": "p-1", "suggests_only": False, "coder": "scripted/m-1/p-1",
}  # fmt: skip


def theory(coded: Coded, *propositions: ProposedProposition) -> ProposedTheory:
    one, two = coded.applications[0].application_id, coded.applications[2].application_id
    default = ProposedProposition("Sin aviso no hay calma", ("Poder", "Ánimo"), (one,), (two,))
    return ProposedTheory("La hora que nadie explica", "Resumen.", propositions or (default,), "Dudé.")


async def written(coded: Coded, *theories: ProposedTheory, analyst: dict[str, Any] | None = None) -> str:
    async with coded.study.tenant() as tx:
        await tx.codebook.categorise(coded.run, axial(coded, relation(coded, 0, 4)))
        await tx.codebook.set_core(coded.run, CoreChoice("Poder", "Une todo", "Érase"))
        await tx.theories.memo(coded.run, "axial_coding", "Primero esto.")
        await tx.theories.memo(coded.run, "theorising", "")
        for each in theories or (theory(coded),):
            theory_id = await tx.theories.put(coded.run, each, "es", analyst or ANALYST)
        await tx.theories.complete(coded.run, theory_id, await tx.theories.coverage(coded.run, WHO))
    return theory_id


async def document(study: Study, theory_id: str) -> dict[str, Any]:
    async with study.tenant() as tx:
        return await tx.theories.document(theory_id)


def shape(value: Any) -> Any:
    """The fields of a document, without its values."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


async def test_the_document_has_every_field_of_the_contract(coded: Coded) -> None:
    coverage_gap = {"passage_id": "p", "document": "d", "page": 1, "reason": "content_filter"}
    found = await document(coded.study, await written(coded))
    assert isinstance(found["created_at"], datetime)
    found["created_at"] = found["created_at"].isoformat()
    found["coverage"]["not_covered"] = [coverage_gap]
    assert shape(found) == shape(theory_of_the_contract())


async def test_the_document_can_be_answered_and_reported(coded: Coded) -> None:
    found = await document(coded.study, await written(coded))
    plain = json.loads(answer(found).get_body())
    report = theory_markdown(plain)
    for words in ("La hora que nadie explica", "Sin aviso no hay calma", "nadie me avisó", "Poder"):
        assert words in report


async def test_quotes_lead_from_claims_to_characters_of_documents(coded: Coded) -> None:
    found = await document(coded.study, await written(coded))
    [proposition], [related] = found["propositions"], found["relations"]
    [quote], [against] = proposition["supporting"], proposition["contradicting"]
    passage = coded.passages[0]
    assert (quote["document"], quote["quote"], quote["start"], quote["end"]) == (
        "a.txt", passage.text, passage.start, passage.end,
    )  # fmt: skip
    assert (quote["passage_id"], quote["code"]) == (passage.passage_id, "aviso")
    assert against["document"] == "b.txt"
    assert [e["application_id"] for e in related["evidence"]] == [
        coded.applications[0].application_id,
        coded.applications[4].application_id,
    ]
    assert found["core_category"]["label"] == "Poder"
    assert [category["label"] for category in found["categories"]] == ["Poder", "Ánimo"]
    assert found["categories"][0]["codes"][0]["applications"] == 3
    assert found["memos"] == [{"step": "axial_coding", "text": "Primero esto."}]


async def test_a_theory_put_twice_is_one(coded: Coded) -> None:
    theory_id = await written(coded, theory(coded), theory(coded))
    once = await document(coded.study, theory_id)
    assert len(once["propositions"]) == 1
    assert len(once["propositions"][0]["supporting"]) == 1
    async with coded.study.tenant() as tx:
        assert [row["theory_id"] for row in await tx.theories.listing(coded.study.project_id)] == [theory_id]


async def test_a_theory_put_again_with_less_keeps_nothing_of_the_first(coded: Coded) -> None:
    quotes = [(application.application_id,) for application in coded.applications]
    longer = theory(coded, *(ProposedProposition(f"P{n}", (), quote) for n, quote in enumerate(quotes)))
    shorter = theory(coded, ProposedProposition("P0", (), quotes[3]))
    found = await document(coded.study, await written(coded, longer, shorter))
    assert [p["statement"] for p in found["propositions"]] == ["P0"]
    assert [e["application_id"] for e in found["propositions"][0]["supporting"]] == [*quotes[3]]
    claims = {found["propositions"][0]["proposition_id"], found["relations"][0]["relation_id"]}
    rows = await coded.rows("select distinct claim_id from evidence where run_id = $1", coded.run.run_id)
    assert {row["claim_id"] for row in rows} == claims


async def test_codes_that_were_merged_are_shown_and_cited_under_the_code_they_went_into(coded: Coded) -> None:
    await coded.compare(Consolidation((Merge(coded.a.code_id, (coded.b.code_id,), "Lo mismo."),)))
    found = await document(
        coded.study,
        await written(coded, theory(coded, ProposedProposition("P", (), (coded.applications[3].application_id,)))),
    )
    assert found["propositions"][0]["supporting"][0]["code"] == "aviso"
    assert found["categories"][0]["codes"][0]["applications"] == 4


async def test_what_an_analyst_only_suggests_is_a_suggestion(coded: Coded) -> None:
    found = await document(coded.study, await written(coded, analyst={**ANALYST, "suggests_only": True}))
    assert found["status"] == "suggestion"


async def test_a_theory_without_a_question_of_its_own_answers_the_project_s(study: Study) -> None:
    asking = await Study.begin(study.database, question="¿Qué cambió?")
    asked = []
    requests: list[dict[str, Any]] = [{}, {"research_question": "¿Y a quién?"}]
    for request in requests:
        run: Run = await asking.run(request)
        async with asking.tenant() as tx:
            theory_id = await tx.theories.put(run, ProposedTheory("T", "S", ()), "es", ANALYST)
            await tx.runs.finish(run.run_id, "completed")
        asked.append((await document(asking, theory_id))["research_question"])
    assert asked == ["¿Qué cambió?", "¿Y a quién?"]


async def test_only_finished_theories_are_listed_newest_first(coded: Coded) -> None:
    first = await written(coded)
    async with coded.study.tenant() as tx:
        await tx.runs.finish(coded.run.run_id, "completed")
    second = await coded.study.run()
    async with coded.study.tenant() as tx:
        draft = await tx.theories.put(second, ProposedTheory("Otra", "S", ()), "es", ANALYST)
        assert [row["theory_id"] for row in await tx.theories.listing(coded.study.project_id)] == [first]
        await tx.theories.complete(second, draft, {})
        assert [row["theory_id"] for row in await tx.theories.listing(coded.study.project_id)] == [draft, first]


async def test_the_last_memo_of_a_step_counts(coded: Coded) -> None:
    async with coded.study.tenant() as tx:
        for text in ("Uno.", "Dos.", ""):
            await tx.theories.memo(coded.run, "theorising", text)
    assert await coded.rows("select text from memos where run_id = $1", coded.run.run_id) == [{"text": "Dos."}]


async def test_a_theory_of_another_tenant_is_answered_like_none(coded: Coded) -> None:
    theory_id = await written(coded)
    with pytest.raises(NotFound):
        await document(await Study.begin(coded.study.database), theory_id)


async def test_an_axial_coding_without_anything_is_empty(coded: Coded) -> None:
    async with coded.study.tenant() as tx:
        assert await tx.codebook.axial(coded.run.run_id) == AxialCoding(())
