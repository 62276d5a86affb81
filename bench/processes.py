"""The host and the processes that it runs functions in: what they use, by part."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping

import psutil

_WORKERS = {"localhost.host.orchestrator_worker": "orchestrators", "localhost.host.activity_worker": "activities"}


def family(host: int) -> list[psutil.Process]:
    """The host and all that it has started; not the databases."""
    process = psutil.Process(host)
    return [process, *process.children(recursive=True)]


def cpu_by_part(host: int) -> dict[str, float]:
    """Seconds of CPU so far: of the host itself, of its workers by kind, of what these have started."""
    spent: defaultdict[str, float] = defaultdict(float)
    for process in family(host):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent[_part(process, host)] += sum(process.cpu_times()[:2])
    return spent


def told(before: Mapping[str, float], after: Mapping[str, float], count: int) -> str:
    """What `count` documents cost between two times, by part."""
    parts = (f"{part} {(seconds - before.get(part, 0)) / count * 1000:.0f}" for part, seconds in after.items())
    return f"CPU, ms a document: {', '.join(parts)}"


def _part(process: psutil.Process, host: int) -> str:
    if process.pid == host:
        return "host"
    named = (part for module, part in _WORKERS.items() if module in process.cmdline())
    return next(named, "others")
