"""Warming a worker up: once a process, within a time limit, and never in anybody's way."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from shared.domain.readiness import Check, Result
from shared.domain.warmup import FAILED, OK, WARNING, Found, Warmth
from shared.ports.fleet import Fleet
from shared.steps.events import log_event
from shared.steps.readiness import look_at

_log = logging.getLogger("theogen")

# Seconds between two signs of life of a process that works; `fleet_warmups` leaves out those silent for 15 minutes.
SEEN_EVERY = 60.0
# Seconds that are kept of the time limit for what comes after the checks: writing the result down.
_RECORDING = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look at. `settled` is known without looking: what is switched off or has no effect.

    Checks named in `only_warn` make nobody unready. `slow_ms` is the time above which a check counts as slow.
    """

    checks: Sequence[Check]
    settled: dict[str, Found]
    only_warn: frozenset[str]
    slow_ms: dict[str, int]
    timeout: float


async def look(process: str, plan: Plan) -> Warmth:
    """Every check side by side, each with its time; what is not back in time has failed."""
    begun = time.monotonic()
    results = await look_at(plan.checks, max(plan.timeout - _RECORDING, plan.timeout / 2))
    checks = {result.name: _found(result, plan) for result in results} | plan.settled
    ready = all(found.state != FAILED for found in checks.values())
    health = next((result.latency_ms for result in results if result.name in plan.slow_ms), None)
    return Warmth(process, ready, round(time.monotonic() - begun, 2), checks, health)


def _found(result: Result, plan: Plan) -> Found:
    if not result.ok:
        state = WARNING if result.name in plan.only_warn else FAILED
        return Found(state, result.latency_ms, f"{result.detail} {result.remedy}".strip())
    limit = plan.slow_ms.get(result.name)
    if limit is not None and result.latency_ms > limit:
        return Found(WARNING, result.latency_ms, f"Answered after {result.latency_ms} ms; more than {limit} is slow.")
    return Found(OK, result.latency_ms, result.detail)


class WarmUp:
    """The one warm-up of this process: whoever comes first starts it, nobody waits who does not ask to."""

    def __init__(self, process: str, plan: Callable[[], Awaitable[Plan]], fleet: Callable[[], Fleet]) -> None:
        """`plan` and `fleet` are asked for inside the run, so that what goes wrong with them is part of the result."""
        self.process, self.warmth = process, Warmth(process, False, 0.0)
        self._plan, self._fleet = plan, fleet
        self._run: asyncio.Task[None] | None = None
        self._beat: asyncio.Task[None] | None = None
        self._seen = 0.0

    def begin(self) -> None:
        """Start it in the background, or say that the process is still there. Never raises, never waits."""
        if self._run is None:
            self._run = asyncio.get_running_loop().create_task(self._guarded(), name="warm-up")
        elif self._run.done() and time.monotonic() - self._seen > SEEN_EVERY and (not self._beat or self._beat.done()):
            self._beat = asyncio.get_running_loop().create_task(self._record(), name="warm-up record")

    async def done(self) -> Warmth:
        """The result, once it is there."""
        self.begin()
        if self._run is not None:
            await asyncio.shield(self._run)
        return self.warmth

    async def fleet(self) -> list[Warmth]:
        """Every process that was seen lately; this one as it is now, also where the database does not answer."""
        try:
            async with asyncio.timeout(_RECORDING):
                others = [one for one in await self._fleet().warmups() if one.process != self.process]
        except (Exception, SystemExit):
            others = []
        return [self.warmth, *others]

    async def _guarded(self) -> None:
        try:
            await self._warm()
        except Exception:  # nothing of this may end a request or a worker
            _log.exception("warmup_broken")
        await self._record()

    async def _warm(self) -> None:
        begun = time.monotonic()
        try:
            plan = await self._plan()
            self.warmth = await look(self.process, plan)
        except (Exception, SystemExit) as error:  # settings that cannot be used stop programs, not this
            sentence = str(error) if isinstance(error, SystemExit) else f"{type(error).__name__} while warming up."
            took = round(time.monotonic() - begun, 2)
            self.warmth = replace(self.warmth, duration_sec=took, checks={"settings": Found(FAILED, 0, sentence)})
        warm = self.warmth
        log_event(
            "warmup_completed", worker=warm.process, ready=warm.ready, duration_ms=round(warm.duration_sec * 1000),
            latency_ms=warm.latency_ms, errors=len(warm.errors), warnings=len(warm.warnings),
        )  # fmt: skip

    async def _record(self) -> None:
        """Write the result down for the fleet. Where that fails it is tried again with the next sign of life."""
        self._seen = time.monotonic()
        try:
            async with asyncio.timeout(_RECORDING):
                await self._fleet().record_warmth(self.warmth)
        except (Exception, SystemExit) as error:
            _log.warning("warmup_not_recorded error=%s", type(error).__name__)
