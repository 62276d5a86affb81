"""What a collection is made of: vector parameters, payload indexes, and its description."""

from typing import Any

import qdrant_edge as edge

from localhost.vectors.errors import unsupported, wrong
from localhost.vectors.fields import known, required, whole

_DISTANCES = {name: getattr(edge.Distance, name) for name in ("Cosine", "Dot", "Euclid", "Manhattan")}
_INDEXES = {
    name.lower(): getattr(edge.PayloadSchemaType, name)
    for name in ("Keyword", "Integer", "Float", "Bool", "Datetime", "Uuid")
}
# Where and how Qdrant lays things out; no answer of ours depends on them.
_TUNING = (
    *("shard_number", "replication_factor", "write_consistency_factor", "on_disk_payload", "hnsw_config"),
    *("wal_config", "optimizers_config", "quantization_config", "timeout", "on_disk", "memory"),
)


def created_vectors(body: Any) -> dict[str, Any]:
    """The vectors of a collection to be created: `{name: {size, distance}}`, "" being the unnamed one."""
    parts = known(body, ("vectors",), "the collection", ignored=_TUNING)
    vectors = required(parts, "vectors", "the collection")
    named = {"": vectors} if isinstance(vectors, dict) and "size" in vectors else vectors
    if not isinstance(named, dict) or not named:
        raise unsupported("a collection without dense vectors")
    return {name: _vector(value) for name, value in named.items()}


def vector_sizes(vectors: dict[str, Any]) -> dict[str, int]:
    """The dimensions of each vector."""
    return {name: parameters["size"] for name, parameters in vectors.items()}


def vectors_config(vectors: dict[str, Any]) -> Any:
    """The same for the engine."""
    parameters = {
        name: edge.EdgeVectorParams(size=value["size"], distance=_DISTANCES[value["distance"]])
        for name, value in vectors.items()
    }
    return edge.EdgeConfig(vectors=parameters)


def index_operation(body: Any) -> Any:
    """Create an index on a payload field."""
    parts = known(body, ("field_name", "field_schema"), "the index")
    field, schema = required(parts, "field_name", "the index"), required(parts, "field_schema", "the index")
    kind = schema.get("type") if isinstance(schema, dict) else schema
    if kind not in _INDEXES:
        raise unsupported(f"a payload index of type `{kind}`")
    # Options of an index (is_tenant, on_disk, lookup ...) make it faster, not different.
    return edge.UpdateOperation.create_field_index(field, _INDEXES[kind])


def description(vectors: dict[str, Any], info: Any) -> dict[str, Any]:
    """A collection as Qdrant describes it, with the engine's defaults where nothing can be set."""
    schema = {
        field: {"data_type": str(index.data_type).rsplit(".", 1)[-1].lower(), "points": index.points}
        for field, index in info.payload_schema.items()
    }
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": info.points_count,
        "indexed_vectors_count": info.indexed_vectors_count,
        "segments_count": info.segments_count,
        "payload_schema": schema,
        "config": {"params": {"vectors": vectors.get("", vectors), **_PARAMS}, **_DEFAULTS},
    }


_PARAMS = {"shard_number": 1, "replication_factor": 1, "write_consistency_factor": 1, "on_disk_payload": True}
_DEFAULTS = {
    "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000, "max_indexing_threads": 0},
    "optimizer_config": {
        **{"deleted_threshold": 0.2, "vacuum_min_vector_number": 1000},
        **{"default_segment_number": 0, "flush_interval_sec": 5},
    },
    "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0},
}


def _vector(value: Any) -> dict[str, Any]:
    parts = known(value, ("size", "distance", "datatype"), "the vector parameters", ignored=_TUNING)
    if parts.get("datatype", "float32") != "float32":
        raise unsupported(f"vectors of type `{parts['datatype']}`")
    distance = required(parts, "distance", "the vector parameters")
    if distance not in _DISTANCES:
        raise wrong(f"unknown distance `{distance}`")
    return {"size": whole(required(parts, "size", "the vector parameters"), "size", 1), "distance": distance}
