"""Whether the vector index answers, and fits the embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.domain.errors import Conflict, NotReady, TheoGenError

if TYPE_CHECKING:
    from shared.adapters.qdrant.vectors import QdrantVectors


async def check_vectors(vectors: QdrantVectors, collection: str, dimensions: int, *, deep: bool) -> str:
    """`deep` creates the collection when missing, and one of other dimensions is a fault; else it is only asked for."""
    try:
        await (vectors.ensure(collection, dimensions) if deep else vectors.ping(collection))
    except Conflict as error:
        raise NotReady(
            str(error), "Embedder and collection do not fit: set EMBEDDING_DIMENSIONS to what the collection has."
        ) from error
    except TheoGenError as error:
        raise NotReady(
            f"The vector index cannot be used: {error}",
            "See whether Qdrant runs at QDRANT_URL, and QDRANT_API_KEY where it wants one.",
        ) from error
    return f"{collection}, {dimensions} dimensions" if deep else "answers"
