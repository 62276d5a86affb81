"""What a worker process found when it warmed up, and what that makes of the fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OK, WARNING, FAILED, OFF, NO_EFFECT = "ok", "warning", "failed", "off", "no_effect"

_WORSE = {OFF: 0, NO_EFFECT: 1, OK: 2, WARNING: 3, FAILED: 4}


@dataclass(frozen=True, slots=True)
class Found:
    """One check: its state (`ok warning failed off no_effect`), how long it took, and a sentence."""

    state: str
    ms: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Warmth:
    """The result of one process. `latency_ms` is that of the health address, where one is asked."""

    process: str
    ready: bool
    duration_sec: float
    checks: dict[str, Found] = field(default_factory=dict)
    latency_ms: int | None = None
    seen: datetime | None = None

    @property
    def errors(self) -> list[str]:
        """What failed."""
        return self._said(FAILED)

    @property
    def warnings(self) -> list[str]:
        """What works, and not well."""
        return self._said(WARNING)

    def _said(self, state: str) -> list[str]:
        return [f"{name}: {found.detail}" for name, found in self.checks.items() if found.state == state]


def fleet_warmth(processes: Sequence[Warmth]) -> dict[str, Any]:
    """All processes as one answer: ready when all are (and there is one), and of each check and time the worst."""
    checks: dict[str, Found] = {}
    for process in processes:
        for name, found in process.checks.items():
            checks[name] = max(checks.get(name, found), found, key=lambda one: (_WORSE[one.state], one.ms))
    latencies = [process.latency_ms for process in processes if process.latency_ms is not None]
    return {
        "ready": bool(processes) and all(process.ready for process in processes),
        "duration_sec": max((process.duration_sec for process in processes), default=0.0),
        "checks": checks,
        "latency_ms": max(latencies, default=None),
        "errors": _distinct(line for process in processes for line in process.errors),
        "warnings": _distinct(line for process in processes for line in process.warnings),
        "processes": [
            {
                "process": process.process,
                "ready": process.ready,
                "duration_sec": process.duration_sec,
                "latency_ms": process.latency_ms,
                "errors": len(process.errors),
                "warnings": len(process.warnings),
                "seen": process.seen,
            }
            for process in processes
        ],
    }


def _distinct(lines: Any) -> list[str]:
    return list(dict.fromkeys(lines))
