"""Fixtures that all tests may ask for."""

import os

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
