"""The limit of a stand-in: so many requests in so many seconds, and what it says of the wait when there are more."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Mapping, Sequence

# What providers have been seen to say, besides the truth.
BROKEN: tuple[dict[str, str], ...] = (
    {},
    {"Retry-After": "-1"},
    {"Retry-After": "0"},
    {"Retry-After": "86400"},
    {"Retry-After": "soon"},
)


class RateLimit:
    """A sliding window that is exact; requests that it refuses do not count. `hints` are headers, in turn."""

    def __init__(self, requests: int, seconds: float, hints: Sequence[Mapping[str, str]] = ({"Retry-After": "1"},)):
        self._requests, self._seconds = requests, seconds
        self._hints = itertools.cycle(hints)
        self._recent: deque[float] = deque()
        self.refused = 0

    def refusal(self) -> dict[str, str] | None:
        """The headers of a 429, or None for a request that is let in."""
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - self._seconds:
            self._recent.popleft()
        if len(self._recent) < self._requests:
            self._recent.append(now)
            return None
        self.refused += 1
        return dict(next(self._hints))
