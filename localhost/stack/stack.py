"""The stack as a whole: chosen parts started side by side, kept running, stopped in order."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import portalocker

from localhost.stack.azurite import Azurite
from localhost.stack.errors import AlreadyRunning, StackError
from localhost.stack.graph import Graph
from localhost.stack.keeper import Keeper
from localhost.stack.leftovers import end_leftovers
from localhost.stack.part import Part
from localhost.stack.place import Place, choose_port
from localhost.stack.postgres import Postgres
from localhost.stack.record import Record, read_record
from localhost.stack.service_bus import ServiceBus
from localhost.stack.vectors import Vectors

PARTS: dict[str, type[Part]] = {part.name: part for part in (Postgres, Azurite, Graph, Vectors, ServiceBus)}
ALL = frozenset(PARTS)

Progress = Callable[[str, str], None]


class Stack:
    """Servers in one folder. `Stack(folder, parts={"postgres"})` as a context, or start() and stop().

    `parts` are those that a bare start() starts; start({"graph"}) adds others later. `tools` keeps downloads
    (default: `folder/tools`). `durable=False` trades safety in a power cut for speed: for tests.
    """

    def __init__(
        self,
        folder: Path,
        parts: Iterable[str] = ALL,
        *,
        tools: Path | None = None,
        durable: bool = True,
        progress: Progress | None = None,
    ) -> None:
        folder = folder.resolve()
        self.place = Place(folder, (tools or folder / "tools").resolve(), durable)
        self.parts = frozenset(parts)
        if unknown := self.parts - ALL:
            raise ValueError(f"no such part: {', '.join(sorted(unknown))}")
        self.keepers: dict[str, Keeper] = {}
        self.cancelled = threading.Event()
        self._progress = progress or (lambda part, text: None)
        self._record: Record | None = None
        self._lock: portalocker.Lock | None = None
        self._ports_taken: set[int] = set()

    @property
    def record(self) -> Record:
        """The stack's file; only while it is started."""
        assert self._record is not None, "start() comes first"
        return self._record

    @property
    def settings(self) -> dict[str, str]:
        """The settings of all parts that were started."""
        return {key: value for keeper in self.keepers.values() for key, value in keeper.part.settings().items()}

    def start(self, names: Iterable[str] | None = None) -> Self:
        """Start the named parts (default: the constructor's) that do not run yet, and wait for them.

        AlreadyRunning if another process has this folder; StackError, and all stopped, if a part fails.
        """
        wanted = self.parts if names is None else frozenset(names)
        self._take_folder()
        self.add([PARTS[name](self.place) for name in sorted(wanted - self.keepers.keys())])
        return self

    def add(self, parts: list[Part]) -> None:
        """Start these side by side. If one fails, everything is stopped and its StackError raised."""
        for part in parts:
            part.ports = self._choose_ports(part)
            self.record.update_part(part.name, title=part.title, ports=part.ports, log=str(self.place.log(part.name)))
            self.keepers[part.name] = Keeper(part, self.record, self.cancelled)
        errors: list[BaseException] = []
        with ThreadPoolExecutor(max_workers=max(1, len(parts))) as together:
            for part in parts:
                together.submit(self._start_one, part, errors)
        if errors:
            self.stop("failed", str(errors[0]))
            raise errors[0]

    def stop(self, phase: str = "stopped", problem: str | None = None) -> None:
        """Stop the host before what it uses, then the databases side by side; let go of the folder."""
        self.cancelled.set()
        last_first = [keeper for name, keeper in self.keepers.items() if name not in ALL][::-1]
        for keeper in last_first:
            keeper.stop()
        databases = [keeper for name, keeper in self.keepers.items() if name in ALL]
        with ThreadPoolExecutor(max_workers=len(databases) or 1) as together:
            list(together.map(Keeper.stop, databases))
        self.keepers.clear()
        self._ports_taken.clear()
        if self._lock is not None:
            self.record.end(phase, problem)
            self._lock.release()
            self._lock = None

    def _choose_ports(self, part: Part) -> dict[str, int]:
        before, chosen = self.record.ports.get(part.name, {}), {}
        for name in part.port_names:
            fixed = part.fixed_ports.get(name)
            wanted = range(fixed, fixed + 100) if fixed else [before[name]] if name in before else []
            chosen[name] = choose_port(wanted, self._ports_taken)
        return chosen

    def _say(self, part: str, text: str) -> None:
        if self._record is not None:
            self._record.update_part(part, progress=text)
        self._progress(part, text)

    def _start_one(self, part: Part, errors: list[BaseException]) -> None:
        try:
            self.keepers[part.name].start(lambda text: self._say(part.name, text))
        except (StackError, OSError) as error:
            reason = error if isinstance(error, StackError) else StackError(_plain(part, error))
            errors.append(reason)
            self.cancelled.set()  # the others need not go on

    def _take_folder(self) -> None:
        if self._lock is not None:
            return
        self.place.folder.mkdir(parents=True, exist_ok=True)
        # Held as long as we live and let go by the system when we die, however we die.
        lock = portalocker.Lock(self.place.folder / "stack.lock", timeout=0, fail_when_locked=True)
        try:
            lock.acquire()
        except portalocker.exceptions.LockException as error:
            raise AlreadyRunning(f"A stack already runs in {self.place.folder}.") from error
        self._lock = lock
        self.cancelled.clear()
        for name in end_leftovers(read_record(self.place.folder)):
            self._progress(name, "left over from before: ended")
        self.place.make()
        self._record = Record(self.place.folder)
        self._record.begin()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _plain(part: Part, error: OSError) -> str:
    return f"{part.title} did not start: {error}. Put that right and run it again."
