"""`python -m bench.costs [--count 200] [--rate 0]`: what a scan costs in CPU, by process, and in transactions.

The batch of `bench.limited`, without limits unless `--rate` says one. CPU counts however busy the machine is, though a
busy one makes everything dearer: compare what was measured in the same minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil

from bench import limited
from localhost.stack import Stack
from localhost.stack.place import default_folder
from tests.support.app import RunningApp
from tests.support.limited import incomplete, paid_twice, providers, scans

FIRST = 10  # documents that warm the app up
POLL = 5.0  # seconds between two questions about the batch, which cost something, too
NAMES = ("orchestrator", "activity_worker", "postgres", "azurite", "vectors", "service_bus", "graph")
SETTLED = 1.5  # seconds after which Postgres's own counters are up to date


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="documents of the batch")
    parser.add_argument("--rate", type=int, default=0, help="requests a second that each provider takes; 0: any")
    options = parser.parse_args()
    limited.POLL = POLL
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # under root, Postgres is another user
        stack = Stack(Path(folder) / "stack", parts=(), tools=default_folder() / "tools")
        try:
            asyncio.run(_measure(stack, Path(folder), options.count, options.rate))
        finally:
            stack.stop()


async def _measure(stack: Stack, folder: Path, count: int, rate: int) -> None:
    async with providers(rate or None) as made:
        settings = made.settings | {"STAGE_RETRY_DELAYS": "60,300,900"}
        async with RunningApp(stack, folder / "app", settings) as app:
            project_id = await app.create_project(language="en")
            await limited._send(app, project_id, scans(range(count, count + FIRST)))
            before, begun = _cpu(folder, app.process_id), await _transactions(stack, app)
            batch_id, status = await limited._send(app, project_id, scans(range(count)))
            after, ended = _cpu(folder, app.process_id), await _transactions(stack, app)
            lacking = await incomplete(app, batch_id)
    spent = {part: (after[part] - before[part]) / count * 1000 for part in after}
    print(
        f"{count} documents; failed {status['failed']}, incomplete {len(lacking)}, paid twice {len(paid_twice(made))}"
    )
    for part, each in sorted(spent.items(), key=lambda one: -one[1]):
        print(f"{part:>20} {each:7.1f} ms of CPU a document")
    print(f"{'all':>20} {sum(spent.values()):7.1f}; {(ended - begun) / count:.1f} transactions a document")


def _cpu(folder: Path, host: int) -> defaultdict[str, float]:
    """Seconds of CPU so far, by part; what has ended meanwhile is missing."""
    spent: defaultdict[str, float] = defaultdict(float)
    for process in _processes(folder):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent[_part(process, host)] += sum(process.cpu_times()[:2])
    return spent


def _processes(folder: Path) -> Iterator[psutil.Process]:
    """This process, and all that it, or anybody in its name, has started."""
    own = {process.pid: process for process in psutil.Process().children(recursive=True)}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(folder) in " ".join(process.cmdline()):
                own |= {one.pid: one for one in (process, *process.children(recursive=True))}
    yield from ({os.getpid(): psutil.Process()} | own).values()


def _part(process: psutil.Process, host: int) -> str:
    if process.pid in (host, os.getpid()):
        return "host" if process.pid == host else "this benchmark"
    command = " ".join(process.cmdline()) or process.name()
    return next((name for name in NAMES if name in command), "others")


async def _transactions(stack: Stack, app: RunningApp) -> int:
    base, _, name = app.database_url.rpartition("/")
    await asyncio.sleep(SETTLED)
    admin = await asyncpg.connect(
        host="127.0.0.1", port=int(base.rpartition(":")[2]), user="postgres", database="postgres",
        password=stack.place.passwords["postgres"],
    )  # fmt: skip
    try:
        found = await admin.fetchval(
            "select xact_commit + xact_rollback from pg_stat_database where datname = $1", name
        )
    finally:
        await admin.close()
    return int(found)


if __name__ == "__main__":
    main()
