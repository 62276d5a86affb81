"""What a deployment would make, as far as the files say it: app settings, grants, resources."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.infra.bicep import FILES, INFRA, File, Resource, properties, read, value, walk

MAIN = INFRA / "main.bicep"
ROLES = INFRA / "modules" / "roles.bicep"
APP = INFRA / "modules" / "functionApp.bicep"


def settings_of(file: File, variable: str) -> dict[str, Any]:
    """App settings by name: those of every object in a variable, and code where the value is none."""
    node = file.variables[variable].value
    assert node is not None
    found: dict[str, Any] = {}
    for inner in walk(node):
        if inner.type == "object":
            found |= {name: value(child) for name, child in properties(inner).items()}
    return found


@lru_cache(maxsize=1)
def app_settings() -> dict[str, Any]:
    """All settings of the app, with every option on."""
    return settings_of(read(MAIN), "settings") | settings_of(read(APP), "premiumSettings")


def literals(variable: str) -> Any:
    """A variable of main.bicep as data."""
    node = read(MAIN).variables[variable].value
    assert node is not None
    return value(node)


@lru_cache(maxsize=1)
def grants() -> dict[str, list[dict[str, str]]]:
    """The table of roles: by resource, each with its role's id and reason."""
    node = read(ROLES).variables["grants"].value
    assert node is not None
    table: dict[str, list[dict[str, str]]] = value(node)
    return table


def everywhere(type_: str) -> list[Resource]:
    """Resources of a type that are made, in all files."""
    return [r for path in FILES for r in read(path).of_type(type_) if not r.existing]


def only(type_: str) -> dict[str, Any]:
    """The properties of the one resource of a type."""
    [resource] = everywhere(type_)
    found: dict[str, Any] = resource.body["properties"]
    return found
