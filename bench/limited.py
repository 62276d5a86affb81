"""`python -m bench.limited [--counts 500 1000] [--rate 10] [--free]`: a batch of scans against providers with limits.

OCR and model take ten requests a second each, and answer 429 beyond that with `Retry-After` missing, negative, zero, a
day or no number. Ideal is the count divided by the rate, as both are asked once a document and can work side by side.
`--free` measures the same batch without limits first: what the machine itself needs. A batch of ten goes before and is
not counted: what is loaded once (encoder, languages, connections) is loaded then.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from bench.processes import cpu_by_part, told
from localhost.stack import Stack
from localhost.stack.place import default_folder
from tests.support.app import Json, RunningApp
from tests.support.limited import A_SECOND, incomplete, paid_twice, providers, scans

POLL = 1.0  # seconds between two questions about the batch
FIRST = 10  # documents that warm the app up
_ROW = "| {:>9} | {:>10} | {:>8} | {:>8} | {:>10} | {:>6} | {:>10} | {:>15} | {:>5} |"
_HEAD = (
    "documents",
    "limit, /s",
    "time, s",
    "ideal, s",
    "over ideal",
    "failed",
    "incomplete",
    "429 OCR, model",
    "load",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.limited", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[500, 1000], help="documents of each batch")
    parser.add_argument("--rate", type=int, default=A_SECOND, help="requests a second that each provider takes")
    parser.add_argument("--free", action="store_true", help="measure without limits, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # under root, Postgres is another user
        stack = Stack(Path(folder) / "stack", parts=(), tools=default_folder() / "tools")
        try:
            print(_ROW.format(*_HEAD))
            print(_ROW.format(*("-" * width for width in (9, 10, 8, 8, 10, 6, 10, 15, 5))))
            for count in options.counts:
                for limit in (None, options.rate) if options.free else (options.rate,):
                    asyncio.run(_measure(stack, Path(folder) / f"app-{count}-{limit or 0}", count, limit))
        finally:
            stack.stop()


async def _measure(stack: Stack, folder: Path, count: int, limit: int | None) -> None:
    """One batch on an app of its own."""
    async with providers(limit) as made:
        settings = made.settings | {"STAGE_RETRY_DELAYS": "60,300,900"}
        async with RunningApp(stack, folder, settings) as app:
            project_id = await app.create_project(language="en")
            await _send(app, project_id, scans(range(count, count + FIRST)))
            data = scans(range(count))
            began, before = time.perf_counter(), cpu_by_part(app.process_id)
            batch_id, status = await _send(app, project_id, data)
            took, ideal = time.perf_counter() - began, count / (limit or A_SECOND)
            spent = told(before, cpu_by_part(app.process_id), count)
            lacking, twice = await incomplete(app, batch_id), paid_twice(made)
    refused = "{}, {}".format(*made.refused)
    share = f"{took / ideal:.2f}" if limit else "-"
    load = f"{os.getloadavg()[0]:.1f}"
    row = (count, limit or "none", f"{took:.1f}", f"{ideal:.1f}", share, status["failed"], len(lacking), refused, load)
    print(_ROW.format(*row), flush=True)
    print(spent, flush=True)
    assert not twice, f"paid twice: {twice[:3]}"


async def _send(app: RunningApp, project_id: str, data: bytes) -> tuple[str, Json]:
    """The batch's id, and its status once it has ended."""
    batch_id = (await app.ask("POST", "batches", json={"project_id": project_id})).body["batch_id"]
    headers = {"Content-Type": "application/zip"}
    taken = await app.ask("POST", f"batches/{batch_id}/ingest", data=data, headers=headers)
    assert taken.status == 202, taken.body
    return batch_id, await _until_ended(app, batch_id)


async def _until_ended(app: RunningApp, batch_id: str) -> Json:
    while True:
        status = await app.get(f"batches/{batch_id}/status")
        if status["status"] == "ended":
            return status
        await asyncio.sleep(POLL)


if __name__ == "__main__":
    main()
