"""How long a provider asks us to wait, as far as that can be believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_BELIEVED = 600.0  # providers have been seen to say a day; nobody should wait that for a rate limit

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_RESETS = ("x-ratelimit-reset-requests", "x-ratelimit-reset-tokens")


def wait_hint(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the headers of a 429; None where they say nothing, or nothing sane (-1, 0, over 600)."""
    milliseconds = _number(headers.get("retry-after-ms"))
    told = [
        milliseconds / 1000 if milliseconds is not None else None,
        _seconds(headers.get("retry-after"), headers.get("date")),
    ]
    for wait in told:
        if _sane(wait):
            return wait
    # Which of the two limits was hit is not said, so the later reset counts.
    resets = [wait for name in _RESETS if (wait := _duration(headers.get(name))) is not None and _sane(wait)]
    return max(resets, default=None)


def _sane(wait: float | None) -> bool:
    return wait is not None and 0 < wait <= LONGEST_BELIEVED


def _number(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"-?\d+(\.\d+)?", text.strip()):
        return None
    return float(text)


def _seconds(text: str | None, date: str | None) -> float | None:
    """`Retry-After` as seconds or as an HTTP date, the latter against the server's own clock where it tells it."""
    number = _number(text)
    if number is not None or text is None:
        return number
    until = _moment(text)
    if until is None:
        return None
    now = (_moment(date) if date else None) or datetime.now(UTC)
    return (until - now).total_seconds()


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _duration(text: str | None) -> float | None:
    """`120ms`, `6m0s`, `1h2m3s` or plain seconds."""
    number = _number(text)
    if number is not None or not text:
        return number
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, milliseconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
