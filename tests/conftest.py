"""Fixtures that all tests may ask for."""

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
