"""Brokers and clients for these tests. Nothing from above is needed, so that they run with any version of the SDK."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.localhost.service_bus.bus import Bus


@pytest.fixture(scope="session")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    """One broker for all tests that do not end it."""
    running = Bus(tmp_path_factory.mktemp("bus"))
    yield running
    assert running.stop() == 0
    assert "ERROR" not in running.log.read_text()


@pytest.fixture
def own_bus(tmp_path: Path) -> Iterator[Bus]:
    """A broker of the test's own."""
    running = Bus(tmp_path / "bus")
    yield running
    running.process.kill()
    running.process.wait()
