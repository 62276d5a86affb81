"""Points, ids and vectors: from JSON to the engine's objects and back."""

import math
import uuid
from typing import Any

import qdrant_edge as edge

from localhost.vectors.errors import unsupported, wrong
from localhost.vectors.fields import a_list, known, required


def point_id(value: Any) -> int | uuid.UUID:
    """An id: a whole number or a UUID."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        return value
    try:
        return uuid.UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise wrong(f"{value!r} is not a valid point ID: use an unsigned integer or a UUID") from None


def ids(value: Any) -> list[int | uuid.UUID]:
    """A list of ids."""
    return [point_id(item) for item in a_list(value, "points")]


def to_points(body: dict[str, Any], sizes: dict[str, int]) -> list[Any]:
    """The points of an upsert, given one by one or as columns. All are checked before any is stored."""
    if "batch" in body:
        rows = _rows(known(body["batch"], ("ids", "vectors", "payloads"), "the batch"))
    else:
        rows = a_list(required(body, "points", "the upsert"), "points")
    return [_point(known(row, ("id", "vector", "payload"), "a point"), sizes) for row in rows]


def to_vector(value: Any, size: int, where: str) -> list[float]:
    """A dense vector of the right length."""
    if isinstance(value, dict):
        raise unsupported(f"a sparse vector or a document as {where}")
    numbers = a_list(value, where)
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
        raise unsupported(f"anything but finite numbers in {where} (such as several vectors in one)")
    if len(numbers) != size:
        raise wrong(f"Vector dimension error: expected dim: {size}, got {len(numbers)}")
    return numbers


def id_json(value: Any) -> int | str:
    """An id as JSON."""
    return str(value) if isinstance(value, uuid.UUID) else int(value)


def record_json(record: Any) -> dict[str, Any]:
    """A point as retrieve and scroll answer it."""
    answer: dict[str, Any] = {"id": id_json(record.id)}
    if record.payload is not None:
        answer["payload"] = record.payload
    if record.vector is not None:
        answer["vector"] = record.vector
    return answer


def scored_json(point: Any) -> dict[str, Any]:
    """A point as a query answers it."""
    return record_json(point) | {"version": point.version, "score": point.score}


def _rows(batch: dict[str, Any]) -> list[dict[str, Any]]:
    identifiers = a_list(required(batch, "ids", "the batch"), "ids")
    vectors = required(batch, "vectors", "the batch")
    if isinstance(vectors, dict):  # columns of named vectors
        vectors = [dict(zip(vectors, row, strict=True)) for row in zip(*vectors.values(), strict=True)]
    payloads = batch.get("payloads") or [None] * len(identifiers)
    if not len(identifiers) == len(vectors) == len(payloads):
        raise wrong("the columns of the batch differ in length")
    columns = zip(identifiers, vectors, payloads, strict=True)
    return [{"id": identifier, "vector": vector, "payload": payload} for identifier, vector, payload in columns]


def _point(row: dict[str, Any], sizes: dict[str, int]) -> Any:
    vector = required(row, "vector", "a point")
    named = vector if isinstance(vector, dict) else {"": vector}
    if unknown := named.keys() - sizes.keys():
        raise wrong(f"Not existing vector name error: {', '.join(sorted(unknown))}")
    checked: dict[str, Any] = {name: to_vector(value, sizes[name], "a vector") for name, value in named.items()}
    payload = row.get("payload", {})
    if not isinstance(payload, dict):
        raise wrong("a payload must be an object")
    stored = checked[""] if checked.keys() == {""} else checked
    return edge.Point(point_id(required(row, "id", "a point")), stored, payload)
