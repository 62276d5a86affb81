"""Codes, their applications, constant comparison and axial coding as Postgres keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain import ids
from shared.domain.analysis import (
    AxialCoding,
    Consolidation,
    CoreChoice,
    Merge,
    ProposedCategory,
    ProposedRelation,
    RelationKind,
)
from shared.domain.codebook import Application, Code, Passage, PassageCoding
from shared.domain.errors import NotFound
from shared.domain.runs import Run
from tests.support.database import Study

CODER = ("scripted/m-1/p-1", "m-1", "p-1")
WHO = CODER[0]


def code(study: Study, label: str) -> Code:
    return Code(ids.code_id(study.project_id, label), label, label, f"Qué es {label}")


def application(code: Code, passage: Passage, coder: str = WHO) -> Application:
    key = ids.application_id(code.code_id, passage.document_id, passage.start, passage.end, coder)
    return Application(
        key, code.code_id, passage.document_id, passage.passage_id, passage.start, passage.end, passage.page,
        passage.text, "exact", "Lo dice.",
    )  # fmt: skip


class Coded:
    """Three codes on the passages of two interviews: `a` on all, `b` and `c` on one each."""

    def __init__(self, study: Study, run: Run, passages: list[Passage]) -> None:
        self.study, self.run, self.passages = study, run, passages
        self.documents = list(dict.fromkeys(passage.document_id for passage in passages))
        self.a, self.b, self.c = (code(study, label) for label in ("aviso", "bronca", "calma"))
        self.applications = [application(self.a, passage) for passage in passages]
        self.applications += [application(self.b, passages[0]), application(self.c, passages[2])]

    async def write(self) -> None:
        async with self.study.tenant() as tx:
            await tx.codebook.add(self.run, CODER, [self.a, self.b, self.c], self.applications)

    async def labels(self, *, merged: bool) -> dict[str, int]:
        async with self.study.tenant() as tx:
            codes = await tx.codebook.in_context(self.documents, WHO, merged=merged)
        return {found.label: len(found.evidence) for found in codes}

    async def compare(self, result: Consolidation, *codes: Code) -> None:
        async with self.study.tenant() as tx:
            await tx.codebook.consolidate(
                self.run, result, [each.code_id for each in codes or (self.a, self.b, self.c)]
            )

    async def states(self) -> dict[str, tuple[str, str | None]]:
        rows = await self.rows(
            "select label, state, merged_into from codes where project_id = $1", self.study.project_id
        )
        return {row["label"]: (row["state"], row["merged_into"]) for row in rows}

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        async with self.study.database.tenant_connection(self.study.tenant_id) as db:
            return [dict(row) for row in await db.fetch(query, *arguments)]


@pytest.fixture
async def coded(study: Study) -> Coded:
    passages = await study.with_passages("nadie me avisó", "me enfadé", data=b"1", name="a.txt")
    passages += await study.with_passages("ya estoy tranquila", data=b"2", name="b.txt")
    result = Coded(study, await study.run({"documents": [p.document_id for p in passages]}), passages)
    await result.write()
    return result


async def test_codes_and_applications_written_twice_are_there_once(coded: Coded) -> None:
    before = await coded.rows("select * from code_applications where run_id = $1 order by 1", coded.run.run_id)
    await coded.write()
    assert await coded.rows("select * from code_applications where run_id = $1 order by 1", coded.run.run_id) == before
    assert len(before) == 5
    assert await coded.labels(merged=False) == {"aviso": 3, "bronca": 1, "calma": 1}


async def test_the_first_definition_of_a_code_stays(coded: Coded) -> None:
    again = Code(coded.a.code_id, "Aviso", "aviso", "Otra cosa")
    async with coded.study.tenant() as tx:
        await tx.codebook.add(coded.run, CODER, [again], [])
        [first] = [c for c in await tx.codebook.listing(coded.study.project_id) if c["code_id"] == coded.a.code_id]
    assert (first["label"], first["definition"]) == ("aviso", "Qué es aviso")


async def test_a_coder_is_asked_only_for_passages_that_it_has_not_dealt_with(coded: Coded) -> None:
    first, second, _ = coded.passages
    codings = [PassageCoding(first.passage_id, first.document_id, None, 2, 1, 0, 1)]
    async with coded.study.tenant() as tx:
        await tx.codebook.covered(coded.run, WHO, codings)
        await tx.codebook.covered(coded.run, WHO, [PassageCoding(first.passage_id, first.document_id, "too_long")])
        assert await tx.codebook.uncoded(first.document_id, 0, 9, WHO) == [second]
        assert await tx.codebook.uncoded(first.document_id, 0, 0, WHO) == []
        assert await tx.codebook.uncoded(first.document_id, 0, 9, "other/m/p") == [first, second]
        assert await tx.codebook.coded_count(coded.documents, WHO) == (1, 3)
        assert (await tx.theories.coverage(coded.run, WHO))["not_covered"] == []


async def test_coverage_counts_passages_and_quotes_and_names_what_was_not_covered(coded: Coded) -> None:
    first, second, third = coded.passages
    codings = [
        PassageCoding(first.passage_id, first.document_id, None, 4, 2, 1, 1),
        PassageCoding(second.passage_id, second.document_id, "content_filter"),
    ]
    async with coded.study.tenant() as tx:
        await tx.codebook.covered(coded.run, WHO, codings)
        await tx.codebook.covered(coded.run, "other/m/p", [PassageCoding(third.passage_id, third.document_id, "x", 9)])
        await tx.runs.plan(coded.run.run_id, coded.documents)
        coverage = await tx.theories.coverage(await tx.runs.get(coded.run.run_id), WHO)
    assert coverage == {
        "documents": 2,
        "passages": 3,
        "coded_passages": 1,
        "quotes_proposed": 4,
        "quotes_verified": 2,
        "quotes_repaired": 1,
        "quotes_dropped": 1,
        "not_covered": [{"passage_id": second.passage_id, "document": "a.txt", "page": 1, "reason": "content_filter"}],
    }


async def test_evidence_stands_in_order_of_documents_and_places(coded: Coded) -> None:
    async with coded.study.tenant() as tx:
        codes = await tx.codebook.in_context(coded.documents, WHO, merged=False)
        fewer = await tx.codebook.in_context(coded.documents[1:], WHO, merged=False)
        none = await tx.codebook.in_context(coded.documents, "other/m/p", merged=False)
    assert [found.label for found in codes] == ["aviso", "bronca", "calma"]
    assert [evidence.quote for evidence in codes[0].evidence] == [passage.text for passage in coded.passages]
    assert {found.label: len(found.evidence) for found in fewer} == {"aviso": 1, "calma": 1}
    assert none == []


async def test_merged_codes_bring_their_quotes_along_and_stay_on_record(coded: Coded) -> None:
    merge = Merge(coded.a.code_id, (coded.b.code_id,), "Lo mismo.")
    await coded.compare(Consolidation((merge,), (coded.c.code_id,)))
    assert await coded.labels(merged=True) == {"aviso": 4}
    assert await coded.labels(merged=False) == {"aviso": 3, "bronca": 1, "calma": 1}
    assert await coded.states() == {
        "aviso": ("active", None), "bronca": ("merged", coded.a.code_id), "calma": ("set_aside", None),
    }  # fmt: skip
    [record] = await coded.rows("select merged, kept, reason from code_merges where run_id = $1", coded.run.run_id)
    assert record == {"merged": coded.b.code_id, "kept": coded.a.code_id, "reason": "Lo mismo."}
    async with coded.study.tenant() as tx:
        [listed] = await tx.codebook.listing(coded.study.project_id)
    assert (listed["label"], listed["applications"], listed["documents"]) == ("aviso", 4, 2)


async def test_a_comparison_can_be_run_again_and_changed(coded: Coded) -> None:
    merge = Merge(coded.a.code_id, (coded.b.code_id,), "Lo mismo.")
    for _ in range(2):
        await coded.compare(Consolidation((merge,), (coded.c.code_id,)))
    once = await coded.states()
    assert once["bronca"] == ("merged", coded.a.code_id)
    await coded.compare(Consolidation((Merge(coded.c.code_id, (coded.b.code_id,), "Mejor así."),)))
    assert await coded.states() == {
        "aviso": ("active", None), "bronca": ("merged", coded.c.code_id), "calma": ("active", None),
    }  # fmt: skip
    [record] = await coded.rows("select kept, reason from code_merges where run_id = $1", coded.run.run_id)
    assert record == {"kept": coded.c.code_id, "reason": "Mejor así."}


async def test_what_went_into_a_code_goes_on_with_it_when_that_is_merged_later(coded: Coded) -> None:
    await coded.compare(Consolidation((Merge(coded.b.code_id, (coded.c.code_id,), "Una."),)))
    await coded.compare(Consolidation((Merge(coded.a.code_id, (coded.b.code_id,), "Dos."),)), coded.a, coded.b)
    assert await coded.labels(merged=True) == {"aviso": 5}
    async with coded.study.tenant() as tx:
        [listed] = await tx.codebook.listing(coded.study.project_id)
    assert listed["applications"] == 5


def relation(coded: Coded, *applications: int) -> ProposedRelation:
    evidence = tuple(coded.applications[n].application_id for n in applications)
    return ProposedRelation("Poder", "Ánimo", RelationKind.CONDITION, "Uno pesa en otro.", evidence)


def axial(coded: Coded, *relations: ProposedRelation) -> AxialCoding:
    return AxialCoding(
        (
            ProposedCategory("Poder", "Quién decide", (coded.a.code_id,)),
            ProposedCategory("Ánimo", "Cómo se está", tuple(sorted((coded.b.code_id, coded.c.code_id)))),
        ),
        relations,
    )


async def test_axial_coding_comes_back_as_it_was_written(coded: Coded) -> None:
    wanted = axial(coded, relation(coded, 2, 0, 1))
    async with coded.study.tenant() as tx:
        for _ in range(2):
            await tx.codebook.categorise(coded.run, wanted)
            assert await tx.codebook.axial(coded.run.run_id) == wanted


async def test_axial_coding_done_again_keeps_nothing_of_the_first_time(coded: Coded) -> None:
    async with coded.study.tenant() as tx:
        await tx.codebook.categorise(coded.run, axial(coded, relation(coded, 0, 1)))
        changed = axial(coded, relation(coded, 2))
        await tx.codebook.categorise(coded.run, changed)
        assert await tx.codebook.axial(coded.run.run_id) == changed
        await tx.codebook.categorise(coded.run, axial(coded))
    assert await coded.rows("select * from evidence where run_id = $1", coded.run.run_id) == []


async def test_one_core_category_a_run(coded: Coded) -> None:
    async with coded.study.tenant() as tx:
        await tx.codebook.categorise(coded.run, axial(coded))
        with pytest.raises(NotFound):
            await tx.codebook.core(coded.run.run_id)
        await tx.codebook.set_core(coded.run, CoreChoice("Poder", "Por esto", "Érase"))
        await tx.codebook.set_core(coded.run, CoreChoice("Ánimo", "Por lo otro", "Érase otra vez"))
        assert await tx.codebook.core(coded.run.run_id) == CoreChoice("Ánimo", "Por lo otro", "Érase otra vez")
    stale = await coded.rows("select rationale from categories where run_id = $1 and not is_core", coded.run.run_id)
    assert stale == [{"rationale": ""}]


async def test_taxonomy_rows_are_what_the_graph_keeps(coded: Coded) -> None:
    await coded.compare(Consolidation((Merge(coded.a.code_id, (coded.b.code_id,), "Lo mismo."),)))
    both = AxialCoding(
        (
            ProposedCategory("Poder", "Quién decide", (coded.a.code_id,)),
            ProposedCategory("Ánimo", "Cómo se está", (coded.c.code_id,)),
        ),
        (relation(coded, 0),),
    )
    async with coded.study.tenant() as tx:
        await tx.codebook.categorise(coded.run, both)
        await tx.codebook.set_core(coded.run, CoreChoice("Poder", "Por esto"))
        rows = await tx.codebook.taxonomy_rows(coded.study.project_id, coded.run.run_id)
    assert {row["label"]: row["applications"] for row in rows["codes"]} == {"aviso": 4, "calma": 1}
    assert {row["label"]: row["core"] for row in rows["categories"]} == {"Poder": True, "Ánimo": False}
    assert {row["code_id"] for row in rows["memberships"]} == {coded.a.code_id, coded.c.code_id}
    assert [row["kind"] for row in rows["relations"]] == ["condition"]
    assert {row["name"] for row in rows["documents"]} == {"a.txt", "b.txt"}
    assert sorted((row["code_id"], row["quotes"]) for row in rows["mentions"]) == sorted(
        [(coded.a.code_id, 3), (coded.a.code_id, 1), (coded.c.code_id, 1)]
    )


async def test_a_nul_in_a_model_s_words_does_not_refuse_a_code(coded: Coded) -> None:
    odd = Code(ids.code_id(coded.study.project_id, "odd"), "o\x00dd", "odd", "half \ud83d of a pair")
    async with coded.study.tenant() as tx:
        await tx.codebook.add(coded.run, CODER, [odd], [application(odd, coded.passages[0])])
        await tx.theories.memo(coded.run, "axial_coding", "a\x00b")
    assert (await coded.labels(merged=False))["odd"] == 1
