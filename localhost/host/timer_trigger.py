"""Timer triggers: one loop per function, so that a run never overlaps the next."""

import asyncio
import json
import logging
import os
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from azure.functions import meta

from localhost.durable.clock import Clock
from localhost.host.functions import Function
from localhost.host.invoker import Invoker, log_failure
from localhost.host.ncrontab import Schedule, parse_schedule

log = logging.getLogger("localhost.host")

MONITORED_FROM = timedelta(minutes=1)


class Timer:
    """Fires one function on its schedule; with useMonitor the last run outlives the process."""

    def __init__(self, function: Function, invoker: Invoker, clock: Clock, folder: Path, zone: tzinfo = UTC) -> None:
        trigger = function.trigger
        self._function = function
        self._invoker = invoker
        self._clock = clock
        self._schedule: Schedule = parse_schedule(trigger["schedule"], zone)
        self._run_on_startup = bool(trigger.get("runOnStartup"))
        first = self._schedule.after(clock.now())
        frequent = self._schedule.after(first) - first < MONITORED_FROM
        monitored = trigger.get("useMonitor", True) is not False and not frequent
        self._file = folder / f"timer-{function.name}.json" if monitored else None
        self._last: datetime | None = self._read_last()

    async def run(self) -> None:
        """Fire for ever; a run that was missed while the host was down is made up for once."""
        now = self._clock.now()
        due = self._schedule.after(self._last) if self._last else self._schedule.after(now)
        if due <= now or self._run_on_startup:
            await self._fire(past_due=due <= now)
            due = self._schedule.after(self._clock.now())
        while True:
            await self._clock.sleep(max(0.0, (due - self._clock.now()).total_seconds()))
            if self._clock.now() < due:
                continue
            await self._fire(past_due=False)
            # A run that took longer than the interval is followed by one run, not by all it missed.
            now = self._clock.now()
            due = max(self._schedule.after(due), now)

    async def _fire(self, past_due: bool) -> None:
        now = self._clock.now()
        value = timer_value(self._last or now, self._schedule.after(now), past_due)
        try:
            await self._invoker.invoke(self._function, value)
        except Exception as error:
            log_failure(self._function, error)
        self._last = now
        self._write_last(now)

    def _read_last(self) -> datetime | None:
        if self._file is None or not self._file.exists():
            return None
        return datetime.fromisoformat(json.loads(self._file.read_text())["last"])

    def _write_last(self, at: datetime) -> None:
        if self._file is not None:
            draft = self._file.with_suffix(".tmp")
            draft.write_text(json.dumps({"last": at.isoformat()}))
            os.replace(draft, self._file)


def timer_value(last: datetime, following: datetime, past_due: bool) -> meta.Datum:
    """Return what a timer function gets."""
    status = {"Last": last.isoformat(), "Next": following.isoformat(), "LastUpdated": last.isoformat()}
    value = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": past_due}
    return meta.Datum(json.dumps(value), "json")


def start_timers(
    functions: list[Function], invoker: Invoker, clock: Clock, folder: Path, zone: tzinfo
) -> "list[asyncio.Task[None]]":
    """Start a loop for each timer function; one with a bad schedule is reported and left out."""
    tasks = []
    for function in functions:
        try:
            timer = Timer(function, invoker, clock, folder, zone)
        except ValueError as error:
            log.error("Function %s is not started: %s", function.name, error)
            continue
        tasks.append(asyncio.create_task(timer.run(), name=f"timer {function.name}"))
    return tasks
