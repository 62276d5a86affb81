"""`python -m bench.batch [--count 5000]`: one batch of small text documents through the whole app on its own stack.

A batch of 500 goes first: memory after it is what memory after the large one is compared with.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import statistics
import tempfile
import time
import zipfile
from pathlib import Path

from bench.orchestration.meter import resident_mb
from bench.processes import cpu_by_part, family, told
from localhost.stack import Stack
from localhost.stack.place import default_folder
from tests.support.app import Json, RunningApp

FIRST = 500
POLL = 1.0  # seconds between two questions about the batch
A_ZIP = 1000  # documents that one request brings
_ROW = "| {:>9} | {:>9} | {:>13} | {:>9} | {:>14} | {:>13} | {:>13} |"
_HEAD = ("documents", "ingest, s", "ms a document", "CPU, ms", "status p95, ms", "slowest, ms", "resident, MB")
_PEOPLE = ("Ana", "Berta", "Carla", "Dolores", "Elena", "Fátima", "Gloria")
_EVENTS = ("the shift was changed", "nobody called", "the bus was late", "the app showed another address")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.batch", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="documents of the large batch; 0: only the first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # under root, Postgres is another user
        stack = Stack(Path(folder) / "stack", parts=(), tools=default_folder() / "tools")
        try:
            asyncio.run(_measure(stack, Path(folder), options.count))
        finally:
            stack.stop()


async def _measure(stack: Stack, folder: Path, count: int) -> None:
    async with RunningApp(stack, folder / "app", {"STAGE_RETRY_DELAYS": "60,300,900"}) as app:
        project_id = await app.create_project(language="en")
        print(_ROW.format(*_HEAD))
        print(_ROW.format(*("-" * width for width in (9, 9, 13, 9, 14, 13, 13))))
        before = await _batch(app, project_id, "first", FIRST)
        if count:
            after = await _batch(app, project_id, "large", count)
            print(f"\nResident after {count:,} to after {FIRST}: {after / before:.2f} (goal: 1.1 at most).")


async def _batch(app: RunningApp, project_id: str, name: str, count: int) -> float:
    """Send a batch, ask how it does until it has ended, check it; the memory of the host and its processes after it."""
    answer = await app.ask("POST", "batches", json={"project_id": project_id, "name": name})
    batch_id, before = answer.body["batch_id"], cpu_by_part(app.process_id)
    began = time.perf_counter()
    for start in range(0, count, A_ZIP):
        data = _archive(name, range(start, min(start + A_ZIP, count)))
        taken = await app.ask(
            "POST", f"batches/{batch_id}/ingest", data=data, headers={"Content-Type": "application/zip"}
        )
        assert taken.status == 202, taken.body
    ingested = time.perf_counter() - began
    asked: list[float] = []
    status = await _until_ended(app, batch_id, asked)
    took, spent = time.perf_counter() - began, cpu_by_part(app.process_id)
    used = sum(spent.values()) - sum(before.values())
    await _check(app, batch_id, status, count)
    p95 = statistics.quantiles(asked, n=20)[-1] if len(asked) > 1 else asked[0]
    resident = resident_mb(family(app.process_id))
    figures = (ingested, took / count * 1000, used / count * 1000, p95 * 1000, max(asked) * 1000, resident)
    print(_ROW.format(count, *(f"{figure:.1f}" for figure in figures)), flush=True)
    print(told(before, spent, count), flush=True)
    return resident


async def _until_ended(app: RunningApp, batch_id: str, asked: list[float]) -> Json:
    while True:
        began = time.perf_counter()
        status = await app.get(f"batches/{batch_id}/status")
        asked.append(time.perf_counter() - began)
        if status["status"] == "ended":
            return status
        await asyncio.sleep(POLL)


async def _check(app: RunningApp, batch_id: str, status: Json, count: int) -> None:
    """All done, each once."""
    assert (status["total"], status["done"], status["failed"]) == (count, count, 0), f"{status}{app.words()}"
    completed = await app.value(
        "select count(*)::int from stage_events join batch_items using (document_id) "
        "where batch_id = $1 and status = 'completed'",
        batch_id,
    )
    assert completed == count, f"{completed} of {count} were completed, or some twice"


def _archive(name: str, numbers: range) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in numbers:
            archive.writestr(f"{name}/{n:05}.txt", _text(name, n))
    return buffer.getvalue()


def _text(name: str, n: int) -> str:
    who, what = _PEOPLE[n % len(_PEOPLE)], _EVENTS[n % len(_EVENTS)]
    return (
        f"Interviewer: What happened on day {n} of the {name} study?\n\n"
        f"{who}: On day {n} {what}, and I waited {n % 50} minutes before somebody explained it to me.\n"
    )


if __name__ == "__main__":
    main()
