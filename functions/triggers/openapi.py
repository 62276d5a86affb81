"""The OpenAPI 3.1 document, made from the table of operations and the models that the triggers parse with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from functions.triggers.api import EVERYBODY, FORM, JSON, MACHINE, OPERATIONS, Operation
from functions.triggers.api_models import Problem

Plain = dict[str, Any]
Key = tuple[Operation | None, int | str]

PROBLEM = "application/problem+json"
_IN_PATH = re.compile(r"{(\w+)}")
_TEXT: Plain = {"type": "string"}
_SECONDS: Plain = {"type": "integer", "minimum": 0}
_HEADERS: dict[str, tuple[str, Plain]] = {
    "Location": ("Where the result, or its progress, will be", _TEXT),
    "Retry-After": ("Seconds after which to ask", _SECONDS),
    "ETag": ("The record's version, for If-Match", _TEXT),
    "If-Match": ("The version that the change is based on; it fails where that is an older one", _TEXT),
    "Idempotency-Key": ("The same key gives the same project", {**_TEXT, "maxLength": 200}),
    "Content-Disposition": ("attachment; filename=…: the name of the file that is the body", _TEXT),
    "Content-Language": ("The language of title and detail", {**_TEXT, "enum": ["en", "es"]}),
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of Entra ID; each operation names the role that it takes. Readers see, researchers "
        "change, operators look after what runs; whoever has any role may read.",
    },
    "key": {"type": "apiKey", "in": "header", "name": "x-functions-key", "description": "A function key."},
}


@lru_cache(maxsize=1)
def document() -> Plain:
    """The whole document."""
    wanted: list[tuple[Key, JsonSchemaMode, TypeAdapter[Any]]] = []
    wanted.append(((None, "problem"), "serialization", TypeAdapter(Problem)))
    for operation in OPERATIONS:
        wanted += [
            ((operation, status), "serialization", TypeAdapter(kind))
            for status, kind in operation.answers.items()
            if not isinstance(kind, str)
        ]
        given = {"body": operation.body, "query": operation.query}
        wanted += [((operation, what), "validation", TypeAdapter(kind)) for what, kind in given.items() if kind]
    # Operations cannot be keys of the library's table as they hold dicts, so their positions are.
    numbered = [(number, mode, adapter) for number, (_, mode, adapter) in enumerate(wanted)]
    found, shared = TypeAdapter.json_schemas(
        numbered, ref_template="#/components/schemas/{model}", schema_generator=GenerateJsonSchema
    )
    schemas = _Schemas(
        {(key[0].function if key[0] else "", key[1]): found[n, mode] for n, (key, mode, _) in enumerate(wanted)},
        shared["$defs"],
    )
    paths: dict[str, Plain] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/api/{operation.path}", {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TheoGen",
            "version": "1",
            "description": "Piles of documents into knowledge that can be checked.",
        },
        "paths": paths,
        "components": {"schemas": schemas.shared, "securitySchemes": _SECURITY},
    }


class _Schemas:
    """The schemas of the table's types, by function and place."""

    def __init__(self, found: dict[tuple[str, int | str], Plain], shared: dict[str, Plain]) -> None:
        self._found, self.shared = found, shared

    def of(self, operation: Operation, place: int | str) -> Plain:
        """The schema of what this operation takes or answers there."""
        return self._found[operation.function, place]

    def resolved(self, operation: Operation, place: int | str) -> Plain:
        """The same, itself instead of a reference."""
        schema = self.of(operation, place)
        return self.shared[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema

    @property
    def problem(self) -> Plain:
        """The schema of problem details."""
        return self._found["", "problem"]


def _operation(operation: Operation, schemas: _Schemas) -> Plain:
    security: list[Plain] = {EVERYBODY: [], MACHINE: [{"key": []}]}.get(operation.role, [{"token": [operation.role]}])
    parameters = [*_parameters(operation, schemas)]
    described: Plain = {"operationId": operation.function, "summary": operation.summary, "security": security}
    if parameters:
        described["parameters"] = parameters
    if operation.body or operation.files:
        described["requestBody"] = _body(operation, schemas)
    answers = {str(status): _success(operation, status, schemas) for status in operation.answers}
    bare = {"401": {"description": "The function key is missing."}} if operation.role == MACHINE else {}
    if operation.values:  # of other values the host itself says 404, without a body
        bare["404"] = {"description": "There is no such thing here."}
    failures = {str(status): _failure(status, schemas) for status in _fails(operation)} | bare
    return {**described, "responses": dict(sorted((failures | answers).items()))}


def _fails(operation: Operation) -> set[int]:
    """Statuses of failures: those of its kind, and its own."""
    found = set(operation.fails)
    if operation.role == MACHINE:
        found.add(503)
    if operation.role != EVERYBODY:
        found |= {400, 401, 403, 503}
    if "_id}" in operation.path:
        found.add(404)
    if operation.body or operation.files:
        found.add(413)
    return found


def _parameters(operation: Operation, schemas: _Schemas) -> Iterator[Plain]:
    for name in _IN_PATH.findall(operation.path):
        schema: Plain = {"type": "string", "format": "uuid"}
        if name in operation.values:
            schema = {"type": "string", "enum": list(operation.values[name])}
        elif not name.endswith("_id"):
            schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    if operation.query:
        for name, schema in schemas.resolved(operation, "query")["properties"].items():
            yield {"name": name, "in": "query", "required": False, "schema": _not_null(schema)}
    for name in operation.takes:
        yield {"name": name, "in": "header", "required": False, **_header(name)}


def _not_null(schema: Plain) -> Plain:
    """A query has no null: what is not given is left out."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


def _body(operation: Operation, schemas: _Schemas) -> Plain:
    binary: Plain = {"type": "string", "contentMediaType": "application/octet-stream"}
    files: Plain = {"type": "object", "properties": {"file": {"type": "array", "items": binary}}, "required": ["file"]}
    content: Plain = {JSON: {"schema": schemas.of(operation, "body")}} if operation.body else {}
    content |= {kind: {"schema": files if kind == FORM else binary} for kind in operation.files}
    needed = bool(operation.files or schemas.resolved(operation, "body").get("required"))
    return {"required": needed, "content": content}


def _success(operation: Operation, status: int, schemas: _Schemas) -> Plain:
    kind = operation.answers[status]
    content = {kind: {"schema": _TEXT}} if isinstance(kind, str) else {JSON: {"schema": schemas.of(operation, status)}}
    names = operation.headers + (("Retry-After",) if status == 202 and "ETag" in operation.headers else ())
    return _answer(status, content, names)


def _failure(status: int, schemas: _Schemas) -> Plain:
    if status == 413:  # the host's own, before the app sees the request
        return {"description": "The body is larger than the host takes (100 MB)."}
    content = {PROBLEM: {"schema": schemas.problem}}
    return _answer(status, content, ("Content-Language", *(("Retry-After",) if status in {429, 503} else ())))


def _answer(status: int, content: Plain, headers: tuple[str, ...]) -> Plain:
    described: Plain = {"description": HTTPStatus(status).phrase, "content": content}
    return described | ({"headers": {name: _header(name) for name in headers}} if headers else {})


def _header(name: str) -> Plain:
    description, schema = _HEADERS[name]
    return {"description": description, "schema": schema}
