"""The `VectorIndex` port on Qdrant."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator
from uuid import NAMESPACE_OID, uuid4, uuid5

import httpx
import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from shared.adapters.qdrant import QdrantVectors
from shared.adapters.qdrant.errors import our_errors
from shared.domain.errors import Conflict, InvalidRequest, NotFound, TheoGenError, Throttled, TimedOut, Unavailable
from shared.ports import VectorIndex, VectorRecord

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture
async def vectors(qdrant_url: str) -> AsyncIterator[QdrantVectors]:
    in_memory = AsyncQdrantClient(":memory:") if qdrant_url == ":memory:" else None
    vectors = QdrantVectors(qdrant_url, client=in_memory)
    yield vectors
    await vectors.close()


@pytest.fixture
async def collection(vectors: QdrantVectors) -> str:
    name = f"test-{uuid4()}"
    await vectors.ensure(name, 3)
    return name


def record(key: str, vector: tuple[float, float, float], **payload: str | int | list[str]) -> VectorRecord:
    return VectorRecord(_id(key), vector, {"tenant_id": "t1", "project_id": "p1", "document_id": "d1", **payload})


def _id(key: str) -> str:
    return str(uuid5(NAMESPACE_OID, key))


async def test_the_adapter_is_what_the_port_asks_for(vectors: QdrantVectors) -> None:
    port: VectorIndex = vectors
    assert port is vectors


async def test_ensuring_a_collection_twice_keeps_what_is_in_it(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record("a", (1, 0, 0))])
    await vectors.ensure(collection, 3)
    assert await vectors.count(collection, {}) == 1


async def test_a_collection_of_other_dimensions_is_a_conflict(vectors: QdrantVectors, collection: str) -> None:
    with pytest.raises(Conflict, match="3 dimensions, not of 4"):
        await vectors.ensure(collection, 4)


async def test_the_nearest_come_first_with_their_cosine(vectors: QdrantVectors, collection: str) -> None:
    half = math.sqrt(0.5)
    await vectors.upsert(
        collection, [record("far", (0, 1, 0)), record("same", (1, 0, 0)), record("between", (half, half, 0))]
    )
    found = await vectors.search(collection, (1, 0, 0), {}, 2)
    assert [match.id for match in found] == [_id("same"), _id("between")]
    assert [match.score for match in found] == pytest.approx([1, half], abs=1e-3)


async def test_the_same_id_twice_is_one_record(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record("a", (1, 0, 0))])
    await vectors.upsert(collection, [record("a", (0, 1, 0), document_id="d2")])
    assert await vectors.count(collection, {}) == 1
    assert await vectors.count(collection, {"document_id": "d2"}) == 1
    assert (await vectors.search(collection, (0, 1, 0), {}, 1))[0].score == pytest.approx(1, abs=1e-3)


async def test_a_filter_keeps_tenants_and_projects_apart(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(
        collection,
        [
            record("mine", (0, 1, 0)),
            record("other project", (1, 0, 0), project_id="p2"),
            record("other tenant", (1, 0, 0), tenant_id="t2"),
        ],
    )
    where = {"tenant_id": "t1", "project_id": "p1"}
    assert [match.id for match in await vectors.search(collection, (1, 0, 0), where, 10)] == [_id("mine")]
    assert await vectors.count(collection, where) == 1


async def test_of_several_values_one_must_match(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record(f"{n}", (1, 0, 0), document_id=f"d{n}") for n in range(5)])
    where: dict[str, str | list[str]] = {"tenant_id": "t1", "document_id": ["d1", "d3", "no such"]}
    assert await vectors.count(collection, where) == 2
    assert {match.id for match in await vectors.search(collection, (1, 0, 0), where, 10)} == {_id("1"), _id("3")}


async def test_one_of_no_values_matches_nothing(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record("a", (1, 0, 0))])
    where: dict[str, str | list[str]] = {"tenant_id": "t1", "document_id": []}
    await vectors.delete(collection, where)
    assert await vectors.search(collection, (1, 0, 0), where, 10) == []
    assert await vectors.count(collection, where) == 0
    assert await vectors.count(collection, {}) == 1


async def test_a_payload_list_matches_by_any_of_its_values(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record("a", (1, 0, 0), speakers=["Ana", "Luis"]), record("b", (1, 0, 0))])
    assert await vectors.count(collection, {"speakers": "Luis"}) == 1


async def test_deleting_removes_what_matches_and_nothing_else(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [record(f"{n}", (1, 0, 0), document_id=f"d{n % 2}") for n in range(10)])
    await vectors.delete(collection, {"tenant_id": "t1", "document_id": "d1"})
    await vectors.delete(collection, {"tenant_id": "t1", "document_id": "d1"})
    assert await vectors.count(collection, {}) == 5
    assert await vectors.count(collection, {"document_id": "d1"}) == 0


async def test_deleting_without_a_filter_is_refused(vectors: QdrantVectors, collection: str) -> None:
    with pytest.raises(InvalidRequest):
        await vectors.delete(collection, {})


async def test_more_than_a_batch_is_written_whole(vectors: QdrantVectors, collection: str) -> None:
    chance = random.Random(1)
    many = [record(f"{n}", (chance.random(), chance.random(), chance.random())) for n in range(700)]
    await vectors.upsert(collection, many)
    assert await vectors.count(collection, {"tenant_id": "t1"}) == 700


async def test_writing_nothing_is_nothing(vectors: QdrantVectors, collection: str) -> None:
    await vectors.upsert(collection, [])
    assert await vectors.count(collection, {}) == 0


async def test_a_missing_collection_is_not_found(vectors: QdrantVectors) -> None:
    with pytest.raises(NotFound):
        await vectors.search("no-such", (1, 0, 0), {}, 1)
    with pytest.raises(NotFound):
        await vectors.count("no-such", {})


async def test_a_vector_of_the_wrong_length_is_an_invalid_request(vectors: QdrantVectors, collection: str) -> None:
    with pytest.raises(InvalidRequest):
        await vectors.upsert(collection, [VectorRecord(_id("a"), (1.0, 0.0), {})])


async def test_an_index_that_is_not_there_is_unavailable() -> None:
    nowhere = QdrantVectors("http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await nowhere.count("a", {})
    await nowhere.close()


def _http(status: int) -> UnexpectedResponse:
    return UnexpectedResponse(status, "", b"", httpx.Headers())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (_http(404), NotFound),
        (_http(429), Throttled),
        (_http(503), Unavailable),
        (_http(504), TimedOut),
        (_http(400), InvalidRequest),
        (ResponseHandlingException(httpx.ReadTimeout("x")), TimedOut),
        (ResponseHandlingException(httpx.ConnectError("x")), Unavailable),
        (TimeoutError(), TimedOut),
    ],
)
def test_every_error_says_what_to_do_next(theirs: Exception, ours: type[TheoGenError]) -> None:
    with pytest.raises(ours, match="passages"), our_errors("passages"):
        raise theirs


def test_a_busy_index_says_how_long_to_wait() -> None:
    with pytest.raises(Throttled) as caught, our_errors("passages"):
        raise ResourceExhaustedResponse("", 7)
    assert caught.value.after == 7
