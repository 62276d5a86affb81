"""Runs the job on DBOS over SQLite: a durable engine that lives in its app's own process."""

import asyncio
from pathlib import Path

from dbos import DBOS, DBOSConfig

from bench.orchestration import job

SETTING = "one process, SQLite (its default), async workflows and steps"
AT_ONCE = 100


@DBOS.step()
async def stage(done: int) -> int:
    """Does nothing."""
    return done + 1


@DBOS.workflow()
async def document(stages: int) -> int:
    """Stages one after another."""
    done = 0
    for _ in range(stages):
        done = await stage(done)
    return done


@DBOS.workflow()
async def fan(width: int) -> int:
    """Stages side by side."""
    return sum(await asyncio.gather(*(stage(0) for _ in range(width))))


class DbosOnSqlite:
    """DBOS in this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        config: DBOSConfig = {
            "name": "bench",
            "system_database_url": f"sqlite:///{folder / 'dbos.sqlite'}",
            "log_level": "ERROR",
        }
        DBOS(config=config)
        DBOS.launch()

    def documents(self, count: int, stages: int) -> int:
        """Start a workflow for each document; more than a hundred at once only wait for each other."""
        return asyncio.run(_documents(count, stages))

    def fan(self, width: int) -> int:
        """One workflow that starts all."""
        return asyncio.run(_fan(width))

    def stop(self) -> None:
        """End its threads."""
        DBOS.destroy()


async def _documents(count: int, stages: int) -> int:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> int:
        async with gate:
            handle = await DBOS.start_workflow_async(document, stages)
            return int(await handle.get_result())

    return sum(await asyncio.gather(*(one() for _ in range(count))))


async def _fan(width: int) -> int:
    handle = await DBOS.start_workflow_async(fan, width)
    return int(await handle.get_result())


def main() -> None:
    """Run one round."""
    options = job.options()
    engine = DbosOnSqlite(options.folder)
    try:
        job.measure("DBOS + SQLite", SETTING, engine, options.count)
    finally:
        engine.stop()


if __name__ == "__main__":
    main()
