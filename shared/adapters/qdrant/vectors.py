"""The `VectorIndex` port on Qdrant's asynchronous client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from shared.domain.errors import Conflict, InvalidRequest, NotFound, Unavailable
from shared.ports import Match, VectorRecord

if TYPE_CHECKING:
    from qdrant_client import AsyncQdrantClient
    from qdrant_client.models import Filter

BATCH = 256
FILTERED_FIELDS = ("tenant_id", "project_id", "document_id")


class QdrantVectors:
    """Collections of unit vectors compared by cosine. Writes are waited for: what is written is found."""

    def __init__(
        self,
        url: str = "",
        api_key: str | Callable[[], Awaitable[str]] | None = None,
        *,
        client: AsyncQdrantClient | None = None,
    ) -> None:
        """`url` of the server; a ready-made `client` takes its place. A provider of the key is asked each time."""
        if not url and client is None:
            raise ValueError("The vector index needs a URL.")
        self._url = url
        self._api_key = api_key
        self._client = client
        self._ensured: set[tuple[str, int]] = set()

    async def ensure(self, collection: str, dimensions: int) -> None:
        """Create collection and payload indexes when missing; a collection of other dimensions is a Conflict.

        Asked once: a collection that goes away later is found missing by `upsert`.
        """
        if (collection, dimensions) in self._ensured:
            return
        with _our_errors(collection):
            if not await self._connected().collection_exists(collection):
                await self._create(collection, dimensions)
            await self._check_dimensions(collection, dimensions)
            await self._index_payload(collection)
        self._ensured.add((collection, dimensions))

    async def upsert(self, collection: str, records: Sequence[VectorRecord]) -> None:
        """Write records in batches; the same id twice is one record."""
        from qdrant_client.models import PointStruct

        for start in range(0, len(records), BATCH):
            points = [
                PointStruct(id=record.id, vector=list(record.vector), payload=dict(record.payload))
                for record in records[start : start + BATCH]
            ]
            try:
                with _our_errors(collection):
                    await self._connected().upsert(collection, points=points, wait=True)
            except NotFound as error:
                if not self._forget(collection):
                    raise
                raise Unavailable(f"{collection}: the collection is gone and will be made anew.") from error

    async def search(
        self, collection: str, vector: Sequence[float], where: Mapping[str, str | list[str]], limit: int
    ) -> list[Match]:
        """The best matches first; equally good ones in the order of their ids."""
        if limit < 1 or _matches_nothing(where):
            return []
        with _our_errors(collection):
            found = await self._connected().query_points(
                collection, query=list(vector), query_filter=_filter(where), limit=limit, with_payload=False
            )
        matches = [Match(str(point.id), point.score) for point in found.points]
        return sorted(matches, key=lambda match: (-match.score, match.id))

    async def delete(self, collection: str, where: Mapping[str, str | list[str]], *, keep: Sequence[str] = ()) -> None:
        """Remove all that match and are not to `keep`. A filter is a must: without one, every tenant's would go."""
        from qdrant_client.models import FilterSelector, HasIdCondition

        matching = _filter(where)
        if matching is None:
            raise InvalidRequest(f"{collection}: say which records to remove.")
        if _matches_nothing(where):
            return
        if keep:
            matching.must_not = [HasIdCondition(has_id=list(keep))]
        with _our_errors(collection):
            await self._connected().delete(collection, FilterSelector(filter=matching), wait=True)

    async def count(self, collection: str, where: Mapping[str, str | list[str]]) -> int:
        """How many records match, exactly."""
        if _matches_nothing(where):
            return 0
        with _our_errors(collection):
            found = await self._connected().count(collection, count_filter=_filter(where), exact=True)
        return found.count

    async def ping(self, collection: str) -> None:
        """Ask whether the collection is there; either answer is one."""
        with _our_errors(collection):
            await self._connected().collection_exists(collection)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def _forget(self, collection: str) -> bool:
        """Whether the collection was taken to be there."""
        known = {key for key in self._ensured if key[0] == collection}
        self._ensured -= known
        return bool(known)

    async def _create(self, collection: str, dimensions: int) -> None:
        from qdrant_client.http.exceptions import UnexpectedResponse
        from qdrant_client.models import Distance, VectorParams

        try:
            await self._connected().create_collection(
                collection, vectors_config=VectorParams(size=dimensions, distance=Distance.COSINE)
            )
        except (UnexpectedResponse, ValueError):
            if not await self._connected().collection_exists(collection):
                raise  # and if it does exist: somebody else was quicker, which is as good

    async def _check_dimensions(self, collection: str, dimensions: int) -> None:
        from qdrant_client.models import VectorParams

        vectors = (await self._connected().get_collection(collection)).config.params.vectors
        if isinstance(vectors, VectorParams) and vectors.size != dimensions:
            raise Conflict(f"{collection}: holds vectors of {vectors.size} dimensions, not of {dimensions}.")

    async def _index_payload(self, collection: str) -> None:
        from qdrant_client.models import PayloadSchemaType

        for field in FILTERED_FIELDS:
            await self._connected().create_payload_index(collection, field, PayloadSchemaType.KEYWORD, wait=True)

    def _connected(self) -> AsyncQdrantClient:
        if self._client is None:
            from qdrant_client import AsyncQdrantClient

            # The check of versions is a blocking call, and would stop every function of the process meanwhile.
            key = self._api_key
            self._client = AsyncQdrantClient(
                url=self._url,
                api_key=key if isinstance(key, str) else None,
                auth_token_provider=key if callable(key) else None,  # Qdrant takes its key as a bearer token as well
                timeout=30,
                check_compatibility=False,
            )
        return self._client


def _our_errors(collection: str) -> AbstractContextManager[None]:
    from shared.adapters.qdrant.errors import our_errors  # loads the SDK

    return our_errors(collection)


def _matches_nothing(where: Mapping[str, str | list[str]]) -> bool:
    return any(isinstance(wanted, list) and not wanted for wanted in where.values())


def _filter(where: Mapping[str, str | list[str]]) -> Filter | None:
    from qdrant_client.models import FieldCondition, Filter, MatchAny, MatchValue

    if not where:
        return None
    return Filter(
        must=[
            FieldCondition(
                key=field, match=MatchAny(any=wanted) if isinstance(wanted, list) else MatchValue(value=wanted)
            )
            for field, wanted in where.items()
        ]
    )
