"""Holds the app's answers against its OpenAPI document."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import jsonschema_rs

from functions.triggers.openapi import document

Plain = dict[str, Any]


def check_answer(method: str, path: str, status: int, content_type: str, data: bytes) -> None:
    """Raise AssertionError where an answer to `/api/{path}` is not as described. Other paths are the host's: 404."""
    found = operation_of(method, path.partition("?")[0])
    if found is None:
        assert status == 404, f"{method} {path} answered {status} and is not in the OpenAPI document."
        return
    described = found["responses"].get(str(status))
    assert described is not None, (
        f"{method} {path} answered {status}, which the OpenAPI document does not have: {data[:500]!r}"
    )
    if "content" not in described:
        return
    media_type = content_type.partition(";")[0].strip()
    assert media_type in described["content"], f"{method} {path} answered {status} as {media_type or 'nothing'}."
    if "json" in media_type:
        error = next(_validator(found["operationId"], str(status), media_type).iter_errors(json.loads(data)), None)
        assert error is None, f"{method} {path} answered {status} otherwise than the OpenAPI document has it: {error}"


def operation_of(method: str, path: str) -> Plain | None:
    """The operation that a request is for."""
    return next((found for verb, pattern, found in _operations() if verb == method and pattern.fullmatch(path)), None)


@lru_cache(maxsize=1)
def _operations() -> list[tuple[str, re.Pattern[str], Plain]]:
    return [
        (method.upper(), _pattern(path, operation), operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def _pattern(path: str, operation: Plain) -> re.Pattern[str]:
    text = re.escape(path.removeprefix("/api/"))
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            schema = parameter["schema"]
            kind = "|".join(schema["enum"]) if "enum" in schema else "[^/]+"
            text = text.replace(re.escape(f"{{{parameter['name']}}}"), f"({kind})")
    return re.compile(text)


@lru_cache
def _validator(operation_id: str, status: str, media_type: str) -> jsonschema_rs.Draft202012Validator:
    found = next(operation for _, _, operation in _operations() if operation["operationId"] == operation_id)
    schema = found["responses"][status]["content"][media_type]["schema"]
    whole = {**schema, "components": {"schemas": document()["components"]["schemas"]}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
