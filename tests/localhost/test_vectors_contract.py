"""One contract, every implementation: the client's memory, this project's server, a real Qdrant if given."""

import os
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from qdrant_client import AsyncQdrantClient, models

PLACES = ["memory", "server", *(["real"] if os.environ.get("QDRANT_TEST_URL") else [])]
FIRST, SECOND = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


@pytest.fixture(params=PLACES)
async def client(request: pytest.FixtureRequest) -> AsyncIterator[AsyncQdrantClient]:
    if request.param == "memory":
        client = AsyncQdrantClient(":memory:")
    elif request.param == "server":
        client = AsyncQdrantClient(url=request.getfixturevalue("qdrant_url"))
    else:
        client = AsyncQdrantClient(url=os.environ["QDRANT_TEST_URL"])
    yield client
    await client.close()


@pytest.fixture
async def passages(client: AsyncQdrantClient) -> AsyncIterator[str]:
    name = f"passages-{uuid.uuid4()}"
    await client.create_collection(name, models.VectorParams(size=3, distance=models.Distance.COSINE))
    points = [
        models.PointStruct(
            id=FIRST, vector=[1.0, 0.0, 0.0], payload={"kind": "a", "n": 1, "tags": ["x", "y"], "ok": True}
        ),
        models.PointStruct(id=SECOND, vector=[0.0, 1.0, 0.0], payload={"kind": "b", "n": 2, "tags": ["y"]}),
        models.PointStruct(id=7, vector=[0.9, 0.1, 0.0], payload={"kind": "b", "n": 3.5, "note": None}),
        models.PointStruct(id=8, vector=[0.0, 0.0, 1.0]),
    ]
    await client.upsert(name, points)
    yield name
    await client.delete_collection(name)


async def ids_matching(client: AsyncQdrantClient, name: str, condition: models.Filter) -> set[object]:
    found, _ = await client.scroll(name, scroll_filter=condition, limit=100)
    assert (await client.count(name, condition)).count == len(found)
    return {point.id for point in found}


def field(key: str, **test: Any) -> models.FieldCondition:
    return models.FieldCondition(key=key, **test)


async def test_a_collection_is_made_described_listed_and_removed(client: AsyncQdrantClient) -> None:
    name = f"made-{uuid.uuid4()}"
    assert not await client.collection_exists(name)
    assert await client.create_collection(name, models.VectorParams(size=4, distance=models.Distance.DOT))
    assert await client.collection_exists(name)
    assert name in {one.name for one in (await client.get_collections()).collections}
    about = await client.get_collection(name)
    assert about.points_count == 0
    assert about.config.params.vectors == models.VectorParams(size=4, distance=models.Distance.DOT)
    assert await client.delete_collection(name)
    assert not await client.collection_exists(name)


async def test_a_missing_collection_is_an_error(client: AsyncQdrantClient) -> None:
    with pytest.raises(Exception, match="ot found"):
        await client.get_collection("nowhere")
    with pytest.raises(Exception, match="ot found"):
        await client.query_points("nowhere", query=[1.0])


async def test_a_collection_cannot_be_made_twice(client: AsyncQdrantClient, passages: str) -> None:
    with pytest.raises(Exception, match="already exists"):
        await client.create_collection(passages, models.VectorParams(size=3, distance=models.Distance.DOT))
    assert (await client.count(passages)).count == 4


async def test_the_nearest_come_first_with_their_scores(client: AsyncQdrantClient, passages: str) -> None:
    found = (await client.query_points(passages, query=[1.0, 0.0, 0.0], limit=2, with_payload=True)).points
    assert [point.id for point in found] == [FIRST, 7]
    assert found[0].score == pytest.approx(1.0, abs=1e-5)
    assert found[1].score == pytest.approx(0.9 / (0.82**0.5), abs=1e-5)
    assert found[0].payload == {"kind": "a", "n": 1, "tags": ["x", "y"], "ok": True}


