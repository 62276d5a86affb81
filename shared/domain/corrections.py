"""What a person changes in a record: an RFC 7396 merge patch of its fields, checked before it is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from shared.domain.business import BusinessRecord, Source
from shared.domain.errors import InvalidCorrection, UnknownField

CORRECTABLE = frozenset(BusinessRecord.model_fields) - {"sources"}
LONGEST_TEXT = 2000
MOST_ROWS = 10_000
_DIGITS_BEFORE, _DIGITS_AFTER = 15, 10


@dataclass(frozen=True, slots=True)
class Correction:
    """One field's change: `old` and `new` are plain values as the record's JSON has them; None: no value.

    `version` is the record's version after the change.
    """

    field: str
    old: Any
    new: Any
    by: str = ""
    version: int = 0
    at: datetime | None = None


def patched(record: BusinessRecord, patch: Mapping[str, Any]) -> tuple[BusinessRecord, list[Correction]]:
    """The record with the patch, and what changed; nothing when it was so before. null takes a value away.

    Lists are replaced whole. Raises UnknownField or InvalidCorrection, each naming the fields.
    """
    if unknown := sorted(_unknown(patch)):
        raise UnknownField([{"field": name, "message": "A record has no such field."} for name in unknown])
    plain = {key: value for key, value in patch.items() if value is not None}
    kept = {key: value for key, value in record.model_dump(mode="json").items() if key not in patch}
    try:
        after = BusinessRecord.model_validate({"kind": record.kind, **kept, **plain})
    except ValidationError as error:
        fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        raise InvalidCorrection(fields) from None
    if wrong := [fault for name in patch for fault in _too_much(name, getattr(after, name))]:
        raise InvalidCorrection(wrong)
    changed = [name for name in patch if getattr(record, name) != getattr(after, name)]
    before, now = record.model_dump(mode="json"), after.model_dump(mode="json")
    return _by_a_person(after, changed), [Correction(name, before[name], now[name]) for name in sorted(changed)]


def with_corrections(record: BusinessRecord, corrections: Iterable[Correction]) -> BusinessRecord:
    """What was read anew, with what people corrected before; of several corrections of a field the last one counts."""
    values = {c.field: c.new for c in sorted(corrections, key=lambda c: c.version) if c.field in CORRECTABLE}
    if not values:
        return record
    merged = {**record.model_dump(mode="json"), **values}
    return _by_a_person(BusinessRecord.model_validate(merged), values)


def _by_a_person(record: BusinessRecord, fields: Iterable[str]) -> BusinessRecord:
    """The record whose corrected fields, and all parts of them, name a person as their source."""
    corrected = set(fields)
    sources = {name: source for name, source in record.sources.items() if name.split(".")[0] not in corrected}
    sources |= {name: Source(reader="person", confidence=1) for name in sorted(corrected)}
    return record.model_copy(update={"sources": sources})


def _unknown(patch: Mapping[str, Any]) -> Iterator[str]:
    """Names of fields that there are not, in the patch and in the rows of its lists."""
    for name, value in patch.items():
        if name not in CORRECTABLE:
            yield name
        elif (row_type := _row_type(name)) and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    yield from (f"{name}.{number}.{key}" for key in row if key not in row_type.model_fields)


def _row_type(name: str) -> type[BaseModel] | None:
    """What the rows of a field that is a list are."""
    for part in get_args(BusinessRecord.model_fields[name].annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def _too_much(name: str, value: Any) -> Iterator[dict[str, str]]:
    """What no paper says: texts, lists and amounts beyond all measure."""
    if isinstance(value, BaseModel):
        for key in type(value).model_fields:
            yield from _too_much(f"{name}.{key}", getattr(value, key))
    elif isinstance(value, tuple):
        if len(value) > MOST_ROWS:
            yield {"field": name, "message": f"There can be at most {MOST_ROWS} rows."}
        for number, row in enumerate(value[:MOST_ROWS]):
            yield from _too_much(f"{name}.{number}", row)
    elif isinstance(value, Decimal) and (value.adjusted() >= _DIGITS_BEFORE or _places(value) > _DIGITS_AFTER):
        yield {
            "field": name,
            "message": f"Use at most {_DIGITS_BEFORE} digits before the point, {_DIGITS_AFTER} after.",
        }
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        yield {"field": name, "message": f"Use at most {LONGEST_TEXT} characters."}


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
