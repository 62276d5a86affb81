"""Timer schedules: NCRONTAB with six fields (seconds first), or a plain interval `hh:mm:ss`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from localhost.host.host_json import time_span

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_FURTHEST = 366 * 8  # days: a 29 February that falls on a given weekday may be far away


@dataclass(frozen=True)
class Schedule:
    """When a timer fires: after each interval, or at the times of the fields, as clocks of the zone show them."""

    interval: timedelta | None
    fields: tuple[frozenset[int], ...] = ()
    zone: tzinfo = UTC

    def after(self, moment: datetime) -> datetime:
        """Return the first time strictly after `moment`, in UTC.

        An hour that clocks leave out in spring counts as the one after it; one that they show twice in autumn
        comes once.
        """
        if self.interval is not None:
            return moment + self.interval
        shown = moment.astimezone(self.zone).replace(tzinfo=None)
        while True:
            shown = self._next(shown)
            found = shown.replace(tzinfo=self.zone).astimezone(UTC)
            if found > moment:
                return found

    def _next(self, shown: datetime) -> datetime:
        start = shown.replace(microsecond=0, fold=0) + timedelta(seconds=1)
        for days in range(_FURTHEST):
            day = start + timedelta(days=days)
            if self._has_day(day) and (found := self._in_day(day, start if days == 0 else None)):
                return found
        raise ValueError("The schedule never comes.")

    def _has_day(self, day: datetime) -> bool:
        _, _, _, days, months, weekdays = self.fields
        return day.day in days and day.month in months and day.isoweekday() % 7 in weekdays

    def _in_day(self, day: datetime, start: datetime | None) -> datetime | None:
        seconds, minutes, hours = (sorted(field) for field in self.fields[:3])
        first = (start.hour, start.minute, start.second) if start else (0, 0, 0)
        for hour in hours:
            for minute in minutes:
                for second in seconds:
                    if (hour, minute, second) >= first:
                        return datetime(day.year, day.month, day.day, hour, minute, second)
        return None


def time_zone(environ: Mapping[str, str]) -> tzinfo:
    """Return the zone that WEBSITE_TIME_ZONE names, by default UTC; raises ValueError if there is none."""
    name = environ.get("WEBSITE_TIME_ZONE")
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"WEBSITE_TIME_ZONE is '{name}', which is no time zone such as Europe/Madrid.") from error


def parse_schedule(text: str, zone: tzinfo = UTC) -> Schedule:
    """Read a schedule; raises ValueError with a sentence that says what is wrong."""
    if ":" in text:
        return Schedule(time_span(text))
    parts = text.split()
    if len(parts) != 6:
        raise ValueError(f"The schedule '{text}' must have six fields, seconds first.")
    fields = [_field(part, *bounds) for part, bounds in zip(parts, _BOUNDS, strict=True)]
    fields[5] = frozenset(value % 7 for value in fields[5])
    return Schedule(None, tuple(fields), zone)


def _field(text: str, low: int, high: int) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", part)
        if match is None:
            raise ValueError(f"'{part}' is not a valid part of a schedule.")
        first, last, step = match.groups()
        if first == "*":
            begin, end = low, high
        else:
            begin = _number(first)
            end = _number(last) if last else (high if step else begin)
        if not (low <= begin <= end <= high) or step == "0":
            raise ValueError(f"'{part}' is outside {low}-{high}.")
        values.update(range(begin, end + 1, int(step or 1)))
    return frozenset(values)


def _number(text: str) -> int:
    name = text.upper()
    if name in _MONTHS:
        return _MONTHS.index(name) + 1
    if name in _DAYS:
        return _DAYS.index(name)
    if not text.isdigit():
        raise ValueError(f"'{text}' is not a number, month or weekday.")
    return int(text)
