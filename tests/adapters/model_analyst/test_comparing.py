"""Constant comparison."""

from __future__ import annotations

import json
import random

import pytest

from shared.adapters.model_analyst import ModelAnalyst, likeness
from shared.domain import errors
from shared.domain.analysis import Brief, CodeInContext, Merge
from tests.adapters.model_analyst.conftest import a_code
from tests.support.model_server import ModelServer, behaviours

NORTH, EAST = (1.0, 0.0), (0.0, 1.0)


def verdicts(*rows: tuple[str, bool, str]) -> behaviours.Behaviour:
    said = [{"pair": pair, "reason": f"{pair}.", "same": same, "keep": keep} for pair, same, keep in rows]
    return behaviours.raw(json.dumps({"verdicts": said}))


async def test_only_codes_that_look_alike_are_compared(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    codes = [a_code("a", at=NORTH), a_code("b", at=NORTH), a_code("c", at=EAST), a_code("d", at=(0.6, 0.8))]
    await analyst.consolidate(brief, codes)
    assert server.asked[0].rows("PAIRS") == [{"id": "P1", "codes": ["C1", "C2"]}, {"id": "P2", "codes": ["C3", "C4"]}]


async def test_a_codebook_of_unlike_codes_asks_nobody(analyst: ModelAnalyst, brief: Brief, server: ModelServer) -> None:
    codes = [a_code("a", at=NORTH), a_code("c", at=EAST), CodeInContext("id", "no vector", "", (), ())]
    assert (await analyst.consolidate(brief, codes)).merges == ()
    assert (await analyst.consolidate(brief, [])).merges == ()
    assert not server.asked


async def test_codes_found_to_be_one_idea_are_merged_into_the_better_label_with_the_reason(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    server.script(verdicts(("P1", True, "C2")))
    found = await analyst.consolidate(brief, [a_code("a", ["1", "2"], NORTH), a_code("b", at=NORTH)])
    assert found.merges == (Merge("id b", ("id a",), "P1."),)
    assert found.set_aside == ()


async def test_merges_join_into_groups(analyst: ModelAnalyst, brief: Brief, server: ModelServer) -> None:
    server.script(verdicts(("P1", True, "C1"), ("P2", True, "C1"), ("P3", True, "C2")))
    found = await analyst.consolidate(brief, [a_code(label, at=NORTH) for label in "cab"])
    assert found.merges == (Merge("id a", ("id b", "id c"), "P1. P2. P3."),)


async def test_a_chain_of_likenesses_does_not_overrule_a_difference(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    server.script(verdicts(("P1", True, "C1"), ("P2", False, "C1"), ("P3", True, "C2")))
    found = await analyst.consolidate(brief, [a_code(label, at=NORTH) for label in "abc"])
    assert [(merge.kept, merge.merged) for merge in found.merges] == [("id a", ("id b",))]


async def test_pairs_without_a_verdict_and_verdicts_without_a_pair_merge_nothing(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    server.script(verdicts(("P7", True, "C1"), ("P1", True, "C9")))
    found = await analyst.consolidate(brief, [a_code(label, at=NORTH) for label in "abc"])
    assert [(merge.kept, merge.merged) for merge in found.merges] == [("id a", ("id b",))]


async def test_the_order_of_the_codebook_does_not_change_the_question(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    codes = [a_code(f"speaking of evening {n}") for n in range(30)]
    first = await analyst.consolidate(brief, codes)
    asked = len(server.asked)
    random.Random(3).shuffle(codes)
    assert await analyst.consolidate(brief, codes) == first
    assert len(server.asked) == asked > 1
    assert all(len(one.rows("PAIRS")) <= 40 for one in server.asked)


async def test_a_batch_that_is_filtered_leaves_its_codes_apart_and_the_rest_goes_on(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    codes = [a_code(f"{n} speaking of evening") for n in range(30)]
    server.always(behaviours.filtered, lambda asked: '"0 speaking of evening"' in asked.user)
    found = await analyst.consolidate(brief, codes)
    filtered = [asked for asked in server.asked if asked.status == 400]
    assert 0 < len(filtered) < len(server.asked)
    assert found.merges
    assert "id 0 speaking of evening" not in str(found.merges)


@pytest.mark.parametrize(("fault", "expected"), [(behaviours.filtered, errors.ContentFiltered)])
async def test_when_every_batch_fails_the_comparison_fails(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer, fault: behaviours.Behaviour, expected: type[Exception]
) -> None:
    server.always(fault)
    with pytest.raises(expected):
        await analyst.consolidate(brief, [a_code("a", at=NORTH), a_code("b", at=NORTH)])


async def test_a_throttled_batch_raises_and_what_was_answered_is_not_asked_again(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    codes = [a_code(f"speaking of evening {n}") for n in range(30)]
    server.script(behaviours.throttled(retry_after="2"))
    with pytest.raises(errors.Throttled):
        await analyst.consolidate(brief, codes)
    asked = len(server.asked)
    await analyst.consolidate(brief, codes)
    assert len(server.asked) == asked + 1


def test_of_too_many_pairs_the_most_similar_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "MOST_PAIRS", 1)
    codes = [a_code("a", at=NORTH), a_code("b", at=(0.8, 0.6)), a_code("c", at=NORTH)]
    assert likeness.alike(codes) == ([(0, 2)], 2)
