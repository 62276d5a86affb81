"""Becomes another program that ends when the process that started it ends.

Run as a script (`python -I -S tether.py SIGNAL PARENT UID GID PROGRAM ARG...`) between fork and the real
program, so that nothing of ours runs in a forked copy of a threaded process. Standard library only: 20 ms.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def become(signal_number: int, parent: int, uid: int, gid: int, argv: list[str]) -> None:
    """Change user (unless `uid` is -1), tie this process to `parent`, and replace it by `argv`."""
    # Loaded before the user changes, who may not be able to read our Python; tied after, because the kernel
    # forgets the death signal when the user changes.
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if libc is not None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # it died before the tie was made
            raise SystemExit(1)
    os.execv(argv[0], argv)  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    signal_number, parent, uid, gid = (int(number) for number in sys.argv[1:5])
    become(signal_number, parent, uid, gid, sys.argv[5:])
