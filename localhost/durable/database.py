"""The SQLite file behind the engine: its tables, its one thread, and the lock against a second host."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

FILE_NAME = "durable.sqlite"
LARGEST_COMMIT = 200

_SCHEMA = """
CREATE TABLE IF NOT EXISTS instances (
    id TEXT PRIMARY KEY,
    execution_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    status TEXT NOT NULL,
    input TEXT NOT NULL,
    output TEXT,
    custom_status TEXT,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    parent_id TEXT,
    parent_execution_id TEXT,
    parent_task_id INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS instances_by_status ON instances (status, created);
CREATE TABLE IF NOT EXISTS history (
    instance_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (instance_id, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_id TEXT NOT NULL,
    execution_id TEXT,  -- NULL: for whatever execution is current
    due INTEGER NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_instance ON messages (instance_id, due, number);
CREATE TABLE IF NOT EXISTS activities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    instance_id TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    task_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    input TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS activities_by_instance ON activities (instance_id);
"""


class DataFolderInUseError(Exception):
    """Another host works on this data folder."""


class Database:
    """Runs functions on the connection in a thread of its own.

    Each function is atomic: it happens whole or not at all. Those that wait at the same time share one
    commit, so that the disk is asked once for many episodes.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self._connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # Every commit reaches the disk: what was acknowledged to a caller survives a power cut as well.
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(_SCHEMA)
        self._queue: SimpleQueue[_Call | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="durable-store", daemon=True)
        self._thread.start()

    async def call(
        self, function: Callable[Concatenate[sqlite3.Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `function(connection, …)` and return its result once it is committed."""
        call = _Call(lambda db: function(db, *args, **kwargs), asyncio.get_running_loop())
        self._queue.put(call)
        result: R = await call.future
        return result

    def close(self) -> None:
        """Finish what is queued, then let the file go."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()
        self._lock.close()

    def _work(self) -> None:
        open_ = True
        while open_:
            calls = [self._queue.get()]
            while len(calls) < LARGEST_COMMIT and not self._queue.empty():
                calls.append(self._queue.get())
            open_ = None not in calls
            self._commit([call for call in calls if call is not None])

    def _commit(self, calls: "list[_Call]") -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for call in calls:
                self._attempt(call)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            for call in calls:
                call.error = error
        _settle(calls)

    def _attempt(self, call: "_Call") -> None:
        self._connection.execute("SAVEPOINT one")
        try:
            call.result = call.work(self._connection)
        except Exception as error:
            call.error = error
            self._connection.execute("ROLLBACK TO one")
        self._connection.execute("RELEASE one")


class _Call:
    """One function on its way to the thread, and its result on the way back."""

    def __init__(self, work: Callable[[sqlite3.Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.result: Any = None
        self.error: Exception | None = None
        self.future: asyncio.Future[Any] = loop.create_future()
        self.loop = loop

    def deliver(self) -> None:
        """Hand over the result, on the loop; nobody may be waiting any more."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _settle(calls: list[_Call]) -> None:
    # The loop is woken once for a whole commit: each time it is, threads change places.
    for loop in {call.loop for call in calls}:
        due = [call for call in calls if call.loop is loop]
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(_deliver, due)


def _deliver(calls: list[_Call]) -> None:
    for call in calls:
        call.deliver()


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Open the file beside a running host, without being able to change it."""
    connection = sqlite3.connect(f"{(folder / FILE_NAME).absolute().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    """Return all rows as dictionaries."""
    return [dict(row) for row in cursor]


def _lock(folder: Path) -> sqlite3.Connection:
    # A lock held in a second SQLite file works on every system and ends with the process, however it ends.
    lock = sqlite3.connect(folder / "host.lock", isolation_level=None, timeout=0, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        raise DataFolderInUseError(
            f"Another host works on {folder}: stop it, or give --data another folder."
        ) from error
    return lock
