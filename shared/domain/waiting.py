"""How long to wait before something is tried again. No clock and no chance: a replay must find the same waits."""

from __future__ import annotations

import hashlib
import math

THROTTLE_FIRST = 5
LONGEST_BELIEVED = 600
SPREAD = 2  # seconds: the fleet's budget meters those who come back, so more would only be lost
SHORT_STEP = 5
SHORT_TRIES = 3

# Errors that pass by themselves, mostly within seconds.
PASSING = frozenset({"timeout", "unavailable", "transient"})


def believed(hint: object) -> float | None:
    """The seconds that a provider asks for, if they are sane; None for what is missing, -1, 0, a day, or no number."""
    if isinstance(hint, bool) or not isinstance(hint, int | float):
        return None
    return float(hint) if math.isfinite(hint) and 0 < hint <= LONGEST_BELIEVED else None


def chance(*parts: object) -> float:
    """A number in [0, 1) that looks random and derives from the parts."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def throttled_wait(hint: object, times: int, cap: int, luck: float) -> float:
    """Seconds before a busy provider is asked again: what it says and up to a quarter (two seconds at most) more, so
    that those who were told the same do not all come back at once; else 5, 10, 20 …, of which the second half is luck;
    at most `cap`.
    """
    told = believed(hint)
    if told is not None:
        return min(cap, told + min(told / 4, SPREAD) * luck)
    most = float(min(cap, THROTTLE_FIRST * 2 ** min(times, 20)))
    return most / 2 + most / 2 * luck


def short_waits(first_delay: int) -> list[int]:
    """The short linear waits that come before a stage's own delays, none longer than the first of these."""
    step = min(SHORT_STEP, first_delay)
    return [step * n for n in range(1, SHORT_TRIES + 1)] if step else []
