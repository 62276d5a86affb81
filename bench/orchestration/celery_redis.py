"""Runs the job on Celery as its users do: Redis as broker and result backend, prefork with two workers."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from bench.orchestration import job

SETTING = "two prefork workers, Redis as broker and result backend (its default: snapshots), acks_late"
PATIENCE = 300.0
PAUSE = 0.05
_ROOT = Path(__file__).parents[2]


class CeleryOnRedis:
    """A Redis server and a worker with two processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        os.environ["BENCH_REDIS"] = f"redis://127.0.0.1:{port}/0"
        self._log = (folder / "log.txt").open("w")
        self._children = [self._start("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder))]
        _wait_for_port(port)
        worker = ("-m", "celery", "-A", "bench.orchestration.celery_tasks", "worker", "-P", "prefork", "-c", "2")
        self._children.append(self._start(sys.executable, *worker, "--loglevel", "WARNING"))

    def documents(self, count: int, stages: int) -> int:
        """Apply a chain for each document, then wait for all."""
        from celery import chain

        from bench.orchestration.celery_tasks import stage

        def links() -> list[object]:
            return [stage.s(0), *(stage.s() for _ in range(stages - 1))]

        results = [chain(*links()).apply_async() for _ in range(count)]
        return sum(result.get(timeout=PATIENCE) for result in results)

    def fan(self, width: int) -> int:
        """A chord: all stages at once, and a task that sums up."""
        from celery import chord

        from bench.orchestration.celery_tasks import add_up, stage

        return int(chord(stage.s(0) for _ in range(width))(add_up.s()).get(timeout=PATIENCE))

    def stop(self) -> None:
        """End the worker, then Redis."""
        for child in reversed(self._children):
            child.terminate()
            child.wait(PATIENCE)
        self._log.close()

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, stdout=self._log, stderr=self._log, cwd=_ROOT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(PAUSE)
    raise SystemExit("Redis did not start")


def main() -> None:
    """Run one round."""
    options = job.options()
    engine = CeleryOnRedis(options.folder)
    try:
        job.measure("Celery + Redis", SETTING, engine, options.count)
    finally:
        engine.stop()


if __name__ == "__main__":
    main()
