"""The stack as people use it: `python -m localhost` in a process of its own, through crashes and restarts."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import psutil
import pytest
from azure.storage.blob import BlobServiceClient
from neo4j import GraphDatabase
from qdrant_client import QdrantClient, models

from localhost.stack import ALL
from localhost.stack.files import read_json
from localhost.stack.place import ROOT, default_folder

Localhost = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(stack_folder: Path, tmp_path: Path) -> Path:
    folder = stack_folder / f"commands-{tmp_path.name}"
    folder.mkdir()
    tools = default_folder() / "tools"
    tools.mkdir(parents=True, exist_ok=True)
    (folder / "tools").symlink_to(tools)
    return folder


@pytest.fixture
def localhost(folder: Path) -> Iterator[Localhost]:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "THEOGEN_LOCAL_DIR": str(folder)}
        command = [sys.executable, "-m", "localhost", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200)

    yield run
    run("down")


def running(folder: Path) -> list[psutil.Process]:
    record = read_json(folder / "stack.json")
    pids = [part["pid"] for part in record["parts"].values() if part["pid"]]
    return [psutil.Process(pid) for pid in (record["supervisor"]["pid"], *pids)]


def settings(localhost: Localhost) -> dict[str, str]:
    answer = json.loads(localhost("env", "--json").stdout)
    assert isinstance(answer, dict)
    return answer


def graph_login(given: dict[str, str]) -> tuple[str, str]:
    return given["NEO4J_USER"], given["NEO4J_PASSWORD"]


def write_everywhere(given: dict[str, str]) -> None:
    async def row() -> None:
        owner = await asyncpg.connect(given["MIGRATION_DATABASE_URL"])
        await owner.execute("CREATE TABLE kept AS SELECT 42 AS n; GRANT SELECT ON kept TO theogen_app")
        await owner.close()

    asyncio.run(row())
    with BlobServiceClient.from_connection_string(given["AzureWebJobsStorage"]) as blobs:
        blobs.create_container("kept").upload_blob("one", b"42")
    vectors = QdrantClient(url=given["QDRANT_URL"])
    vectors.create_collection("kept", models.VectorParams(size=1, distance=models.Distance.DOT))
    vectors.upsert("kept", [models.PointStruct(id=42, vector=[1.0])])
    with GraphDatabase.driver(given["NEO4J_URI"], auth=(given["NEO4J_USER"], given["NEO4J_PASSWORD"])) as graph:
        graph.execute_query("CREATE (:Kept {n: 42})")


def read_everywhere(given: dict[str, str]) -> list[object]:
    async def row() -> object:
        app = await asyncpg.connect(given["DATABASE_URL"])
        try:
            return await app.fetchval("SELECT n FROM kept")
        finally:
            await app.close()

    with BlobServiceClient.from_connection_string(given["AzureWebJobsStorage"]) as blobs:
        blob = int(blobs.get_blob_client("kept", "one").download_blob().readall())
    point = QdrantClient(url=given["QDRANT_URL"]).retrieve("kept", [42])[0].id
    with GraphDatabase.driver(given["NEO4J_URI"], auth=(given["NEO4J_USER"], given["NEO4J_PASSWORD"])) as graph:
        node = graph.execute_query("MATCH (k:Kept) RETURN k.n AS n").records[0]["n"]
    return [asyncio.run(row()), blob, point, node]


@pytest.mark.slow
def test_up_down_and_up_again_keep_the_data_and_clean_removes_it(localhost: Localhost, folder: Path) -> None:
    first = localhost("up", "--stack-only")
    assert first.returncode == 0, first.stderr
    for title in ("Postgres", "Azurite", "The graph server", "The vector server"):
        assert title in first.stdout
    processes = running(folder)
    before = settings(localhost)
    write_everywhere(before)

    second = localhost("up")
    assert (second.returncode, "already runs" in second.stdout) == (0, True)
    assert running(folder) == processes

    assert localhost("down").returncode == 0
    assert not any(process.is_running() for process in processes)
    assert localhost("status").returncode == 1

    assert localhost("up", "--stack-only").returncode == 0
    assert settings(localhost) == before
    assert read_everywhere(before) == [42, 42, 42, 42]

    assert localhost("clean").returncode == 0
    assert {path.name for path in folder.iterdir()} == {"tools"}
    assert any((folder / "tools").iterdir())


@pytest.mark.slow
def test_a_killed_supervisor_takes_every_child_with_it_and_the_next_start_works(
    localhost: Localhost, folder: Path
) -> None:
    assert localhost("up", "--stack-only").returncode == 0
    supervisor, *children = running(folder)
    write_everywhere(settings(localhost))
    time.sleep(6)  # Azurite writes its index every five seconds
    assert len(children) == len(ALL)
    supervisor.kill()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive

    down = localhost("down")
    assert (down.returncode, down.stdout.strip()) == (0, "Nothing runs.")
    assert localhost("up", "--stack-only").returncode == 0
    assert read_everywhere(settings(localhost)) == [42, 42, 42, 42]


@pytest.mark.slow
def test_children_that_outlive_their_supervisor_are_ended_by_the_next_start(localhost: Localhost, folder: Path) -> None:
    assert localhost("up", "--stack-only").returncode == 0
    supervisor, *children = running(folder)
    stopped = [child for child in children if child.name() == "postgres"]
    for child in stopped:
        child.suspend()  # so that it cannot follow the signal of its supervisor's death
    supervisor.kill()
    supervisor.wait(10)
    for child in stopped:
        assert child.is_running()
        os.kill(child.pid, signal.SIGCONT)
    assert localhost("up", "--stack-only").returncode == 0
    assert not any(child.is_running() for child in children)


def test_two_starts_at_once_end_with_one_stack(localhost: Localhost, folder: Path) -> None:
    with ThreadPoolExecutor(2) as together:
        answers = [task.result() for task in [together.submit(localhost, "up", "--stack-only") for _ in range(2)]]
    assert [answer.returncode for answer in answers] == [0, 0], [answer.stderr for answer in answers]
    assert len(running(folder)) == len(ALL) + 1


def test_a_start_that_fails_says_why_and_leaves_nothing(localhost: Localhost, folder: Path) -> None:
    (folder / "data" / "vectors").mkdir(parents=True)
    (folder / "data" / "vectors" / "collection-x").mkdir()
    (folder / "data" / "vectors" / "collection-x" / "collection.json").write_text('{"name": "x", "vectors": {}}')
    answer = localhost("up", "--stack-only")
    assert answer.returncode == 1
    assert "The vector server did not start" in answer.stderr
    assert "vectors.log" in answer.stderr
    record = read_json(folder / "stack.json")
    assert (record["supervisor"], record["phase"]) == (None, "failed")
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(folder) in str(one.info["cmdline"])]


def test_in_the_foreground_an_interrupt_stops_everything(folder: Path) -> None:
    command = [sys.executable, "-m", "localhost", "up", "--foreground", "--stack-only"]
    environment = {**os.environ, "THEOGEN_LOCAL_DIR": str(folder)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        while read_json(folder / "stack.json").get("phase") != "ready":
            assert process.poll() is None
            time.sleep(0.1)
        _, *children = running(folder)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert not any(child.is_running() for child in children)


def test_an_unknown_command_is_refused_with_the_list(localhost: Localhost) -> None:
    answer = localhost("fly")
    assert answer.returncode == 2
    assert "There is no command 'fly'" in answer.stderr
    assert "up " in answer.stderr
