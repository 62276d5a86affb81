"""The process that owns the stack: starts everything in order, keeps it running, stops it in order.

`python -m localhost.stack.supervisor --folder DIR` is what `up` starts in the background.
"""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from localhost.stack.child import Child, Command
from localhost.stack.errors import AlreadyRunning, StackError, failure
from localhost.stack.host import Host, is_installed
from localhost.stack.place import ROOT
from localhost.stack.settings import app_settings
from localhost.stack.stack import Progress, Stack

log = logging.getLogger("localhost.stack")

MIGRATIONS = "shared.migrate"
HOST = "localhost.host"


def supervise(folder: Path, *, with_host: bool = True, progress: Progress | None = None) -> int:
    """Run the stack until SIGTERM or SIGINT; the exit code. A failure is also in the stack's record."""
    stack = Stack(folder, progress=progress)
    finished = threading.Event()

    def finish(*_: object) -> None:
        finished.set()
        stack.cancelled.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, finish)
    try:
        _start(stack, with_host)
        finished.wait()
    except AlreadyRunning as error:
        print(error, file=sys.stderr)
        return 0
    except StackError as error:
        asked = finished.is_set()
        stack.stop("stopped" if asked else "failed", None if asked else str(error))
        print(error, file=sys.stderr)
        return 0 if asked else 1
    finally:
        stack.stop()
    return 0


def _start(stack: Stack, with_host: bool) -> None:
    stack.start()
    settings = app_settings(stack.settings, stack.record.settings, ROOT)
    stack.record.update(settings=settings)
    if is_installed(MIGRATIONS):
        _migrate(stack, settings)
    else:
        log.warning("no migrations: there is no module %s", MIGRATIONS)
    if with_host and is_installed(HOST):
        stack.add([Host(stack.place, settings)])
    elif with_host:
        log.warning("no functions host: there is no module %s", HOST)
    stack.record.update(phase="ready")
    log.info("ready")


def _migrate(stack: Stack, settings: dict[str, str]) -> None:
    """Bring the schema up to date, as the owner, before the app sees it."""
    file = stack.place.log("migrations")
    child = Child(Command([sys.executable, "-m", MIGRATIONS], ROOT, file, settings))
    try:
        if child.wait(300) != 0:
            raise failure("The database schema", file, "could not be brought up to date", child.log_offset)
    except TimeoutError:
        raise failure("The database schema", file, "was not up to date after 5 minutes", child.log_offset) from None
    finally:
        child.end(1)


def main() -> None:
    """The background process."""
    parser = argparse.ArgumentParser(prog="python -m localhost.stack.supervisor", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--stack-only", action="store_true", help="start no functions host")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    say = lambda part, text: log.info("%s: %s", part, text)  # noqa: E731
    raise SystemExit(supervise(arguments.folder, with_host=not arguments.stack_only, progress=say))


if __name__ == "__main__":
    main()
