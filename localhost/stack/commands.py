"""`up`, `down`, `clean`, `status` and `env`: what people do with the stack."""

import argparse
import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from localhost.stack import screen
from localhost.stack.errors import AlreadyRunning, StackError, failure
from localhost.stack.place import ROOT, default_folder
from localhost.stack.reach import OUTSIDE, outside_name
from localhost.stack.record import read_record, supervisor_pid
from localhost.stack.stack import Stack
from localhost.stack.supervisor import supervise

PATIENCE_TO_STOP = 90.0  # seconds


def up(argv: list[str]) -> int:
    """Start everything and wait until it is ready."""
    parser = argparse.ArgumentParser(prog="python -m localhost up", description=up.__doc__)
    parser.add_argument("--foreground", action="store_true", help="stay attached; Ctrl-C stops everything")
    parser.add_argument("--stack-only", action="store_true", help="start no functions host")
    options = parser.parse_args(argv)
    folder = default_folder()
    if pid := supervisor_pid(read_record(folder)):
        screen.say(f"It already runs (process {pid}); nothing was started.")
        return _wait_until_ready(folder, pid, None)
    if options.foreground:
        return supervise(folder, with_host=not options.stack_only, progress=screen.progress_line)
    process, log = _start_supervisor(folder, options.stack_only)
    try:
        return _wait_until_ready(folder, process.pid, process, log)
    except KeyboardInterrupt:
        screen.say("Stopping what was started.")
        return down([])


def down(argv: list[str]) -> int:
    """Stop everything; the data stays."""
    argparse.ArgumentParser(prog="python -m localhost down", description=down.__doc__).parse_args(argv)
    folder = default_folder()
    pid = supervisor_pid(read_record(folder))
    if pid is None:
        return 0 if _clear_after_crash(folder) else 1
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        process.terminate()
        with screen.working("Stopping"):
            _, alive = psutil.wait_procs([process], timeout=PATIENCE_TO_STOP)
        if alive:
            process.kill()
            process.wait(5)
            _clear_after_crash(folder)
    screen.say("Stopped. The data stays; `python -m localhost up` brings it back.")
    return 0


def clean(argv: list[str]) -> int:
    """Stop everything and remove data and logs; downloaded tools stay."""
    argparse.ArgumentParser(prog="python -m localhost clean", description=clean.__doc__).parse_args(argv)
    folder = default_folder()
    if code := down([]):
        return code
    for path in (folder / "data", folder / "logs", OUTSIDE / outside_name(folder)):
        if path.exists() and not path.is_symlink():
            shutil.rmtree(path)
    for name in ("stack.json", "host.json", "stack.lock"):
        (folder / name).unlink(missing_ok=True)
    screen.say(f"Removed the data and logs in {folder}.")
    return 0


def status(argv: list[str]) -> int:
    """What runs where; exit code 1 if nothing does."""
    argparse.ArgumentParser(prog="python -m localhost status", description=status.__doc__).parse_args(argv)
    record = read_record(default_folder())
    if supervisor_pid(record) is None:
        screen.say("Nothing runs. Start it with `python -m localhost up`.")
        return 1
    screen.show(record, default_folder())
    return 0


def env(argv: list[str]) -> int:
    """The settings of what runs, as lines for a shell or as JSON."""
    parser = argparse.ArgumentParser(prog="python -m localhost env", description=env.__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of KEY=value lines")
    options = parser.parse_args(argv)
    record = read_record(default_folder())
    if supervisor_pid(record) is None:
        print("Nothing runs. Start it with `python -m localhost up`.", file=sys.stderr)
        return 1
    settings = record.get("settings", {})
    if options.json:
        print(json.dumps(settings, indent=2))
    else:
        print("\n".join(f"{name}={shlex.quote(value)}" for name, value in settings.items()))
    return 0


def verify(argv: list[str]) -> int:
    """Check settings, connections, tables and functions of what runs; exit code 1 if anything fails."""
    record = read_record(default_folder())
    if supervisor_pid(record) is None:
        print("Nothing runs. Start it with `python -m localhost up`.", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "shared.verify", *argv]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **record.get("settings", {})}, check=False).returncode


def _start_supervisor(folder: Path, stack_only: bool) -> tuple["subprocess.Popen[bytes]", Path]:
    log = folder / "logs" / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["--folder", str(folder), *(["--stack-only"] if stack_only else [])]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "localhost.stack.supervisor", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # closing the terminal does not close the stack
        )
    return process, log


def _wait_until_ready(
    folder: Path, pid: int, process: "subprocess.Popen[bytes] | None", log: Path | None = None
) -> int:
    """Follow the record until the stack is ready or has failed, and show how it came out."""
    with screen.working("Starting") as working:
        while True:
            ended = not psutil.pid_exists(pid) if process is None else process.poll() is not None
            record = read_record(folder)
            mine = (record.get("supervisor") or {}).get("pid") == pid
            if mine and record.get("phase") == "ready":
                break
            if ended and (other := supervisor_pid(record)) not in (None, pid):
                pid, process, log = other, None, None  # two started at once and the other was first
            elif ended:
                raise _why_it_ended(record, log)
            if mine:
                working.update(screen.summary(record))
            time.sleep(0.1)
    screen.show(record, folder)
    return 0


def _why_it_ended(record: dict[str, Any], log: Path | None) -> StackError:
    if record.get("phase") == "failed" and record.get("problem"):
        return StackError(record["problem"])
    if log is None or record.get("phase") == "stopped":
        return StackError("It was stopped while it was starting. Run `python -m localhost up` again.")
    return failure("The stack", log, "did not start")


def _clear_after_crash(folder: Path) -> bool:
    """End what a killed supervisor left behind; False if another process holds the folder."""
    if not folder.exists():
        screen.say("Nothing runs.")
        return True
    try:
        Stack(folder, parts=(), progress=lambda part, text: screen.say(f"{part} was {text}.")).start().stop()
    except AlreadyRunning:
        screen.say("It is just starting or stopping, or a test uses it. Try again in a moment.")
        return False
    screen.say("Nothing runs.")
    return True
