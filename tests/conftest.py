"""Fixtures that all tests may ask for."""

import os

import pytest

from tests.support.stack import (
    azurite_connection,
    graph,
    postgres_owner_url,
    postgres_url,
    qdrant_url,
    service_bus_connection,
    stack,
    stack_folder,
)

# Warm-up has tests of its own; elsewhere it would only work beside what is tested.
os.environ.setdefault("WARMUP_ENABLE", "false")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: all wait for whoever begins a long one last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


__all__ = [
    "azurite_connection",
    "graph",
    "postgres_owner_url",
    "postgres_url",
    "qdrant_url",
    "service_bus_connection",
    "stack",
    "stack_folder",
]
