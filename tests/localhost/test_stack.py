"""The stack as other code uses it: it starts, keeps running, fails in a sentence, gives the app no power."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from neo4j import AsyncGraphDatabase

from localhost.stack import AlreadyRunning, Stack, StackError
from localhost.stack.files import read_json, write_atomically
from localhost.stack.place import default_folder
from localhost.stack.reach import OUTSIDE, outside_name
from localhost.stack.stack import PARTS
from localhost.stack.vectors import Vectors

TOOLS = default_folder() / "tools"


@pytest.fixture
def folder(stack_folder: Path, tmp_path: Path) -> Path:
    """A folder of the test's own that Postgres's user can reach."""
    return stack_folder / f"own-{tmp_path.name}"


def pids(folder: Path) -> dict[str, int]:
    return {name: part["pid"] for name, part in read_json(folder / "stack.json")["parts"].items() if part["pid"]}


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


async def eventually(holds: Callable[[], Any], seconds: float = 30) -> None:
    for _ in range(int(seconds * 20)):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {seconds} seconds")


def test_a_stack_has_only_the_parts_that_were_asked_for(folder: Path) -> None:
    with Stack(folder, {"vectors"}) as stack:
        assert stack.settings.keys() == {"QDRANT_URL"}
        assert pids(folder).keys() == {"vectors"}
        pid = pids(folder)["vectors"]
    assert not alive(pid)
    assert not pids(folder)


def test_an_unknown_part_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="no such part: redis"):
        Stack(folder, {"redis"})


def test_the_files_with_passwords_are_for_their_owner_only(folder: Path) -> None:
    with Stack(folder, {"vectors"}):
        for file in (folder / "stack.json", folder / "data" / "passwords.json"):
            assert file.stat().st_mode & 0o777 == 0o600


def test_every_part_listens_on_loopback_only(stack: Stack) -> None:
    stack.start(PARTS)
    for pid in pids(stack.place.folder).values():
        listening = [one for one in psutil.Process(pid).net_connections() if one.status == psutil.CONN_LISTEN]
        assert listening
        assert all(one.laddr.ip.replace("::ffff:", "") in ("127.0.0.1", "::1") for one in listening)


def test_a_second_stack_on_a_folder_is_refused(folder: Path) -> None:
    with Stack(folder, {"vectors"}), pytest.raises(AlreadyRunning, match="already runs"):
        Stack(folder, {"vectors"}).start()


def test_ports_are_used_again_or_replaced_when_taken(folder: Path) -> None:
    with Stack(folder, {"vectors"}) as stack:
        first = stack.settings["QDRANT_URL"]
    with Stack(folder, {"vectors"}) as stack:
        assert stack.settings["QDRANT_URL"] == first
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(first.rsplit(":", 1)[1])))
        other.listen()
        with Stack(folder, {"vectors"}) as stack:
            assert stack.settings["QDRANT_URL"] != first


def test_a_part_that_fails_says_why_and_stops_the_others(folder: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    (folder / "data" / "postgres").mkdir(parents=True)
    (folder / "data" / "postgres" / "PG_VERSION").write_text("11\n")
    if os.geteuid() == 0:
        os.chown(folder / "data" / "postgres", 65534, -1)
    (folder / "data" / "postgres").chmod(0o700)
    with pytest.raises(StackError, match=r"Postgres did not start.*postgres\.log"):
        Stack(folder, {"postgres", "vectors"}).start()
    record = read_json(folder / "stack.json")
    assert record["phase"] == "failed"
    assert "Postgres" in record["problem"]
    assert not pids(folder)
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_taken_port_is_named_as_the_cause(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr("localhost.stack.stack.choose_port", lambda wanted, taken: other.getsockname()[1])
        with pytest.raises(StackError, match="vector server did not start: its port was taken"):
            Stack(folder, {"vectors"}).start()


def test_a_missing_wheel_is_named_with_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("localhost.stack.vectors.package_folder", lambda name: None)
    with pytest.raises(StackError, match="qdrant-edge-py is not installed"):
        Stack(folder, {"vectors"}).start()


def test_a_part_that_never_gets_ready_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Vectors, "patience", 0.5)
    monkeypatch.setattr(Vectors, "is_ready", lambda self: False)
    with pytest.raises(StackError, match="was not ready after 0 seconds"):
        Stack(folder, {"vectors"}).start()
    assert not pids(folder)


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_a_part_that_is_killed_comes_back_on_its_port(stack: Stack, part: str) -> None:
    stack.start({part})
    folder, settings = stack.place.folder, dict(stack.settings)
    pid = pids(folder)[part]
    os.kill(pid, signal.SIGKILL)
    await eventually(
        lambda: (
            pids(folder).get(part) not in (None, pid)
            and read_json(folder / "stack.json")["parts"][part]["state"] == "ready"
        )
    )
    assert stack.settings == settings
    assert await asyncio.to_thread(stack.keepers[part].part.is_ready)


def test_what_was_added_last_is_stopped_before_what_it_uses(folder: Path) -> None:
    class App(Vectors):
        name, title = "host", "The app"

    ended: list[str] = []
    with Stack(folder, {"postgres"}, durable=False) as stack:
        stack.add([App(stack.place)])
        for name, keeper in stack.keepers.items():
            child = keeper.child
            assert child is not None
            child.end = lambda patience=20, name=name, end=child.end: (ended.append(name), end(patience))  # type: ignore
    assert list(dict.fromkeys(ended)) == ["host", "postgres"]


async def test_the_app_role_is_held_by_row_level_security(postgres_url: str, postgres_owner_url: str) -> None:
    owner, app = await asyncpg.connect(postgres_owner_url), await asyncpg.connect(postgres_url)
    try:
        await owner.execute(
            """
            CREATE TABLE guarded (tenant uuid NOT NULL);
            ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
            ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
            CREATE POLICY own ON guarded
                USING (tenant = nullif(current_setting('app.tenant_id', true), '')::uuid);
            GRANT SELECT, INSERT ON guarded TO theogen_app;
            """
        )
        mine, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
        async with app.transaction():
            await app.execute(f"SET LOCAL app.tenant_id = '{mine}'")
            await app.execute("INSERT INTO guarded VALUES ($1)", mine)
            assert await app.fetchval("SELECT count(*) FROM guarded") == 1
        assert await app.fetchval("SELECT count(*) FROM guarded") == 0
        async with app.transaction():
            await app.execute(f"SET LOCAL app.tenant_id = '{other}'")
            assert await app.fetchval("SELECT count(*) FROM guarded") == 0
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute("INSERT INTO guarded VALUES ($1)", mine)
        for attempt in (
            "SET ROLE theogen_owner",
            "SET SESSION AUTHORIZATION postgres",
            "ALTER TABLE guarded DISABLE ROW LEVEL SECURITY",
            "ALTER ROLE theogen_app BYPASSRLS",
            "CREATE TABLE mine (a int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(attempt)
        await app.execute("SET row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.fetchval("SELECT count(*) FROM guarded")
    finally:
        await owner.execute("DROP TABLE IF EXISTS guarded")
        await app.close()
        await owner.close()


async def test_the_extensions_are_there(postgres_url: str) -> None:
    app = await asyncpg.connect(postgres_url)
    assert await app.fetchval("SELECT '[1,2]'::vector <=> '[1,2]'::vector") == 0
    assert await app.fetchval("SELECT similarity('theory', 'theories') > 0")
    assert await app.fetchval("SELECT unaccent('teoría')") == "teoria"
    await app.close()


def test_a_postgres_lock_file_of_a_stranger_does_not_hinder_the_start(folder: Path) -> None:
    with Stack(folder, {"postgres"}, durable=False):
        pass
    lock = folder / "data" / "postgres" / "postmaster.pid"
    about = lock.parent.stat()
    with subprocess.Popen(["sleep", "60"], user=about.st_uid) as stranger:
        lock.write_text(f"{stranger.pid}\n{lock.parent}\n")
        os.chown(lock, about.st_uid, about.st_gid)
        with Stack(folder, {"postgres"}, durable=False) as stack:
            assert stack.keepers["postgres"].part.is_ready()
        stranger.kill()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take over from others")
@pytest.mark.parametrize("owner", [0, 1234])
def test_root_can_go_on_with_data_that_was_made_by_somebody_else(folder: Path, owner: int) -> None:
    with Stack(folder, {"postgres"}, durable=False):
        pass
    data = folder / "data" / "postgres"
    for path in (data, *data.rglob("*")):
        os.chown(path, owner, owner)
    with Stack(folder, {"postgres"}, durable=False) as stack:
        expected = owner or data.stat().st_uid
        assert psutil.Process(pids(folder)["postgres"]).uids().real == expected != 0
        assert stack.keepers["postgres"].part.is_ready()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run Postgres as somebody else")
def test_where_the_database_user_cannot_go_data_and_programs_are_put_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("localhost.stack.postgres.can_reach", lambda path, account: False)
    elsewhere = OUTSIDE / outside_name(folder)
    try:
        for _ in range(2):
            with Stack(folder, {"postgres"}, durable=False) as stack:
                part = stack.keepers["postgres"].part
                assert part.note() == f"data in {elsewhere}/postgres"
                program = Path(psutil.Process(pids(folder)["postgres"]).exe())
                assert program.is_relative_to(elsewhere)
                assert (folder / "data" / "postgres").resolve() == elsewhere / "postgres"
    finally:
        shutil.rmtree(elsewhere)


def test_a_record_of_processes_that_are_gone_or_not_ours_is_not_believed(folder: Path) -> None:
    folder.mkdir()
    me = {"pid": os.getpid(), "started": time.time() - 10**6}
    write_atomically(folder / "stack.json", {"supervisor": me, "parts": {"vectors": dict(me)}})
    with Stack(folder, {"vectors"}):
        assert pids(folder)["vectors"] != os.getpid()


async def test_the_graph_server_takes_the_ordinary_driver(graph: tuple[str, str, str]) -> None:
    uri, user, password = graph
    async with AsyncGraphDatabase.driver(uri, auth=(user, password)) as driver:
        await driver.execute_query("MERGE (c:Code {id: $id})", id="one")
        found = await driver.execute_query("MATCH (c:Code {id: $id}) RETURN count(c) AS n", id="one")
        assert found.records[0]["n"] == 1


def test_the_queues_of_the_app_take_and_give_messages(service_bus_connection: str) -> None:
    with (
        ServiceBusClient.from_connection_string(service_bus_connection) as client,
        client.get_queue_sender("theory-requests") as sender,
        client.get_queue_receiver("theory-requests") as receiver,
    ):
        sender.send_messages(ServiceBusMessage("request"))
        (message,) = receiver.receive_messages(1, max_wait_time=10)
        receiver.complete_message(message)
    assert str(message) == "request"
