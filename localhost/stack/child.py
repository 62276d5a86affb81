"""One child process: started through a tether, ended politely and then firmly."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TETHER = Path(__file__).with_name("tether.py")

# The kernel sends the death signal when the *thread* that forked ends, not the process. One thread that lives
# as long as the interpreter therefore does all the forking.
_forker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="forker")


@dataclass(frozen=True)
class Account:
    """The operating-system user that a child runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """What to run, where, with what, as whom, and the signal that asks it to stop."""

    argv: list[str]
    cwd: Path
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    stop_signal: int = signal.SIGTERM


class Child:
    """A running command. `started` tells it from a later process with the same pid."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.log_offset = command.log.stat().st_size if command.log.exists() else 0
        self._process = _forker.submit(_spawn, command).result()
        self.pid = self._process.pid
        self.started = start_time(self.pid) or time.time()

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises TimeoutError after `timeout` seconds."""
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error

    def end(self, patience: float = 20) -> None:
        """Ask it to stop, wait `patience` seconds, then kill it with all that it started."""
        if self.returncode is None:
            end_process(psutil.Process(self.pid), self.command.stop_signal, patience)
            with contextlib.suppress(TimeoutError):
                self.wait(5)


def end_process(process: psutil.Process, stop_signal: int, patience: float) -> None:
    """Stop a process that may or may not be our child."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        process.send_signal(stop_signal)
        _, alive = psutil.wait_procs(family, timeout=patience)
        for member in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(alive, timeout=5)


def start_time(pid: int) -> float | None:
    """When the process with this pid began, or None if there is none."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return None


def is_same_process(pid: int, started: float) -> bool:
    """Whether `pid` is still the process that began at `started` (clocks may have been set meanwhile)."""
    now = start_time(pid)
    return now is not None and abs(now - started) < 2


def _spawn(command: Command) -> subprocess.Popen[bytes]:
    account = command.account or Account(-1, -1)
    tether = [sys.executable, "-I", "-S", str(TETHER), str(int(command.stop_signal)), str(os.getpid())]
    with command.log.open("ab") as log:
        return subprocess.Popen(
            [*tether, str(account.uid), str(account.gid), *command.argv],
            cwd=command.cwd,
            env={**os.environ, **command.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C belongs to the supervisor, which stops the parts in their order
        )
