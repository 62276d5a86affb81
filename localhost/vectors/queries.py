"""Questions to a collection: from JSON to the engine's objects."""

from typing import Any

import qdrant_edge as edge

from localhost.vectors.errors import unsupported, wrong
from localhost.vectors.fields import known, required, whole
from localhost.vectors.filters import to_filter
from localhost.vectors.points import point_id, to_vector

_QUERY = (
    *("query", "using", "filter", "params", "limit", "offset"),
    *("score_threshold", "with_payload", "with_vector"),
)


def to_query(value: Any, sizes: dict[str, int]) -> Any:
    """A nearest-neighbour query by vector."""
    parts = known(value, _QUERY, "the query")
    using = parts.get("using", "")
    if using not in sizes:
        raise wrong(f"Not existing vector name error: {using}")
    threshold = parts.get("score_threshold")
    return edge.QueryRequest(
        limit=whole(parts.get("limit", 10), "limit", 1),
        offset=whole(parts.get("offset", 0), "offset"),
        query=edge.Query.Nearest(_nearest(parts, sizes[using]), using or None),
        filter=to_filter(parts.get("filter")),
        params=_params(parts.get("params")),
        score_threshold=None if threshold is None else float(threshold),
        with_payload=payload_choice(parts.get("with_payload", False)),
        with_vector=vector_choice(parts.get("with_vector", False)),
    )


def to_scroll(value: Any) -> Any:
    """One page of a collection, by id."""
    allowed = ("filter", "limit", "offset", "with_payload", "with_vector")
    parts = known(value, allowed, "the scroll request")
    return edge.ScrollRequest(
        offset=point_id(parts["offset"]) if "offset" in parts else None,
        limit=whole(parts.get("limit", 10), "limit", 1),
        filter=to_filter(parts.get("filter")),
        with_payload=payload_choice(parts.get("with_payload", True)),
        with_vector=vector_choice(parts.get("with_vector", False)),
    )


def to_count(value: Any) -> Any:
    """A count; always exact, which an approximate one may be too."""
    parts = known(value, ("filter", "exact"), "the count request")
    return edge.CountRequest(exact=True, filter=to_filter(parts.get("filter")))


def payload_choice(value: Any) -> Any:
    """Which of the payload to answer: all, none, some fields, or all but some."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        return edge.PayloadSelector.Include(value)
    parts = known(value, ("include", "exclude"), "with_payload")
    if len(parts) != 1:
        raise wrong("`with_payload` needs `include` or `exclude`")
    if "include" in parts:
        return edge.PayloadSelector.Include(parts["include"])
    return edge.PayloadSelector.Exclude(parts["exclude"])


def vector_choice(value: Any) -> Any:
    """Whether to answer vectors, or which of them by name."""
    if isinstance(value, bool) or (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return value
    raise wrong("`with_vector` must be a truth value or a list of names")


def _nearest(parts: dict[str, Any], size: int) -> list[float]:
    query = required(parts, "query", "the query")
    if isinstance(query, dict):
        query = required(known(query, ("nearest",), "the query"), "nearest", "the query")
    if isinstance(query, int | str):
        raise unsupported("a query by the id of a point")
    return to_vector(query, size, "the query")


def _params(value: Any) -> Any:
    if value is None:
        return None
    # How to search an approximate index, or quantised vectors: here every search is exact.
    known(value, (), "params", ignored=("hnsw_ef", "exact", "quantization", "acorn"))
    return edge.SearchParams(exact=True)
