"""Messages on disk. Changes gather in memory and are committed together; nothing is acknowledged before that.

The loop's thread records changes and takes them as a batch; another thread commits the batch. Until then the bytes
of new messages are read from the batch. Locks are not kept: a broker that starts again has given none.
"""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localhost.service_bus.message import Message, State

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    queue TEXT, sequence INTEGER, size INTEGER, enqueued INTEGER, original_sequence INTEGER, state INTEGER,
    delivery_count INTEGER, expires INTEGER, scheduled INTEGER, reason TEXT, description TEXT, source TEXT,
    PRIMARY KEY (queue, sequence)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (queue TEXT, sequence INTEGER, raw BLOB, PRIMARY KEY (queue, sequence));
CREATE TABLE IF NOT EXISTS counters (queue TEXT PRIMARY KEY, next INTEGER);
CREATE TABLE IF NOT EXISTS seen (queue TEXT, message_id TEXT, until INTEGER, PRIMARY KEY (queue, message_id))
WITHOUT ROWID;
"""
_SAVE = "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SAVE_BODY = "INSERT OR REPLACE INTO bodies VALUES (?, ?, ?)"
_REMOVE = "DELETE FROM messages WHERE queue = ? AND sequence = ?"
_REMOVE_BODY = "DELETE FROM bodies WHERE queue = ? AND sequence = ?"
_COUNT = "INSERT OR REPLACE INTO counters VALUES (?, ?)"
_REMEMBER = "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)"
_FORGET = "DELETE FROM seen WHERE queue = ? AND until <= ?"
_COLUMNS = (
    "sequence, size, enqueued, original_sequence, state, delivery_count, expires, scheduled, "
    "reason, description, source"
)


@dataclass
class Batch:
    """Changes that are committed together."""

    statements: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    bodies: dict[tuple[str, int], bytes] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def __bool__(self) -> bool:
        return bool(self.statements or self.counters)


class Store:
    """The database of one broker. `durable`: what is committed outlives a power cut, not only a crash of ours."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "queues.sqlite"
        # The one thread at a time that commits is not always the same.
        self._writer = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._writer.executescript(_SCHEMA)
        self._reader = sqlite3.connect(file, isolation_level=None)
        self._open = Batch()
        self._committing = Batch()

    @property
    def backlog(self) -> int:
        """Bytes of messages that wait to be committed."""
        return self._open.size + self._committing.size

    @property
    def changed(self) -> bool:
        """Whether there is something to commit."""
        return bool(self._open)

    def load(self, queue: str) -> tuple[int, list[Message]]:
        """The next sequence number and the messages of a queue, in order."""
        row = self._reader.execute("SELECT next FROM counters WHERE queue = ?", (queue,)).fetchone()
        rows = self._reader.execute(
            f"SELECT {_COLUMNS} FROM messages WHERE queue = ? ORDER BY sequence",  # noqa: S608 - a constant
            (queue,),
        )
        messages = [Message(*row) for row in rows]
        for message in messages:
            message.state = State(message.state)
        return (row[0] if row else 1), messages

    def load_seen(self, queue: str) -> dict[str, int]:
        """Message ids of the duplicate detection with the end of their time, oldest first."""
        rows = self._reader.execute("SELECT message_id, until FROM seen WHERE queue = ? ORDER BY until", (queue,))
        return dict(rows.fetchall())

    def add(self, queue: str, message: Message, raw: bytes) -> None:
        """Keep a new message; the queue's next number is one more than its."""
        self._open.bodies[queue, message.sequence] = raw
        self._open.size += len(raw)
        self._open.statements.append((_SAVE_BODY, (queue, message.sequence, raw)))
        self._open.counters[queue] = message.sequence + 1
        self.update(queue, message)

    def update(self, queue: str, message: Message) -> None:
        """Keep what has changed about a message."""
        about = (message.sequence, message.size, message.enqueued, message.original_sequence, int(message.state))
        times = (message.delivery_count, message.expires, message.scheduled)
        notes = (message.reason, message.description, message.source)
        self._open.statements.append((_SAVE, (queue, *about, *times, *notes)))

    def remove(self, queue: str, sequence: int) -> None:
        """A message is gone."""
        self._open.statements.append((_REMOVE, (queue, sequence)))
        self._open.statements.append((_REMOVE_BODY, (queue, sequence)))

    def remember(self, queue: str, message_id: str, until: int) -> None:
        """A message id was seen."""
        self._open.statements.append((_REMEMBER, (queue, message_id, until)))

    def forget(self, queue: str, now: int) -> None:
        """Let go of message ids whose time is over."""
        self._open.statements.append((_FORGET, (queue, now)))

    def raw(self, queue: str, sequence: int) -> bytes:
        """The bytes of a message that is there."""
        for batch in (self._open, self._committing):
            if (found := batch.bodies.get((queue, sequence))) is not None:
                return found
        row = self._reader.execute(
            "SELECT raw FROM bodies WHERE queue = ? AND sequence = ?", (queue, sequence)
        ).fetchone()
        return bytes(row[0])

    def take(self) -> Batch:
        """All changes so far, to be committed; the loop's thread, one batch at a time."""
        self._committing, self._open = self._open, Batch()
        return self._committing

    def commit(self, batch: Batch) -> None:
        """Write a batch; any thread. Raises sqlite3.Error, after which this store must not be used."""
        self._writer.execute("BEGIN IMMEDIATE")
        for statement, values in batch.statements:
            self._writer.execute(statement, values)
        self._writer.executemany(_COUNT, batch.counters.items())
        self._writer.execute("COMMIT")

    def committed(self) -> None:
        """The batch is on disk and no longer needed; the loop's thread."""
        self._committing = Batch()

    def close(self) -> None:
        """Commit the rest and let go."""
        self.commit(self.take())
        self._reader.close()
        self._writer.close()
