"""`stack.json`: what runs where, for the commands, for other programs, and after a crash."""

import os
import threading
from pathlib import Path
from typing import Any

from localhost.stack.child import Child, is_same_process, start_time
from localhost.stack.files import read_json, write_atomically


class Record:
    """The file, kept in step with what happens. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "stack.json"
        self._lock = threading.Lock()
        self._value = read_json(self.path)

    @property
    def ports(self) -> dict[str, dict[str, int]]:
        """The ports of each part, last time or now."""
        return {name: part.get("ports", {}) for name, part in self._value.get("parts", {}).items()}

    @property
    def settings(self) -> dict[str, str]:
        """The settings that were given out last."""
        return dict(self._value.get("settings", {}))

    def begin(self) -> None:
        """This process now answers for the stack."""
        me = {"pid": os.getpid(), "started": start_time(os.getpid())}
        self.update(supervisor=me, phase="starting", problem=None)

    def update(self, **changes: Any) -> None:
        """Change top-level values."""
        with self._lock:
            self._value |= changes
            write_atomically(self.path, self._value)

    def update_part(self, name: str, **changes: Any) -> None:
        """Change values of one part."""
        with self._lock:
            part = self._value.setdefault("parts", {}).setdefault(name, {})
            part |= changes
            write_atomically(self.path, self._value)

    def runs(self, name: str, child: Child) -> None:
        """A part has a process: written at once, so that a later start can end it if we are killed."""
        self.update_part(name, pid=child.pid, started=child.started, state="starting")

    def end(self, phase: str = "stopped", problem: str | None = None) -> None:
        """Nothing of the stack runs any more."""
        with self._lock:
            for part in self._value.get("parts", {}).values():
                part |= {"pid": None, "started": None, "state": "stopped"}
        self.update(supervisor=None, phase=phase, problem=problem)


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a folder; empty if no stack ever ran there."""
    return read_json(folder / "stack.json")


def supervisor_pid(record: dict[str, Any]) -> int | None:
    """The pid of the process that runs the stack, or None if it is gone."""
    keeper = record.get("supervisor") or {}
    pid, started = keeper.get("pid"), keeper.get("started")
    return pid if pid and started and is_same_process(pid, started) else None
