"""What the host does so that its memory does not grow with what it has done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Eight threads that hold memory at once, then the C library's own account of its heaps.
_THREADS = """
import ctypes, sys, threading
from localhost.host.memory import few_heaps
if sys.argv[2] == "few":
    few_heaps()
libc = ctypes.CDLL("libc.so.6")
libc.fopen.restype, libc.malloc.restype = ctypes.c_void_p, ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = (ctypes.c_int, ctypes.c_void_p), (ctypes.c_void_p,)
together = threading.Barrier(8)
def hold():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="heaps of glibc")
def test_all_threads_of_the_host_share_a_few_heaps(tmp_path: Path) -> None:
    def heaps(how: str) -> int:
        report = tmp_path / how
        subprocess.run([sys.executable, "-c", _THREADS, str(report), how], check=True)
        return report.read_text().count("<heap nr=")

    assert heaps("few") <= 2
    assert heaps("usual") > 2, "the threads did not show what the setting prevents"
