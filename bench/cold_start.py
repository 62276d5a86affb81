"""`python -m bench.cold_start`: the first request of a cold worker beside that of a warm one, on the local host."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from localhost.stack import Stack
from localhost.stack.place import default_folder
from tests.support.app import RunningApp

SCAN = Path(__file__).parents[1] / "shared" / "warmup" / "lectura.pdf"
STEPS = ("start until ready", "first request", "second request", "first scan, until read", "second scan, until read")
_ROW = "| {:<24} | {:>9} | {:>9} | {:>12} |"


def main() -> None:
    """Start the app cold and warm in turns, and print the medians of what its first requests took."""
    parser = argparse.ArgumentParser(prog="python -m bench.cold_start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="theogen-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # under root Postgres is another user
        stack = Stack(folder / "stack", parts=(), tools=default_folder() / "tools", durable=False)
        try:
            asyncio.run(_measure(stack, folder, rounds))
        finally:
            stack.stop()


async def _measure(stack: Stack, folder: Path, rounds: int) -> None:
    found: dict[str, list[list[float]]] = {"false": [], "true": []}
    for number in range(rounds):
        for warm, times in found.items():
            times.append(await _one(stack, folder / f"{warm}-{number}", warm, number))
    print(_ROW.format("seconds", "cold", "warm", "cold - warm"))
    print(_ROW.format("-" * 24, *("-" * width for width in (9, 9, 12))))
    for index, step in enumerate(STEPS):
        cold, hot = (statistics.median(times[index] for times in found[key]) for key in ("false", "true"))
        print(_ROW.format(step, f"{cold:.2f}", f"{hot:.2f}", f"{cold - hot:+.2f}"))


async def _one(stack: Stack, folder: Path, warm: str, number: int) -> list[float]:
    """The times of one start: a process that has not been there before, on a database of its own."""
    app = RunningApp(stack, folder, {"WARMUP_ENABLE": warm, "STAGE_RETRY_DELAYS": "60,300,900"})
    await app.prepare()
    try:
        times = [(await _timed(app.start()))[0]]
        first, project_id = await _timed(app.create_project("Arranque"))
        second, _ = await _timed(app.get(f"projects/{project_id}"))
        times += [first, second]
        for copy in range(2):
            scan = SCAN.read_bytes() + f"\n%{warm}-{number}-{copy}".encode()  # other bytes are another document
            took, [document] = await _timed(app.import_files(project_id, (f"scan-{copy}.pdf", scan)))
            assert document["status"] == "completed", document
            times.append(took)
    finally:
        await app.__aexit__()
    return times


async def _timed(work: Awaitable[Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = await work
    return time.perf_counter() - begun, result


if __name__ == "__main__":
    main()
