"""docs/operating.md: what it names exists, and what needs no Azure is run.

Commands stand in fenced blocks marked `sh`. A line that starts with `az`, `azd` or `gh` is Azure's; every other is run,
with a stand-in for these on the PATH; of `make` it is asked what it would do.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.settings import Settings
from tests.infra.bicep import INFRA, ROOT, read
from tests.infra.deployment import MAIN
from tests.infra.machine import OTHERS, OUTPUTS, Machine
from tests.infra.test_app_settings import PLATFORM
from tests.support.functions import indexed

TEXT = (ROOT / "docs" / "operating.md").read_text("utf-8")
AZURE = {"az", "azd", "gh"}


def commands() -> list[str]:
    """Each command of the fenced blocks, on one line."""
    blocks = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.strip()]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    else:
        yield path, value


OURS = [line for line in commands() if line.split()[0] not in AZURE]
THEIRS = [line for line in commands() if line.split()[0] in AZURE]
INPUTS = set(re.findall(r"\$\{(\w+)", (INFRA / "main.parameters.json").read_text("utf-8"))) | OTHERS


def test_there_are_commands_of_both_kinds() -> None:
    assert len(OURS) >= 6
    assert len(THEIRS) >= 10


@pytest.mark.parametrize("line", OURS)
def test_a_command_that_needs_no_azure_runs(tmp_path: Path, line: str) -> None:
    machine = Machine(tmp_path)
    for name in ("python", ".venv/bin/python"):
        line = re.sub(rf"(?<![\w./-]){re.escape(name)}(?= )", sys.executable, line)
    if line.startswith("make "):
        line = line.replace("make ", "make --dry-run ", 1)
    (tmp_path / "theogen.zip").write_bytes(b"x")
    environ = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "AZ_LOG": str(machine.log), "AZ_BODIES": str(machine.bodies),
        "AZ_CURRENT": "theogen-1.zip", "AZ_HAS_NO_SECRET": "0", "PYTHON": str(tmp_path / "standin-python"),
        "HOME": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run(["sh", "-euc", line], cwd=ROOT, env=environ | OUTPUTS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", THEIRS)
def test_a_command_for_azure_can_be_read_and_names_what_there_is(line: str) -> None:
    words = shlex.split(line)
    outputs = read(MAIN).outputs.keys()
    assert {name for word in words for name in re.findall(r"\$\{?(\w+)", word)} - outputs == set()
    if words[:3] == ["azd", "env", "set"]:
        assert words[3] in INPUTS
    functions = {function.get_function_name() for function in indexed()}
    assert set(re.findall(r"AzureWebJobs\.(\w+)\.Disabled", line)) <= functions
    for name in re.findall(r"infra/[\w./-]+\.\w+", line):
        assert (ROOT / name).is_file(), name


def test_draining_stops_whatever_starts_an_orchestration() -> None:
    starting = {
        function.get_function_name()
        for function in indexed()
        if any(json.loads(text)["type"] == "durableClient" for text in function.get_raw_bindings())
    }
    # What lets orchestrations that are under way come to their end goes on.
    starting -= {"cancel_theory", "review_theory", "import_members"}
    stop, resume = (
        set(re.findall(r"AzureWebJobs\.(\w+)\.Disabled", line)) for line in THEIRS if "AzureWebJobs." in line
    )
    assert stop == resume == starting


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:infra|docs|shared|functions|localhost|\.github)/[\w./-]+\.\w+)[^`]*`", TEXT)
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_commands_in_the_text_exist() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z0-9-]+)", TEXT)) <= targets
    for name in set(re.findall(r"python -m ([\w.]+)", TEXT)):
        path = ROOT / name.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name


NAMES_OF_OTHERS = {
    "WEBSITE_TIME_ZONE",
    "LOCALHOST_ACTIVITY_PROCESSES",  # of the local host
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE"),  # everybody's
    "MIGRATION_DATABASE_URL",  # of shared.migrate
    "AZURE_TENANT_ID", "DATABASE_OWNER_ID",  # variables of the workflow
    "AZURE_PRINCIPAL_ID",  # azd's
}  # fmt: skip


def test_settings_and_parameters_that_are_named_exist() -> None:
    named = {name for text in re.findall(r"`([^`\n]+)`", TEXT) for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", text)}
    known = {name.upper() for name in Settings.model_fields} | PLATFORM.keys() | INPUTS | NAMES_OF_OTHERS
    assert named - known - read(MAIN).outputs.keys() == set()


def test_each_value_of_host_json_is_explained() -> None:
    rows = dict(re.findall(r"^\| `([\w.]+)` (\S.*?) \| \S", TEXT.split("### host.json, each value")[1], re.MULTILINE))
    host = dict(leaves(json.loads((ROOT / "host.json").read_text("utf-8"))))
    told = {path: str(value).replace("True", "true") for path, value in host.items()}
    del told["version"], told["extensionBundle.id"]  # the only ones there are
    assert rows == told


def test_one_request_at_a_time_is_not_what_flex_does() -> None:
    host = json.loads((ROOT / "host.json").read_text("utf-8"))
    source = (INFRA / "modules" / "functionApp.bicep").read_text("utf-8")
    assert f"perInstanceConcurrency: {host['extensions']['http']['maxConcurrentRequests']}\n" in source


def test_the_sizes_in_the_cost_table_are_those_of_the_infrastructure() -> None:
    source = MAIN.read_text("utf-8")
    table = TEXT.split("### What it costs")[1].split("###")[0]
    for name in set(re.findall(r"postgresSku: '(\w+)'", source)) | set(re.findall(r"premiumSku: '(\w+)'", source)):
        assert name in table, name
