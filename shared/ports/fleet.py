"""The whole fleet as operators see it: counts, never rows of content. And what of it belongs to one tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.domain.alerts import Signal
from shared.domain.warmup import Warmth


@dataclass(frozen=True, slots=True)
class Count:
    """One counter of a tenant. `metric` is `items` (label: type, detail: status), `errors` (stage, error code),
    `seconds` and `runs` of a stage (stage, ""), or `bucket` (stage, upper bound in seconds; cumulative)."""

    tenant_id: str
    metric: str
    label: str
    detail: str
    value: float


class Fleet(Protocol):
    """Counts over all tenants."""

    async def counts(self) -> list[Count]:
        """Every counter since the beginning, by metric."""

    async def queues(self) -> dict[str, int]:
        """How many requests wait, by queue."""

    async def signals(self, span: timedelta, least: int) -> list[Signal]:
        """What alert rules look at, over the last `span`; shares of fewer than `least` things are left out."""

    async def sum_up(self) -> None:
        """Sum up events that are complete, so that counting stays quick. May be called by anyone at any time."""

    async def record_warmth(self, warmth: Warmth) -> None:
        """Write down how warm a process is, in place of what it said before."""

    async def warmups(self) -> list[Warmth]:
        """Every process that was seen in the last 15 minutes."""


class Activity(Protocol):
    """What goes on in one tenant now, for the live view."""

    async def stages(self) -> dict[str, int]:
        """Documents that are under way, by status."""

    async def retries(self, at_most: int) -> list[dict[str, Any]]:
        """Documents whose stage failed and will be tried again: id, stage, error, message, since when."""

    async def failures(self, since: datetime) -> list[dict[str, Any]]:
        """Failures since then by stage and error code: how many, and the last one's time."""

    async def throughput(self, minutes: int) -> list[dict[str, Any]]:
        """Documents that ended in each of the last minutes: completed, failed."""

    async def runs(self, subject: str, status: str | None, after: str | None, limit: int) -> list[dict[str, Any]]:
        """Runs of projects that the subject is a member of, the newest first, after the one given."""
