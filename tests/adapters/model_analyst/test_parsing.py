"""Reading what a model said."""

from __future__ import annotations

import json

import pytest

from shared.adapters.model_analyst.forms import (
    CodesForm,
    CoreForm,
    DescriptionForm,
    RelationsForm,
    TheoryForm,
    schema_of,
)
from shared.adapters.model_analyst.parsing import parsed
from shared.domain.errors import MalformedAnswer, Truncated
from tests.support.model_server import behaviours

CODE = {"quote": 'he said "no" {really}', "rationale": "r", "label": "saying no", "definition": "d"}
GOOD = json.dumps({"codes": [CODE, CODE | {"label": "another [one]"}]}, ensure_ascii=False)


async def said(behaviour: behaviours.Behaviour) -> str:
    return str((await behaviour.act(GOOD, {})).body)


@pytest.mark.parametrize(
    "behaviour",
    [
        behaviours.good,
        behaviours.fenced,
        behaviours.noisy,
        behaviours.trailing_commas,
        behaviours.thinking_aloud,
    ],
    ids=lambda behaviour: behaviour.name,
)
async def test_noise_around_and_small_faults_lose_nothing(behaviour: behaviours.Behaviour) -> None:
    assert parsed(await said(behaviour), CodesForm) == CodesForm.model_validate_json(GOOD)


async def test_control_characters_inside_strings_lose_nothing_else() -> None:
    form = parsed(await said(behaviours.control_characters), CodesForm)
    assert [code.label for code in form.codes] == ["saying no", "another [one]"]
    assert form.codes[0].quote.strip() == CODE["quote"]


def test_the_list_itself_stands_for_the_object_around_it() -> None:
    assert len(parsed(json.dumps([CODE]), CodesForm).codes) == 1


def test_single_quotes_and_python_words_are_repaired() -> None:
    text = "{'rationale': 'because', 'category': 'K1', 'storyline': 'it\\'s so',}"
    assert parsed(text, CoreForm).category == "K1"


@pytest.mark.parametrize("at", range(1, len(GOOD)))
def test_an_answer_cut_off_anywhere_is_never_accepted(at: int) -> None:
    with pytest.raises((Truncated, MalformedAnswer)):
        parsed(GOOD[:at], CodesForm)


async def test_an_answer_cut_between_two_items_is_truncated_although_it_could_be_closed() -> None:
    text = await said(behaviours.cut_between_items)
    assert text.endswith("}")
    with pytest.raises(Truncated):
        parsed(text, CodesForm)
    with pytest.raises(Truncated):
        parsed(f"```json\n{text}\n```", CodesForm)


@pytest.mark.parametrize(
    "text", ["", "No.", "{}", '{"codes": "none"}', '{"codes": [{"label": "x"}]}', '{"answer": 42}']
)
def test_an_answer_without_the_form_is_malformed(text: str) -> None:
    with pytest.raises(MalformedAnswer):
        parsed(text, CodesForm)


def test_the_complaint_does_not_quote_the_answer() -> None:
    with pytest.raises(MalformedAnswer) as caught:
        parsed('{"codes": [{"label": ["Rosalinda"], "quote": {"Rosalinda": 1}}]}', CodesForm)
    assert "Rosalinda" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("form", [CodesForm, CoreForm, DescriptionForm, RelationsForm, TheoryForm])
def test_schemas_require_every_field_and_allow_no_other(form: type) -> None:
    def check(node: object) -> None:
        if isinstance(node, dict):
            assert not {"$ref", "default", "title"} & (node.keys() - set(node.get("properties", {})))
            if node.get("type") == "object":
                assert node["required"] == list(node["properties"])
                assert node["additionalProperties"] is False
            for part in [*node.get("properties", {}).values(), *node.get("anyOf", []), node.get("items")]:
                check(part)

    check(schema_of(form))
