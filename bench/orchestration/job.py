"""What every engine does and reports. Standard library and psutil only: it runs in the peers' environment too."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from bench.orchestration.meter import Meter

STAGES = 6
WARM_UP = 20


@dataclass(frozen=True)
class Result:
    """One engine's figures for one round; `setting` says how the engine was run."""

    engine: str
    setting: str
    chain_per_second: float
    fan_per_second: float
    cpu_seconds: float
    peak_mb: float


class Engine(Protocol):
    """An engine that is up and warm; its two methods return when all is done, with the number of stages that ran."""

    def documents(self, count: int, stages: int) -> int:
        """Send `count` documents through `stages` stages each, one after another."""
        ...

    def fan(self, width: int) -> int:
        """Run `width` stages at once and sum up what they give."""
        ...


@dataclass(frozen=True)
class Options:
    """What a runner is told: how much to do, and a folder of its own."""

    count: int
    folder: Path


def options() -> Options:
    """Read a runner's command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000, help="documents, and stages in the fan")
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    return Options(given.count, given.folder)


def measure(name: str, setting: str, engine: Engine, count: int) -> None:
    """Do the job once small and once in full; print the result as JSON, or fail if a stage is missing."""
    _expect(engine.documents(WARM_UP, STAGES), WARM_UP * STAGES)
    _expect(engine.fan(WARM_UP), WARM_UP)
    with Meter() as meter:
        chain = _rate(lambda: engine.documents(count, STAGES), count * STAGES)
        fan = _rate(lambda: engine.fan(count), count)
    result = Result(name, setting, chain, fan, meter.cpu_seconds, meter.peak_mb)
    json.dump(asdict(result), sys.stdout)
    print()


def _rate(work: Callable[[], int], stages: int) -> float:
    began = time.perf_counter()
    _expect(work(), stages)
    return stages / (time.perf_counter() - began)


def _expect(found: int, wanted: int) -> None:
    if found != wanted:
        raise SystemExit(f"{found} stages ran instead of {wanted}")
