"""Whether everything that the app needs can be used."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. `look` says in a few words what it found, or raises (NotReady with what to do)."""

    name: str
    look: Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found. `remedy` says what to do where it is not `ok`; `latency_ms` is how long it took."""

    name: str
    ok: bool
    latency_ms: int
    detail: str
    remedy: str = ""
