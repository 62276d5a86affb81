"""The smoke test of deployments, against the whole app on this machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from tests.support.app import ROOT, RunningApp


async def smoke(url: str, patience: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", str(ROOT / "infra" / "smoke.py"), url, "--patience", patience]
    environ = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    return await asyncio.to_thread(subprocess.run, command, env=environ, capture_output=True, text=True)


@pytest.mark.slow
async def test_an_app_that_works_passes_twice(app: RunningApp) -> None:
    for _ in range(2):
        done = await smoke(f"{app.url}/api", "120")
        assert done.returncode == 0, done.stdout + done.stderr
        assert [line[0] for line in done.stdout.splitlines()] == ["✓"] * 5
        assert "completed and found" in done.stdout
        assert "graph: constraints are there" in done.stdout


async def test_an_address_where_nobody_is_fails_at_the_first_check() -> None:
    done = await smoke("http://127.0.0.1:1/api", "0")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ health: GET health answered nothing")
    assert done.stderr == ""


async def test_an_app_that_is_alive_but_not_ready_fails_there(app: RunningApp) -> None:
    done = await smoke(f"{app.url}/api/nowhere", "0")
    assert done.returncode == 1
    assert done.stdout.startswith("✗ health: GET health answered 404")
