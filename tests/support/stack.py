"""Servers for tests: one stack for the session on a temporary folder; a part starts when first asked for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from localhost.stack import Stack
from localhost.stack.place import default_folder


@pytest.fixture(scope="session")
def stack_folder() -> Iterator[Path]:
    """A folder for stacks. Not pytest's: that is closed, and under root Postgres is another user."""
    with tempfile.TemporaryDirectory(prefix="theogen-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="session")
def stack(stack_folder: Path) -> Iterator[Stack]:
    """The session's stack with nothing started; `stack.start({"postgres"})` starts what is wanted, once."""
    # Azurite is downloaded once for the project, not once for each session.
    running = Stack(stack_folder / "session", parts=(), tools=default_folder() / "tools", durable=False)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def postgres_url(stack: Stack) -> str:
    """The app's role: no privileges beyond what is granted. The owner's is `postgres_owner_url`."""
    return stack.start({"postgres"}).settings["DATABASE_URL"]


@pytest.fixture(scope="session")
def postgres_owner_url(stack: Stack) -> str:
    """The role that migrations run as."""
    return stack.start({"postgres"}).settings["MIGRATION_DATABASE_URL"]


@pytest.fixture(scope="session")
def azurite_connection(stack: Stack) -> str:
    """A storage connection string."""
    return stack.start({"azurite"}).settings["AzureWebJobsStorage"]


@pytest.fixture(scope="session")
def graph(stack: Stack) -> tuple[str, str, str]:
    """URI, user and password for the neo4j driver."""
    settings = stack.start({"graph"}).settings
    return settings["NEO4J_URI"], settings["NEO4J_USER"], settings["NEO4J_PASSWORD"]


@pytest.fixture(scope="session")
def qdrant_url(stack: Stack) -> str:
    """For `AsyncQdrantClient(url=...)`."""
    return stack.start({"vectors"}).settings["QDRANT_URL"]


@pytest.fixture(scope="session")
def service_bus_connection(stack: Stack) -> str:
    """A connection string of the Service Bus, with the queues that the app declares."""
    return stack.start({"service_bus"}).settings["ServiceBus"]
