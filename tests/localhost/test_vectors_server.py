"""What this project's vector server has to prove: it refuses what it cannot do, and it forgets nothing."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from localhost.stack.place import ROOT, choose_port

Serve = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def port() -> int:
    return choose_port((), set())


@pytest.fixture
def serve(tmp_path: Path, port: int) -> Iterator[Serve]:
    """Starts the server on one folder, as often as asked."""
    processes = []

    def start() -> "subprocess.Popen[bytes]":
        arguments = ["--data", str(tmp_path), "--port", str(port)]
        process = subprocess.Popen([sys.executable, "-m", "localhost.vectors", *arguments], cwd=ROOT)
        processes.append(process)
        for _ in range(400):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
                return process
            except OSError:
                time.sleep(0.05)
        raise TimeoutError

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
async def test_what_was_answered_with_ok_is_there_after_any_end(serve: Serve, port: int, end: signal.Signals) -> None:
    process = serve()
    client = AsyncQdrantClient(url=f"http://127.0.0.1:{port}")
    await client.create_collection("kept", models.VectorParams(size=2, distance=models.Distance.COSINE))
    await client.create_payload_index("kept", "n", models.PayloadSchemaType.INTEGER)
    for n in range(50):
        await client.upsert("kept", [models.PointStruct(id=n, vector=[1.0, float(n)], payload={"n": n})])
    await client.delete("kept", points_selector=[0])
    await client.set_payload("kept", {"late": "yes"}, points=[49])
    process.send_signal(end)
    process.wait()
    serve()
    assert (await client.count("kept")).count == 49
    assert (await client.retrieve("kept", [49]))[0].payload == {"n": 49, "late": "yes"}
    assert "n" in (await client.get_collection("kept")).payload_schema
    await client.close()


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (
            lambda client: client.scroll(
                "one",
                models.Filter(must=[models.FieldCondition(key="ok", match=models.MatchValue(value=True))]),
            ),
            "truth value",
        ),
        (
            lambda client: client.query_points("one", query=models.FusionQuery(fusion=models.Fusion.RRF)),
            "fusion",
        ),
        (lambda client: client.query_points("one", query=1), "id of a point"),
        (lambda client: client.scroll("one", order_by="n"), "order_by"),
        (lambda client: client.facet("one", "n"), "/facet"),
        (
            lambda client: client.scroll(
                "one", models.Filter(must=[models.FieldCondition(key="t", match=models.MatchText(text="x"))])
            ),
            "text",
        ),
        (lambda client: client.create_snapshot("one"), "snapshots"),
        (
            lambda client: client.create_collection("two", sparse_vectors_config={"s": models.SparseVectorParams()}),
            "sparse_vectors",
        ),
    ],
)
async def test_what_it_cannot_do_is_refused_by_name(
    qdrant_url: str, ask: Callable[[AsyncQdrantClient], object], named: str
) -> None:
    client = AsyncQdrantClient(url=qdrant_url)
    if not await client.collection_exists("one"):
        await client.create_collection("one", models.VectorParams(size=1, distance=models.Distance.DOT))
    with pytest.raises(UnexpectedResponse, match=named) as refusal:
        await ask(client)  # type: ignore[misc]
    assert refusal.value.status_code == 501
    await client.close()
