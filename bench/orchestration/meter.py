"""CPU and memory of a process and all its descendants, client included."""

import contextlib
import threading
from types import TracebackType
from typing import Self

import psutil

PAUSE = 0.1


class Meter:
    """Between enter and exit: CPU seconds spent, and the most memory held at one time.

    Memory is the proportional set size where the system tells it (Linux), so that what forked workers share is
    counted once; the resident set elsewhere.
    """

    def __init__(self) -> None:
        self.cpu_seconds = 0.0
        self.peak_mb = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._before = _cpu()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self.cpu_seconds = _cpu() - self._before

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE):
            self.peak_mb = max(self.peak_mb, memory_mb(_family()))


def memory_mb(processes: list[psutil.Process]) -> float:
    """Memory of several processes together."""
    held = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            found = process.memory_full_info()
            held += getattr(found, "pss", found.rss)
    return held / 1e6


def resident_mb(processes: list[psutil.Process]) -> float:
    """Resident memory of several processes together."""
    return sum(process.memory_info().rss for process in processes) / 1e6


def _cpu() -> float:
    spent = 0.0
    for process in _family():
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def _family() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]
