"""Describing documents, coding fragments, repairing quotes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from shared.adapters.model_analyst import ModelAnalyst
from shared.domain.analysis import Brief, Fragment, ProposedCode
from tests.adapters.model_analyst.conftest import TEXT
from tests.support.model_server import ModelServer, behaviours


def answered(**fields: object) -> behaviours.Behaviour:
    return behaviours.raw(json.dumps(fields))


async def test_the_identity_names_model_and_prompt(analyst: ModelAnalyst) -> None:
    assert analyst.identity.name == "model"
    assert analyst.identity.model == "gpt-test"
    assert analyst.identity.prompt_version
    assert not analyst.identity.suggests_only


async def test_codes_come_with_quotes_of_the_fragment(analyst: ModelAnalyst, brief: Brief, fragment: Fragment) -> None:
    codes = await analyst.code(brief, fragment)
    assert codes
    assert all(code.quote in TEXT and code.label and code.definition and code.rationale for code in codes)


async def test_labels_are_asked_for_in_the_projects_language(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    codes = await analyst.code(replace(brief, language="es"), fragment)
    assert codes[0].label.startswith("hablando de")
    assert "en español" in server.asked[0].system


async def test_codes_without_label_or_quote_and_repetitions_are_dropped_and_six_stay(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    one = {"quote": "I was tired", "rationale": "", "label": "hiding tiredness", "definition": ""}
    more = [one | {"label": f"code {n}"} for n in range(9)]
    server.script(answered(codes=[one, one, one | {"label": " "}, one | {"quote": ""}, *more]))
    codes = await analyst.code(brief, fragment)
    assert [code.label for code in codes] == ["hiding tiredness", *(f"code {n}" for n in range(5))]


async def test_a_fragment_may_have_no_codes(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    server.script(answered(codes=[]))
    assert await analyst.code(brief, fragment) == []


async def test_the_fragment_comes_last_so_that_what_stands_before_can_be_cached(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    await analyst.code(brief, fragment)
    assert server.asked[0].user.splitlines()[-2] == TEXT


async def test_a_quote_is_repaired_or_given_up(
    analyst: ModelAnalyst, brief: Brief, fragment: Fragment, server: ModelServer
) -> None:
    wrong = ProposedCode("talking about telephone", "", "I threw my phone away", "")
    assert await analyst.repair_quote(brief, fragment, wrong) in TEXT.replace(". ", ".|").split("|")
    assert await analyst.repair_quote(brief, fragment, replace(wrong, label="talking about elephants")) is None
    server.script(answered(quote="  "))
    assert await analyst.repair_quote(brief, fragment, replace(wrong, label="another")) is None


async def test_a_document_is_described(analyst: ModelAnalyst, brief: Brief, server: ModelServer) -> None:
    server.script(
        answered(
            title=" Interview 3 ",
            date="2025-03-14",
            people=["Ana", "Ana", ""],
            organisations=[],
            topics=["work"],
            language="EN-us",
            summary="About work.",
        )
    )
    found = await analyst.describe(brief, TEXT, "en")
    assert (found.title, found.date, found.people, found.language) == ("Interview 3", "2025-03-14", ("Ana",), "en")


@pytest.mark.parametrize("date", ["14 March", "2025-02-30", "", None])
async def test_a_date_that_is_none_is_left_out(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer, date: str | None
) -> None:
    server.script(answered(title="t", date=date, people=[], organisations=[], topics=[], language="?", summary="s"))
    found = await analyst.describe(brief, TEXT, "es")
    assert (found.date, found.language) == (None, "es")


async def test_a_long_document_is_described_by_its_beginning_and_its_end(
    analyst: ModelAnalyst, brief: Brief, server: ModelServer
) -> None:
    await analyst.describe(brief, "The beginning. " + "x" * 500_000 + " The end.", "en")
    shown = server.asked[0].blocks()["DOCUMENT"]
    assert shown.startswith("The beginning.")
    assert shown.endswith("The end.")
    assert len(shown) < 31_000
