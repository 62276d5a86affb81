"""What ships to Azure: the right files, exact versions, functions that the host accepts."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pathspec
import pytest

from tests.support.functions import indexed

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ["requirements.txt", "requirements-localhost.txt", "requirements-dev.txt"]
OF_THIS_MACHINE = {".git", ".venv", ".localhost", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@lru_cache(maxsize=1)
def shipped() -> list[str]:
    """The files of the project that .funcignore lets through."""
    rules = pathspec.GitIgnoreSpec.from_lines((ROOT / ".funcignore").read_text("utf-8").splitlines())
    return sorted(path for path in project_files() if not rules.match_file(path))


def project_files() -> Iterator[str]:
    for top in ROOT.iterdir():
        if top.name in OF_THIS_MACHINE:
            continue
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file():
                yield path.relative_to(ROOT).as_posix()


def pins(name: str) -> dict[str, str]:
    """Package and version of each line, by normalised name."""
    found = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text and not text.startswith("-"):
            pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([\w.+-]+)", text)
            assert pin, f"{name}: {text} is not pinned to one version"
            found[normalised(pin[1])] = pin[2]
    return found


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def test_what_the_app_needs_ships() -> None:
    assert {"function_app.py", "host.json", "requirements.txt", "constraints.txt"} <= set(shipped())
    needed = [p for p in project_files() if p.startswith(("functions/", "shared/")) and "__pycache__" not in p]
    assert set(needed) <= set(shipped())
    assert {Path(p).suffix for p in needed} == {".py", ".sql", ".txt", ".json", ".pdf"}
    assert sum(p.startswith("shared/prompts/") and p.endswith(".txt") for p in shipped()) >= 20
    assert any(p.startswith("shared/migrations/versions/") and p.endswith(".sql") for p in shipped())


def test_nothing_else_ships() -> None:
    tops = {path.split("/")[0] for path in shipped()}
    assert tops == {"function_app.py", "host.json", "requirements.txt", "constraints.txt", "functions", "shared"}
    assert not [path for path in shipped() if "__pycache__" in path or path.endswith(".pyc")]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_versions_are_exact_and_agree_with_the_constraints(name: str) -> None:
    constraints = pins("constraints.txt")
    assert pins(name) == {package: constraints.get(package) for package in pins(name)}


def test_transitive_versions_are_held_where_the_app_is_built() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert "-c constraints.txt" in [line.split("#")[0].strip() for line in lines]


def test_no_package_is_required_twice() -> None:
    names = [package for name in REQUIREMENTS for package in pins(name)]
    assert sorted(names) == sorted(set(names))


def test_every_package_that_the_app_imports_is_one_that_ships() -> None:
    ours = {"functions", "shared", "function_app", "azure", *sys.stdlib_module_names}
    required, owners = set(pins("requirements.txt")), packages_distributions()
    missing = set()
    for path, module in modules("functions", "shared"):
        for name in imported(module) - ours:
            if not {normalised(owner) for owner in owners.get(name, [])} & required:
                missing.add((path.relative_to(ROOT).as_posix(), name))
    assert missing == set()


def imported(module: ast.Module) -> set[str]:
    """Top-level names of absolute imports, wherever they stand."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_the_host_s_settings_are_those_that_the_app_was_built_for() -> None:
    host = json.loads((ROOT / "host.json").read_text("utf-8"))
    assert host["version"] == "2.0"
    bundle = {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
    assert host["extensionBundle"] == bundle
    assert host["extensions"]["http"]["routePrefix"] == "api"
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]{2,44}", host["extensions"]["durableTask"]["hubName"])


def bindings(function: Any) -> list[dict[str, Any]]:
    return [json.loads(text) for text in function.get_raw_bindings()]


def test_no_binding_has_a_name_that_the_host_refuses() -> None:
    names = {binding["name"] for function in indexed() for binding in bindings(function)}
    assert {name for name in names - {"$return"} if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name)} == set()


def test_every_function_has_a_name_of_its_own_and_one_trigger() -> None:
    names = [function.get_function_name() for function in indexed()]
    assert len({name.casefold() for name in names}) == len(names)
    for function in indexed():
        triggers = [b for b in bindings(function) if b["type"].endswith("Trigger")]
        assert len(triggers) == 1, function.get_function_name()


def test_routes_do_not_collide() -> None:
    routes = [
        (method, re.sub(r"\{[^}]*\}", "{}", binding["route"]))
        for function in indexed()
        for binding in bindings(function)
        if binding["type"] == "httpTrigger"
        for method in binding["methods"]
    ]
    assert len(routes) == len(set(routes))
    assert len(routes) >= 15


def test_every_function_of_the_shell_says_what_it_does() -> None:
    silent = [
        f"{path.name}:{node.name}"
        for path, module in modules("functions")
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and node.decorator_list
        and not ast.get_docstring(node)
        and node.name != "guarded"
    ]
    assert silent == []


def test_an_activity_s_docstring_or_its_step_s_is_there_and_the_two_share_their_name() -> None:
    steps = {
        node.name
        for _, module in modules("shared/steps")
        for node in module.body
        if isinstance(node, ast.AsyncFunctionDef)
    }
    activities = {f.get_function_name(): f for f in indexed() if f.get_trigger().type == "activityTrigger"}
    assert set(activities) <= steps
    assert all(function.get_user_function().__doc__ for function in activities.values())