async def test_a_query_takes_an_offset_a_threshold_a_filter_and_a_choice_of_payload(
    client: AsyncQdrantClient, passages: str
) -> None:
    async def ask(**options: Any) -> list[models.ScoredPoint]:
        return (await client.query_points(passages, query=[1.0, 0, 0], **options)).points

    assert [point.id for point in await ask(limit=1, offset=1)] == [7]
    assert [point.id for point in await ask(score_threshold=0.5)] == [FIRST, 7]
    only_b = models.Filter(must=[field("kind", match=models.MatchValue(value="b"))])
    assert [point.id for point in await ask(query_filter=only_b)] == [7, SECOND]
    assert (await ask(limit=1, with_payload=False))[0].payload in (None, {})
    assert (await ask(limit=1, with_payload=["n"]))[0].payload == {"n": 1}
    without = models.PayloadSelectorExclude(exclude=["tags", "ok"])
    assert (await ask(limit=1, with_payload=without))[0].payload == {"kind": "a", "n": 1}
    assert (await ask(limit=1, with_vectors=True))[0].vector == pytest.approx([1, 0, 0])


async def test_several_queries_are_answered_in_their_order(client: AsyncQdrantClient, passages: str) -> None:
    questions = [models.QueryRequest(query=vector, limit=1) for vector in ([0.0, 0, 1], [0.0, 1, 0])]
    answers = await client.query_batch_points(passages, questions)
    assert [[point.id for point in answer.points] for answer in answers] == [[8], [SECOND]]


@pytest.mark.parametrize(
    ("distance", "scores"),
    [
        (models.Distance.DOT, {1: 11.0, 2: 2.0}),
        (models.Distance.EUCLID, {2: 2**0.5, 1: 13**0.5}),
    ],
)
async def test_other_distances_order_and_score_in_their_own_way(
    client: AsyncQdrantClient, distance: models.Distance, scores: dict[int, float]
) -> None:
    name = f"distance-{uuid.uuid4()}"
    await client.create_collection(name, models.VectorParams(size=2, distance=distance))
    await client.upsert(name, models.Batch(ids=[1, 2], vectors=[[3.0, 4.0], [2.0, 0.0]], payloads=[{"a": 1}, {}]))
    query = [1.0, 2.0] if distance == models.Distance.DOT else [1.0, 1.0]
    found = (await client.query_points(name, query=query)).points
    assert [point.id for point in found] == list(scores)
    assert [point.score for point in found] == pytest.approx(list(scores.values()))
    await client.delete_collection(name)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (models.Filter(must=[field("kind", match=models.MatchValue(value="a"))]), {FIRST}),
        (models.Filter(must=field("n", match=models.MatchValue(value=2))), {SECOND}),
        (models.Filter(must=[field("tags", match=models.MatchValue(value="y"))]), {FIRST, SECOND}),
        (models.Filter(must=[field("n", match=models.MatchAny(any=[1, 2]))]), {FIRST, SECOND}),
        (models.Filter(must=[field("kind", match=models.MatchAny(any=["a", "z"]))]), {FIRST}),
        (models.Filter(must=[field("kind", match=models.MatchExcept(**{"except": ["a"]}))]), {SECOND, 7}),
        (models.Filter(must=[field("n", range=models.Range(gt=1, lte=3.5))]), {SECOND, 7}),
        (models.Filter(must=[models.HasIdCondition(has_id=[FIRST, 8, 99])]), {FIRST, 8}),
        (
            models.Filter(must=[models.IsEmptyCondition(is_empty=models.PayloadField(key="tags"))]),
            {7, 8},
        ),
        (models.Filter(must_not=[field("kind", match=models.MatchValue(value="b"))]), {FIRST, 8}),
        (
            models.Filter(
                should=[
                    field("n", range=models.Range(lt=2)),
                    models.Filter(
                        must=[
                            field("kind", match=models.MatchValue(value="b")),
                            field("n", range=models.Range(gte=3)),
                        ]
                    ),
                ],
                must_not=[models.HasIdCondition(has_id=[8])],
            ),
            {FIRST, 7},
        ),
        (models.Filter(), {FIRST, SECOND, 7, 8}),
    ],
)
async def test_a_filter_selects_exactly(
    client: AsyncQdrantClient, passages: str, condition: models.Filter, expected: set[object]
) -> None:
    assert await ids_matching(client, passages, condition) == expected
    await client.create_payload_index(passages, "kind", models.PayloadSchemaType.KEYWORD)
    await client.create_payload_index(passages, "n", models.PayloadSchemaType.FLOAT)
    assert await ids_matching(client, passages, condition) == expected


