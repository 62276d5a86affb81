"""What every part of the stack is: a command, a sign that it is ready, settings for the app."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event
from typing import ClassVar

from localhost.stack.child import Child, Command
from localhost.stack.errors import StackError, failure
from localhost.stack.place import Place


class Part(ABC):
    """One server of the stack. `ports` is filled in before anything else is called."""

    name: str
    title: str
    port_names: tuple[str, ...]
    fixed_ports: ClassVar[dict[str, int]] = {}  # where people expect it; the next free one if that is taken
    patience = 90.0  # seconds until it counts as failed; generous, because machines are busy then

    def __init__(self, place: Place) -> None:
        self.place = place
        self.ports: dict[str, int] = {}

    def prepare(self, say: Callable[[str], None]) -> None:  # noqa: B027 - most parts need none
        """Install or initialise what is missing; may take long and says so."""

    @abstractmethod
    def command(self) -> Command:
        """What to run."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it now serves; asked again and again after the start."""

    def finish(self) -> None:  # noqa: B027 - most parts need none
        """What is to be done once it serves, each time it has started."""

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """The settings under which the app finds it."""

    @abstractmethod
    def address(self) -> str:
        """Where it listens, for people."""

    def note(self) -> str:
        """Anything about this part that people would be surprised to find out later."""
        return ""

    def launch(self, started: Callable[[Child], None], cancelled: Event) -> Child:
        """Start it and wait until it is ready; on failure it is ended and StackError says why."""
        child = Child(self.command())
        try:
            started(child)
            self._await_ready(child, cancelled)
            self.finish()
        except StackError:
            child.end()
            raise
        except Exception as error:
            child.end()
            what = f"started but could not be set up ({type(error).__name__}: {error})"
            raise failure(self.title, child.command.log, what, child.log_offset) from error
        return child

    def _await_ready(self, child: Child, cancelled: Event) -> None:
        end = time.monotonic() + self.patience
        log = child.command.log
        while not self.is_ready():
            if child.returncode is not None:
                raise failure(self.title, log, "did not start", child.log_offset)
            if time.monotonic() > end:
                what = f"was not ready after {self.patience:.0f} seconds"
                raise failure(self.title, log, what, child.log_offset)
            if cancelled.wait(0.05):
                raise StackError(f"{self.title} was stopped while it was starting.")
