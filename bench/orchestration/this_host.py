"""Runs the job on this project's host: a process as `make up` starts it, and a client that speaks HTTP with it."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

from bench.orchestration import job

PROCESSES = 2  # that replay orchestrators, as Celery has two workers
ACTIVITIES = os.environ.get("LOCALHOST_ACTIVITY_PROCESSES", "0")  # stages that do nothing need no process of their own
SETTING = (
    f"one host, {PROCESSES} orchestrator and {ACTIVITIES} activity processes, SQLite (WAL, every commit to disk), "
    "16 activities at once"
)
CLIENTS = 16
PATIENCE = 60.0
PAUSE = 0.05
_APP = Path(__file__).parent / "app"
_ROOT = Path(__file__).parents[2]


class ThisHost:
    """A host process on free ports, and the requests that a Durable client sends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._round = 0
        report = folder / "report.json"
        command = [sys.executable, "-m", "localhost.host", "--app", str(_APP), "--data", str(folder)]
        command += ["--port", "0", "--rpc-port", "0", "--report", str(report)]
        chosen = {"FUNCTIONS_WORKER_PROCESS_COUNT": str(PROCESSES), "LOCALHOST_ACTIVITY_PROCESSES": ACTIVITIES}
        settings = os.environ | chosen | {"AZURE_FUNCTIONS_DURABLE_STRICT_TYPING": "1"}
        with (folder / "host.log").open("w") as log:
            self.process = subprocess.Popen(command, stderr=log, stdout=log, env=settings, cwd=_ROOT)
        until = time.monotonic() + PATIENCE
        while not report.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit((folder / "host.log").read_text())
            time.sleep(PAUSE)
        self._url = f"{json.loads(report.read_text())['rpc']}/durabletask"

    def documents(self, count: int, stages: int) -> int:
        """Start each document with a request of its own, as uploads do."""
        return asyncio.run(self._run("document", count, {"stages": stages}))

    def fan(self, width: int) -> int:
        """One orchestration that starts all."""
        return asyncio.run(self._run("fan", 1, {"width": width}))

    def stop(self) -> None:
        """End the host as a signal does."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    async def _run(self, name: str, count: int, job_input: dict[str, int]) -> int:
        self._round += 1
        prefix = f"{name}-{self._round}-"
        body = json.dumps(json.dumps(job_input))  # twice, as client 1.7 does
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CLIENTS)) as session:
            starts = (session.post(f"{self._url}/orchestrators/{name}/{prefix}{n}", data=body) for n in range(count))
            for response in await asyncio.gather(*starts):
                response.raise_for_status()
            while await self._page(session, prefix, runtimeStatus="Pending,Running", top="1"):  # noqa: ASYNC110 - another process works
                await asyncio.sleep(PAUSE)
            ended = await self._page(session, prefix, top=str(count))
        return sum(row["output"] for row in ended)

    async def _page(self, session: aiohttp.ClientSession, prefix: str, **query: str) -> list[dict[str, Any]]:
        wanted = {"instanceIdPrefix": prefix, "showInput": "false", **query}
        async with session.get(f"{self._url}/instances", params=wanted) as response:
            found: list[dict[str, Any]] = await response.json()
            return found


def main() -> None:
    """Run one round."""
    options = job.options()
    host = ThisHost(options.folder)
    try:
        job.measure("this host", SETTING, host, options.count)
    finally:
        host.stop()


if __name__ == "__main__":
    main()