async def test_points_are_fetched_by_id_and_unknown_ids_are_left_out(client: AsyncQdrantClient, passages: str) -> None:
    found = await client.retrieve(passages, [7, FIRST, 99], with_vectors=True)
    assert {point.id for point in found} == {7, FIRST}
    payloads = {point.id: point.payload for point in found}
    assert payloads[7] == {"kind": "b", "n": 3.5, "note": None}
    assert all(len(point.vector or []) == 3 for point in found)


async def test_scrolling_visits_every_point_once(client: AsyncQdrantClient) -> None:
    name = f"scrolled-{uuid.uuid4()}"
    await client.create_collection(name, models.VectorParams(size=1, distance=models.Distance.DOT))
    wanted = [str(uuid.uuid4()) for _ in range(25)]
    await client.upsert(name, [models.PointStruct(id=one, vector=[1.0], payload={}) for one in wanted])
    seen: list[object] = []
    after = None
    while True:
        page, after = await client.scroll(name, limit=10, offset=after)
        seen += [point.id for point in page]
        if after is None:
            break
    assert sorted(map(str, seen)) == sorted(wanted)
    await client.delete_collection(name)


async def test_storing_again_replaces_vector_and_payload(client: AsyncQdrantClient, passages: str) -> None:
    await client.upsert(passages, [models.PointStruct(id=FIRST, vector=[0.0, 0.0, 1.0], payload={"new": 1})])
    assert (await client.count(passages)).count == 4
    assert (await client.retrieve(passages, [FIRST]))[0].payload == {"new": 1}
    assert (await client.query_points(passages, query=[1.0, 0, 0], limit=1)).points[0].id == 7


async def test_payload_is_changed_replaced_and_removed(client: AsyncQdrantClient, passages: str) -> None:
    async def payload(point: models.ExtendedPointId) -> object:
        return (await client.retrieve(passages, [point]))[0].payload

    only_b = models.Filter(must=[field("kind", match=models.MatchValue(value="b"))])
    await client.set_payload(passages, {"seen": True}, points=[FIRST])
    await client.set_payload(passages, {"seen": False}, points=only_b)
    assert await payload(FIRST) == {"kind": "a", "n": 1, "tags": ["x", "y"], "ok": True, "seen": True}
    assert await payload(SECOND) == {"kind": "b", "n": 2, "tags": ["y"], "seen": False}
    await client.overwrite_payload(passages, {"only": 1}, points=[FIRST])
    assert await payload(FIRST) == {"only": 1}
    await client.delete_payload(passages, ["tags", "n"], points=[SECOND])
    assert await payload(SECOND) == {"kind": "b", "seen": False}
    await client.clear_payload(passages, points_selector=[SECOND])
    assert await payload(SECOND) == {}


async def test_points_are_deleted_by_id_and_by_filter(client: AsyncQdrantClient, passages: str) -> None:
    await client.delete(passages, points_selector=[8, 12345])
    assert (await client.count(passages)).count == 3
    only_b = models.Filter(must=[field("kind", match=models.MatchValue(value="b"))])
    await client.delete(passages, points_selector=models.FilterSelector(filter=only_b))
    assert await ids_matching(client, passages, models.Filter()) == {FIRST}


async def test_a_vector_of_the_wrong_length_is_refused_and_nothing_of_the_request_is_stored(
    client: AsyncQdrantClient, passages: str
) -> None:
    with pytest.raises(Exception, match=r"dim|shape|broadcast"):
        await client.upsert(passages, [models.PointStruct(id=50, vector=[1.0, 2.0])])
    with pytest.raises(Exception, match=r"dim|shape|align"):
        await client.query_points(passages, query=[1.0, 2.0])
    assert await client.retrieve(passages, [50]) == []


async def test_named_vectors_are_searched_by_name(client: AsyncQdrantClient) -> None:
    name = f"named-{uuid.uuid4()}"
    parameters = models.VectorParams(size=2, distance=models.Distance.COSINE)
    await client.create_collection(name, {"title": parameters, "body": parameters})
    points = [
        models.PointStruct(id=1, vector={"title": [1.0, 0.0], "body": [0.0, 1.0]}),
        models.PointStruct(id=2, vector={"title": [0.0, 1.0], "body": [1.0, 0.0]}),
    ]
    await client.upsert(name, points)
    for using, expected in (("title", 1), ("body", 2)):
        found = await client.query_points(name, query=[1.0, 0.0], using=using, limit=1)
        assert [point.id for point in found.points] == [expected]
    await client.delete_collection(name)
