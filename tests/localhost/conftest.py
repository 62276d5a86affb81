"""What the tests of the local host share: a lab on virtual time, and hosts in processes of their own."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.localhost.lab import Lab
from tests.localhost.process import HostProcess

os.environ["AZURE_FUNCTIONS_DURABLE_STRICT_TYPING"] = "1"

APPS = Path(__file__).parent / "apps"

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
