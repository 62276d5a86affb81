"""The forms that a model's answers must have, and their JSON schemas.

Fields stand in the order in which a model should think: evidence, then reason, then verdict. A schema asks for
every field; validation forgives a missing side note, which only endpoints without strict schemas leave out.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.domain.analysis import RelationKind
from shared.domain.document import DocumentType
from shared.domain.proposals import FIELDS


class Form(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class DescriptionForm(Form):
    """Metadata of a document."""

    title: str
    date: str | None = None
    people: list[str] = []
    organisations: list[str] = []
    topics: list[str] = []
    language: str = ""
    summary: str


class CodeForm(Form):
    """A code for a fragment, the words first."""

    quote: str
    rationale: str = ""
    label: str
    definition: str = ""


class CodesForm(Form):
    """Open coding of a fragment."""

    codes: list[CodeForm]


class QuoteForm(Form):
    """A corrected quote, or none."""

    quote: str | None


class VerdictForm(Form):
    """Whether the two codes of a pair are one idea."""

    pair: str
    reason: str = ""
    same: bool
    keep: str = ""


class VerdictsForm(Form):
    """Constant comparison of some pairs."""

    verdicts: list[VerdictForm]


class CategoryForm(Form):
    """A category and the ids of its codes."""

    definition: str = ""
    codes: list[str]
    label: str


class CategoriesForm(Form):
    """The first half of axial coding."""

    categories: list[CategoryForm]
    memo: str = ""


class RelationForm(Form):
    """A relation of two categories by id. Unknown kinds are dropped later, not held against the whole answer."""

    evidence: list[str]
    source: str
    target: str
    kind: Annotated[str, Field(json_schema_extra={"enum": [kind.value for kind in RelationKind]})]
    statement: str


class RelationsForm(Form):
    """The second half of axial coding."""

    relations: list[RelationForm]
    memo: str = ""


class CoreForm(Form):
    """The core category by id."""

    rationale: str
    category: str
    storyline: str = ""


class PropositionForm(Form):
    """A proposition and the ids of the quotes for and against it."""

    supporting: list[str]
    contradicting: list[str] = []
    categories: list[str] = []
    statement: str


class TheoryForm(Form):
    """A theory."""

    propositions: list[PropositionForm]
    title: str
    summary: str
    memo: str = ""


_FIELD_NAMES: list[JsonValue] = [*sorted({name for names in FIELDS.values() for name in names})]


class TypeForm(Form):
    """What a document is, the words first. Unknown types are read as `other`."""

    quote: str = ""
    reason: str = ""
    type: Annotated[str, Field(json_schema_extra={"enum": [type.value for type in DocumentType]})]


class FieldForm(Form):
    """A field of a business paper, the words first. Unknown fields are dropped later."""

    quote: str = ""
    field: Annotated[str, Field(json_schema_extra={"enum": _FIELD_NAMES})]
    value: str


class RecordForm(Form):
    """The fields of a business paper."""

    fields: list[FieldForm]


class LineForm(Form):
    """A line of a bill, the words first; "" where the line does not say."""

    quote: str
    description: str
    quantity: str = ""
    unit_price: str = ""
    tax_rate: str = ""
    amount: str


class LinesForm(Form):
    """The lines of a part of a bill."""

    rows: list[LineForm]


class MovementForm(Form):
    """A movement of an account, the words first; "" where the row does not say."""

    quote: str
    date: str
    description: str = ""
    amount: str
    balance: str = ""


class MovementsForm(Form):
    """The movements on a part of a statement."""

    rows: list[MovementForm]


_KEPT = ("type", "enum", "anyOf", "items")


@cache
def schema_of(form: type[Form]) -> dict[str, object]:
    """The form's JSON schema as strict mode wants it: every field required, nothing else allowed, no references."""
    whole = form.model_json_schema()
    schema = _strict(whole, whole.get("$defs", {}))
    assert isinstance(schema, dict)
    return schema


def _strict(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(part, definitions) for part in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kept = {key: _strict(value, definitions) for key, value in node.items() if key in _KEPT}
    if "properties" in node:
        kept["properties"] = {name: _strict(part, definitions) for name, part in node["properties"].items()}
        kept["required"] = list(node["properties"])
        kept["additionalProperties"] = False
    return kept
