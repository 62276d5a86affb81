"""Ends what a killed supervisor left running, before a new one starts."""

import signal
from pathlib import Path
from typing import Any

import psutil

from localhost.stack.child import end_process, is_same_process


def end_leftovers(record: dict[str, Any]) -> list[str]:
    """End the processes that the record names, host first; the names of those that still ran."""
    ended = []
    parts = record.get("parts", {})
    for name in sorted(parts, key=lambda part: part != "host"):
        pid, started = parts[name].get("pid"), parts[name].get("started")
        if pid and started and is_same_process(pid, started):
            stop = signal.SIGINT if name == "postgres" else signal.SIGTERM
            end_process(psutil.Process(pid), stop, patience=15)
            ended.append(name)
    return ended


def free_postgres_data(data: Path) -> None:
    """End a Postgres that still works on this folder, and remove a lock file that only seems to be in use.

    After a crash the pid in postmaster.pid may belong to a stranger (in a container pids repeat), and then
    Postgres would refuse to start. No other supervisor can use the folder: the caller holds its lock.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        command = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return  # no lock file, or of a process that is gone: Postgres sees to that itself
    if any(str(data) == word for word in command) and "postgres" in command[0]:
        end_process(process, signal.SIGINT, patience=15)
    else:
        lock.unlink(missing_ok=True)
