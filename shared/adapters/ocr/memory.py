"""Memory that was freed goes back to the system: the C library keeps it otherwise, and pages would add up."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import lru_cache


def give_back() -> None:
    """Return what is free (a few milliseconds). Does nothing where the C library is not glibc."""
    _trim()(0)


@lru_cache(maxsize=1)
def _trim() -> Callable[[int], object]:
    try:
        trim = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return lambda _: None
    trim.argtypes = (ctypes.c_size_t,)
    return trim
