"""`python -m bench.growth`: does a document cost more when there are more of them? Time and memory by size of batch."""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from bench.orchestration.job import STAGES
from bench.orchestration.meter import resident_mb
from bench.orchestration.this_host import ThisHost

# Small batches are measured several times: a tenth of a second must not decide.
BATCHES = ((500, 1), (100, 5), (1000, 2), (5000, 1))
# What is meant is a host that has been running for a while: this many documents go first and are not counted.
BEFORE = 300
_ROW = "| {:>9} | {:>16} | {:>9} | {:>13} |"
_TIME_MAY_VARY, _MEMORY_MAY_GROW = 1.2, 1.1


def main() -> None:
    """Send batches through one host and print what a document of each took."""
    argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        host = ThisHost(Path(folder))
        try:
            _measure(host)
        finally:
            host.stop()


def _measure(host: ThisHost) -> None:
    host.documents(BEFORE, STAGES)
    family = [psutil.Process(host.process.pid), *psutil.Process(host.process.pid).children(recursive=True)]
    print(_ROW.format("documents", "ms per document", "CPU, ms", "resident, MB"))
    print(_ROW.format(*("-" * width for width in (9, 16, 9, 13))))
    times, spent, memory = dict[int, float](), dict[int, float](), dict[int, float]()
    for count, repeats in BATCHES:
        walls, cpus = zip(*(_batch(host, family, count) for _ in range(repeats)), strict=True)
        times[count], spent[count] = statistics.median(walls), statistics.median(cpus)
        memory[count] = resident_mb(family)
        print(_ROW.format(count, f"{times[count]:.2f}", f"{spent[count]:.2f}", f"{memory[count]:.0f}"), flush=True)
    growth = memory[5000] / memory[500]
    print(f"\nSlowest batch to quickest, per document: {_spread(times):.2f} (goal: {_TIME_MAY_VARY} at most).")
    print(f"The same in CPU, which other programs disturb less: {_spread(spent):.2f}.")
    print(f"Resident after 5,000 to after 500: {growth:.2f} (goal: {_MEMORY_MAY_GROW} at most).")


def _spread(figures: dict[int, float]) -> float:
    return max(figures.values()) / min(figures.values())


def _batch(host: ThisHost, family: list[psutil.Process], count: int) -> tuple[float, float]:
    before, began = _cpu(family), time.perf_counter()
    assert host.documents(count, STAGES) == count * STAGES
    return (time.perf_counter() - began) / count * 1000, (_cpu(family) - before) / count * 1000


def _cpu(family: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in family)


if __name__ == "__main__":
    main()
