"""The SQLite file behind the engine: its tables, its one thread, and the lock against a second host."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

FILE_NAME = "durable.sqlite"

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
    """Runs functions on the connection, one at a time, in a thread of its own; each is one transaction."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self._connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # Every commit reaches the disk: what was acknowledged to a caller survives a power cut as well.
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(_SCHEMA)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="durable-store")

    async def call(
        self, function: Callable[Concatenate[sqlite3.Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `function(connection, …)` inside a transaction and return its result."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._transact(lambda connection: function(connection, *args, **kwargs))
        )

    def close(self) -> None:
        """Finish what is queued, then let the file go."""
        self._thread.shutdown(wait=True)
        self._connection.close()
        self._lock.close()

    def _transact(self, work: Callable[[sqlite3.Connection], R]) -> R:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._connection)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result


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
