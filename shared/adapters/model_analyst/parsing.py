"""What a model said, read as a form: strictly first, then tolerantly, and never when it was cut off."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from shared.adapters.model_analyst.forms import Form
from shared.domain.errors import MalformedAnswer, Truncated

F = TypeVar("F", bound=Form)

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)  # some open models think aloud before they answer
_CLOSES = {"{": "}", "[": "]"}
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]"]', re.DOTALL)  # whole strings, brackets, a string without end


def parsed(text: str, form: type[F]) -> F:
    """The answer as a form. Raises Truncated when its JSON does not end, MalformedAnswer when it has no such form."""
    try:
        return form.model_validate_json(text)
    except ValidationError:
        pass  # now tolerantly
    value = _tolerant(_largest_region(_THOUGHTS.sub("", text)))
    if isinstance(value, list) and len(form.model_fields) == 1:
        value = {next(iter(form.model_fields)): value}  # the list itself instead of the object around it
    try:
        return form.model_validate(value)
    except ValidationError as error:
        problem = _problem(error)
    raise MalformedAnswer(f"The model's answer does not have the agreed form ({problem})")


def _problem(error: ValidationError) -> str:
    """Where and what, without the values: they may be words of a document."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "answer"
    return f"{place}: {first['type']}, {error.error_count()} in all"


def _largest_region(text: str) -> str:
    """The largest stretch from an opening bracket to its end: the answer without fences and talk around it."""
    regions, at = [], 0
    while (start := _next_bracket(text, at)) is not None:
        at = _end_of(text, start)
        regions.append(text[start:at])
    if not regions:
        raise MalformedAnswer("The model's answer holds no JSON")
    return max(regions, key=len)


def _next_bracket(text: str, at: int) -> int | None:
    found = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
    return min(found, default=None)


def _end_of(text: str, start: int) -> int:
    """Where the bracket at `start` is closed, counting brackets outside of strings.

    A text that ends before that was cut off. Only when it ends inside a string and yet with a closing bracket is the
    more likely reason a quotation mark that was not escaped; that is malformed, and can be asked for again.
    """
    depth = 0
    for token in _TOKENS.finditer(text, start):
        sign = token.group()
        if sign == '"':
            _raise_for_open_string(text, _CLOSES[text[start]])
        elif sign in _CLOSES:
            depth += 1
        elif sign in _CLOSES.values():
            depth -= 1
            if depth == 0:
                return token.end()
    raise Truncated()


def _raise_for_open_string(text: str, closing: str) -> NoReturn:
    if text.rstrip().removesuffix("```").rstrip().endswith(closing):
        raise MalformedAnswer("The model's answer is not valid JSON: a quotation mark inside a string is not escaped")
    raise Truncated()


def _tolerant(region: str) -> Any:
    """The region's value: control characters in strings allowed, and failing that, repaired by a library."""
    try:
        return json.loads(region, strict=False)
    except ValueError:
        from json_repair import repair_json

        return repair_json(region, return_objects=True, skip_json_loads=True)
