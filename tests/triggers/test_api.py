"""The OpenAPI document, and the functions that it describes."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest

from functions.triggers.api import EVERYBODY, MACHINE, OPERATIONS, Operation
from functions.triggers.openapi import document
from tests.support.functions import indexed

_CONSTRAINT = re.compile(r"{(\w+):[^}]*}")


def bindings() -> dict[str, tuple[str, frozenset[str], str]]:
    """Route, methods and auth level of each function that HTTP starts."""
    found = {}
    for function in indexed():
        for binding in function.get_bindings():
            plain = binding.get_dict_repr()
            if plain["type"] == "httpTrigger":
                methods = frozenset(str(getattr(method, "name", method)).upper() for method in plain["methods"])
                level = str(getattr(plain["authLevel"], "name", plain["authLevel"])).lower()
                found[function.get_function_name()] = (_CONSTRAINT.sub(r"{\1}", plain["route"]), methods, level)
    return found


def test_the_table_and_the_functions_are_the_same() -> None:
    level = {MACHINE: "function"}
    table = {o.function: (o.path, frozenset({o.method}), level.get(o.role, "anonymous")) for o in OPERATIONS}
    assert table == bindings()
    assert len(table) == len(OPERATIONS)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    plain = document()
    assert plain["openapi"] == "3.1.0"
    references = set(re.findall(r"'#/components/schemas/([^']+)'", str(plain)))
    assert references
    assert references <= plain["components"]["schemas"].keys()
    for schema in plain["components"]["schemas"].values():
        jsonschema_rs.Draft202012Validator({**schema, "components": plain["components"]})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.function)
def test_an_operation_says_who_may_ask_and_how_it_fails(operation: Operation) -> None:
    described = document()["paths"][f"/api/{operation.path}"][operation.method.lower()]
    assert described["summary"]
    answers = described["responses"]
    if operation.role in {EVERYBODY, MACHINE}:
        assert described["security"] == ([] if operation.role == EVERYBODY else [{"key": []}])
    else:
        assert described["security"] == [{"token": [operation.role]}]
        assert {"400", "401", "403", "503"} <= answers.keys()
    named = {p["name"] for p in described.get("parameters", []) if p["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", operation.path))
    for status in ("429", "503"):
        if status in answers and operation.role != EVERYBODY:
            assert "Retry-After" in answers[status]["headers"]


def test_a_body_s_schema_is_that_of_the_model_that_parses_it() -> None:
    schemas: dict[str, Any] = document()["components"]["schemas"]
    for operation in OPERATIONS:
        if operation.body is not None:
            own = operation.body.model_json_schema(ref_template="#/components/schemas/{model}")  # type: ignore[attr-defined]
            own.pop("$defs", None)
            assert schemas[operation.body.__name__] == own
