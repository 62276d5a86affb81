"""What the app's code promises: a light start, and no name that is called and does not exist."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.app import ROOT

HEAVY = {
    "numpy", "cv2", "onnxruntime", "openai", "grpc", "qdrant_client", "neo4j", "asyncpg", "pydantic_settings", "PIL",
    "docx", "lxml", "rapidocr",
}  # fmt: skip
CALLS = {
    "call_activity",
    "call_activity_with_retry",
    "call_sub_orchestrator",
    "start_new",
    "attempt",
    "insist",
    "_start",
}
PROBE = """
import json, sys
import function_app
functions = function_app.app.get_functions()
print(json.dumps({"loaded": sorted(sys.modules), "names": [f.get_function_name() for f in functions]}))
"""


def _probe() -> dict[str, list[str]]:
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_a_cold_start_loads_nothing_heavy() -> None:
    loaded = {name.split(".")[0] for name in _probe()["loaded"]}
    assert loaded & HEAVY == set()


def test_a_cold_start_knows_of_traces_and_loads_no_exporter() -> None:
    loaded = _probe()["loaded"]
    assert "opentelemetry.trace" in loaded
    assert [name for name in loaded if name.startswith(("opentelemetry.sdk", "azure.monitor", "google"))] == []


def test_every_function_has_its_own_name() -> None:
    names = _probe()["names"]
    assert len(set(names)) == len(names)


def test_every_name_that_is_called_exists() -> None:
    called = set(_called())
    assert {"import_document", "code_document", "generate_theory", "read_pages", "publish_theory"} <= called
    assert called <= set(_probe()["names"])


def test_every_activity_and_orchestrator_is_called_by_somebody() -> None:
    written = {
        node.name
        for folder in ("activities", "orchestrators")
        for tree in _trees(ROOT / "functions" / folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list
    }
    assert written == set(_called())


def _called() -> Iterator[str]:
    """Names in calls, and in the tables of (stage, name) that orchestrators walk through."""
    for tree in [*_trees(ROOT / "functions" / "orchestrators"), *_trees(ROOT / "functions" / "triggers")]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in CALLS:
                yield from (a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str))
            if isinstance(node, ast.List):
                yield from _second_of_pairs(node)


def _second_of_pairs(table: ast.List) -> Iterator[str]:
    for row in table.elts:
        if isinstance(row, ast.Tuple) and len(row.elts) == 2 and isinstance(row.elts[1], ast.Constant):
            yield str(row.elts[1].value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _trees(folder: Path) -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in sorted(folder.glob("*.py"))]
