"""Keeps one part running: starts it, starts it again when it dies, stops it when asked."""

import logging
import threading
import time
from collections.abc import Callable

from localhost.stack.child import Child
from localhost.stack.errors import StackError
from localhost.stack.part import Part
from localhost.stack.record import Record

log = logging.getLogger("localhost.stack")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds before a restart; doubled each time it dies young
OLD_ENOUGH = 60.0  # seconds after which a death counts as the first again


class Keeper:
    """One part, its process and the thread that watches over it."""

    def __init__(self, part: Part, record: Record, cancelled: threading.Event) -> None:
        self.part = part
        self.child: Child | None = None
        self._record = record
        self._cancelled = cancelled  # the whole stack gives up starting
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None

    def start(self, say: Callable[[str], None]) -> None:
        """Start the part and wait until it is ready; StackError says why it is not."""
        self._record.update_part(self.part.name, state="preparing")
        self.part.prepare(say)
        say("starting")
        self.child = self.part.launch(self._started, self._cancelled)
        self._ready()
        say("ready")
        self._watch = threading.Thread(target=self._keep, name=f"keep-{self.part.name}", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """End the part; it is not started again."""
        self._stopping.set()
        if self.child:
            self.child.end()
        if self._watch:
            self._watch.join(timeout=60)
        if self.child:  # a restart may have been under way
            self.child.end()
            self._record.update_part(self.part.name, state="stopped", pid=None, started=None)

    def _started(self, child: Child) -> None:
        self.child = child
        self._record.runs(self.part.name, child)

    def _ready(self) -> None:
        part = self.part
        self._record.update_part(part.name, state="ready", address=part.address(), note=part.note())

    def _keep(self) -> None:
        pause, born = FIRST_PAUSE, time.monotonic()
        while True:
            assert self.child is not None
            code = self.child.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - born > OLD_ENOUGH:
                pause = FIRST_PAUSE
            log.warning("%s ended (code %s); starting it again in %.1f s", self.part.title, code, pause)
            self._record.update_part(self.part.name, state="restarting")
            if self._stopping.wait(pause):
                return
            pause, born = min(pause * 2, LONGEST_PAUSE), time.monotonic()
            self._start_again()

    def _start_again(self) -> None:
        """On the same ports, since others know them. After a failure the loop finds it dead and tries on."""
        try:
            self.child = self.part.launch(self._started, self._stopping)
        except (StackError, OSError) as error:
            log.warning("%s", error)
            return
        self._ready()
        log.warning("%s runs again", self.part.title)
