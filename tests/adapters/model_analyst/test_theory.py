"""From a codebook to a theory."""

from __future__ import annotations

import json
import random

import pytest

from shared.adapters.model_analyst import ModelAnalyst
from shared.domain import errors
from shared.domain.analysis import (
    AxialCoding,
    Brief,
    CodeInContext,
    CoreChoice,
    ProposedCategory,
    ProposedRelation,
    RelationKind,
)
from tests.adapters.model_analyst.conftest import a_code
from tests.support.model_server import ModelServer, behaviours

CODES = [a_code(f"code {n:02}", [f"quote {n} a", f"quote {n} b", f"quote {n} c"]) for n in range(20)]
AXIAL = AxialCoding(
    (
        ProposedCategory("switching off", "", ("id code 00", "id code 01")),
        ProposedCategory("being available", "", ("id code 02",)),
    ),
    (ProposedRelation("being available", "switching off", RelationKind.CONDITION, "It makes.", ("code 02/1",)),),
)
CORE = CoreChoice("switching off", "It is central.", "A story.")


def answered(**fields: object) -> behaviours.Behaviour:
    return behaviours.raw(json.dumps(fields))


def a_category(label: str, *codes: str) -> dict[str, object]:
    return {"definition": "d", "codes": codes, "label": label}


async def test_categories_hold_known_codes_once_and_the_rest_stays_outside(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    some = [
        a_category("one", "C1", "C2", "C77"),
        a_category("two", "C2"),
        a_category("ONE", "C3"),
        a_category("", "C4"),
    ]
    server.script(answered(categories=some, memo="m"))
    axial = await analyst.categorise(brief, CODES)
    assert axial.categories == (ProposedCategory("one", "d", ("id code 00", "id code 01", "id code 02")),)
    assert axial.relations == ()


async def test_relations_rest_on_quotes_that_were_shown(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    def relation(source: str, target: str, kind: str, *evidence: str) -> dict[str, object]:
        return {"evidence": evidence, "source": source, "target": target, "kind": kind, "statement": "s"}

    server.script(
        answered(categories=[a_category("a", "C1"), a_category("b", "C2")], memo="first"),
        answered(
            relations=[
                relation("K1", "K2", "condition", "E1", "E4", "E4", "E99"),
                relation("K1", "K2", "condition", "E2"),
                relation("K1", "K3", "condition", "E1"),
                relation("K1", "K1", "context", "E1"),
                relation("K2", "K1", "friendship", "E1"),
                relation("K2", "K1", "action", "E99"),
                relation("K2", "K1", "contradiction", "E5"),
            ],
            memo="second",
        ),
    )
    axial = await analyst.categorise(brief, CODES)
    assert axial.relations == (
        ProposedRelation("a", "b", RelationKind.CONDITION, "s", ("code 00/1", "code 01/1")),
        ProposedRelation("b", "a", RelationKind.CONTRADICTION, "s", ("code 01/2",)),
    )
    assert axial.memo == "first\n\nsecond"


async def test_no_codes_ask_nobody(analyst: ModelAnalyst, brief: Brief, server: ModelServer) -> None:
    assert await analyst.categorise(brief, []) == AxialCoding(())
    with pytest.raises(errors.NothingToStudy):
        await analyst.choose_core(brief, AxialCoding(()), [])
    assert not server.asked


async def test_a_large_codebook_is_bounded_and_the_memo_says_what_was_left_out(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    codes = [a_code(f"code {n:04}", ["a long quote " * 60] * (1 + n % 5)) for n in range(1000)]
    axial = await analyst.categorise(brief, codes)
    first, second = server.asked
    assert len(first.rows("CODES")) == 200
    assert min(row["uses"] for row in first.rows("CODES")) == 5
    assert len(second.rows("EVIDENCE")) == 240
    assert max(len(asked.user) for asked in server.asked) < 250_000
    assert "Only the 200 most used of 1000 codes" in axial.memo
    assert "the other 800 have no category" in axial.memo
    assert "Only 240 of 1000 quotes" in axial.memo


async def test_quotes_of_several_documents_come_before_a_second_of_one(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    await analyst.categorise(brief, CODES)
    shown = server.asked[0].rows("CODES")[0]
    assert (shown["uses"], shown["documents"], shown["quotes"]) == (3, 3, ["quote 0 a", "quote 0 b"])


async def test_names_of_documents_are_not_sent(analyst: ModelAnalyst, brief: Brief, server: ModelServer) -> None:
    await analyst.theorise(brief, AXIAL, CORE, CODES)
    assert "Interview" not in server.asked[0].user
    assert server.asked[0].rows("EVIDENCE")[0]["document"] == "D1"


async def test_the_order_of_codes_and_categories_does_not_change_the_question(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    shuffled = random.Random(5).sample(CODES, len(CODES))
    mirrored = AxialCoding(AXIAL.categories[::-1], AXIAL.relations)
    for codes, axial in ((CODES, AXIAL), (shuffled, mirrored)):
        await analyst.categorise(brief, codes)
        await analyst.choose_core(brief, axial, codes)
        await analyst.theorise(brief, axial, CORE, codes)
    assert server.purposes() == ["axial_coding", "axial_relations", "selective_coding", "theory"]


async def test_the_core_is_one_of_the_categories_or_asked_for_again(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    server.script(
        answered(rationale="r", category="K9", storyline="s"), answered(rationale="r", category="K1", storyline="s")
    )
    assert await analyst.choose_core(brief, AXIAL, CODES) == CoreChoice("being available", "r", "s")
    assert len(server.asked) == 2


async def test_a_core_that_does_not_exist_twice_is_an_error(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    server.always(answered(rationale="r", category="the first", storyline="s"))
    with pytest.raises(errors.MalformedAnswer):
        await analyst.choose_core(brief, AXIAL, CODES)
    assert len(server.asked) == 2


async def test_propositions_without_support_are_dropped_and_doubt_counts_against(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    def proposition(supporting: list[str], contradicting: list[str], categories: list[str]) -> dict[str, object]:
        return {
            "supporting": supporting,
            "contradicting": contradicting,
            "categories": categories,
            "statement": "People do.",
        }

    server.script(
        answered(
            propositions=[
                proposition(["E1", "E2", "E99"], ["E2", "E4"], ["K1", "K2", "K7"]),
                proposition(["E99"], [], ["K1"]),
                proposition(["E3"], ["E3"], ["K1"]),
            ],
            title="t",
            summary="s",
            memo="m",
        )
    )
    theory = await analyst.theorise(brief, AXIAL, CORE, CODES)
    (only,) = theory.propositions
    assert only.categories == ("being available", "switching off")
    assert only.supporting == ("code 02/1",)
    assert only.contradicting == ("code 02/2", "code 00/1")


async def test_core_and_relations_are_told_by_short_ids(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    await analyst.theorise(brief, AXIAL, CORE, CODES)
    asked = server.asked[0]
    assert asked.rows("CORE")[0]["category"] == "K2"
    assert asked.rows("RELATIONS")[0] | {"statement": ""} == {
        "source": "K1",
        "kind": "condition",
        "target": "K2",
        "statement": "",
        "quotes": 1,
    }


async def test_codes_of_a_category_that_are_gone_do_no_harm(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    nobody: list[CodeInContext] = []
    theory = await analyst.theorise(brief, AXIAL, CORE, nobody)
    assert theory.propositions == ()
