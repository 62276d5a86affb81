"""Keeps the host's memory from growing with what it has done: the C library holds on to what was freed otherwise."""

import asyncio
import ctypes

EVERY = 30.0  # seconds between two times of giving back, which take some milliseconds
ARENAS = 2  # heaps for all threads together; by default each of the host's many threads may come to have its own
_M_ARENA_MAX = -8  # <malloc.h>


def few_heaps() -> None:
    """Let all threads share `ARENAS` heaps; before threads are started. Does nothing where there is no glibc."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, ARENAS)


async def give_back_regularly() -> None:
    """Return freed memory to the system again and again, until cancelled."""
    library = _glibc()
    while library is not None:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(library.malloc_trim, 0)


def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libc.so.6")
        library.malloc_trim.argtypes = (ctypes.c_size_t,)
        library.mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
    except (OSError, AttributeError):
        return None
    return library
