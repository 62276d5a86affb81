"""Qdrant's filters, from JSON to the engine's objects."""

from typing import Any

import qdrant_edge as edge

from localhost.vectors.errors import unsupported, wrong
from localhost.vectors.fields import a_list, known, required, whole
from localhost.vectors.points import point_id


def to_filter(value: Any) -> Any:
    """A filter, or None when there is none or it is empty."""
    if value is None:
        return None
    parts = known(value, ("must", "should", "must_not", "min_should"), "the filter")
    clauses = {name: _conditions(parts.get(name)) for name in ("must", "should", "must_not")}
    least = _min_should(parts["min_should"]) if "min_should" in parts else None
    if not any(clauses.values()) and least is None:
        return None
    return edge.Filter(**clauses, min_should=least)


def _conditions(value: Any) -> list[Any] | None:
    if value is None:
        return None
    return [_condition(item) for item in (value if isinstance(value, list) else [value])] or None


def _min_should(value: Any) -> Any:
    parts = known(value, ("conditions", "min_count"), "min_should")
    conditions = _conditions(required(parts, "conditions", "min_should")) or []
    return edge.MinShould(conditions, whole(required(parts, "min_count", "min_should"), "min_count"))


def _condition(value: Any) -> Any:
    parts = known(value, _CONDITIONS, "a condition of the filter")
    if "key" in parts:
        return _field(parts)
    if "has_id" in parts:
        return edge.HasIdCondition({point_id(item) for item in a_list(parts["has_id"], "has_id")})
    if "is_empty" in parts:
        return edge.IsEmptyCondition(_key(parts["is_empty"], "is_empty"))
    if "is_null" in parts:
        return edge.IsNullCondition(_key(parts["is_null"], "is_null"))
    # An empty filter matches everything, inside another as well.
    return to_filter(value) or edge.Filter()


_CONDITIONS = (
    *("key", "match", "range", "is_empty", "is_null"),
    *("has_id", "must", "should", "must_not", "min_should"),
)


def _key(value: Any, where: str) -> str:
    return str(required(known(value, ("key",), where), "key", where))


def _field(parts: dict[str, Any]) -> Any:
    parts = known(parts, ("key", "match", "range", "is_empty", "is_null"), "a condition on a field")
    tests: dict[str, Any] = {key: bool(parts[key]) for key in ("is_empty", "is_null") if key in parts}
    if "match" in parts:
        tests["match"] = _match(parts["match"])
    if "range" in parts:
        tests["range"] = _range(parts["range"])
    if len(tests) != 1:
        raise wrong(f"the condition on `{parts['key']}` needs exactly one test")
    return edge.FieldCondition(str(parts["key"]), **tests)


def _match(value: Any) -> Any:
    parts = known(value, ("value", "any", "except"), "match")
    if "value" in parts:
        if isinstance(parts["value"], bool):
            # The engine's Python binding takes True for 1 and would find nothing.
            raise unsupported("a match on a truth value (store it as a text or a number instead)")
        if not isinstance(parts["value"], str | int):
            raise wrong("`match.value` must be a text or a whole number")
        return edge.MatchValue(parts["value"])
    if "any" in parts:
        return edge.MatchAny(_choices(parts["any"], "any"))
    if "except" in parts:
        return edge.MatchExcept(_choices(parts["except"], "except"))
    raise wrong("`match` needs `value`, `any` or `except`")


def _choices(value: Any, name: str) -> list[str] | list[int]:
    choices = a_list(value, f"match.{name}")
    if all(isinstance(item, str) for item in choices) or all(type(item) is int for item in choices):
        return choices
    raise wrong(f"`match.{name}` must be all texts or all whole numbers")


def _range(value: Any) -> Any:
    parts = known(value, ("gt", "gte", "lt", "lte"), "range")
    if all(isinstance(bound, int | float) for bound in parts.values()):
        return edge.RangeFloat(**{name: float(bound) for name, bound in parts.items()})
    if all(isinstance(bound, str) for bound in parts.values()):
        return edge.RangeDateTime(**parts)
    raise unsupported("a range that mixes numbers and times")
