"""What host and broker have on disk, read beside them or after their death without touching the files."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localhost.durable.protocol import EventType

DEAD = "/$deadletterqueue"

Place = tuple[str, str, int]  # instance, execution, task


@dataclass
class Committed:
    """What the engine had promised not to lose when it was killed."""

    results: dict[Place, str] = field(default_factory=dict)  # the run of each activity result
    outputs: dict[tuple[str, str], str] = field(default_factory=dict)  # of each finished instance and execution
    twice: list[Place] = field(default_factory=list)
    instances: set[str] = field(default_factory=set)  # of which anything is there
    left: int = 0  # messages and activities that wait
    lines: int = 0  # of the ledger


def engine_state(folder: Path) -> Committed:
    """Read the file of a host that is dead, from a copy: its recovery is the next host's work."""
    state = Committed(lines=len(ledger(folder)))
    with tempfile.TemporaryDirectory() as copies:
        for file in (folder / "host").glob("durable.sqlite*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, copies)
        if not (Path(copies) / "durable.sqlite").exists():
            return state
        with closing(sqlite3.connect(Path(copies) / "durable.sqlite")) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'activities'").fetchone():
                _read_engine(db, state)
    return state


def _read_engine(db: sqlite3.Connection, state: Committed) -> None:
    for instance, execution, status, output in db.execute("SELECT id, execution_id, status, output FROM instances"):
        state.instances.add(instance)
        if status in ("Completed", "Failed", "Terminated"):
            state.outputs[instance, execution] = output
    written = "SELECT instance_id, execution_id, event FROM history JOIN instances ON id = instance_id"
    waiting = "SELECT instance_id, execution_id, event FROM messages"
    for query in (written, waiting):
        for instance, execution, text in db.execute(query):
            _read_event(state, instance, execution, json.loads(text))
    for table in ("history", "messages", "activities"):
        state.instances |= {row[0] for row in db.execute(f"SELECT DISTINCT instance_id FROM {table}")}
    for table in ("messages", "activities"):
        state.left += db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def _read_event(state: Committed, instance: str, execution: str, event: dict[str, Any]) -> None:
    if event["EventType"] == EventType.TASK_COMPLETED:
        place = (instance, execution, event["TaskScheduledId"])
        if place in state.results:
            state.twice.append(place)
        state.results[place] = json.loads(event["Result"])["run"]


def unfinished(folder: Path) -> int:
    """How many messages and activities a living engine still has to deal with."""
    file = folder / "host" / "durable.sqlite"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        counts = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("messages", "activities")]
    return sum(counts)


def messages_on_disk(folder: Path) -> set[tuple[str, int]]:
    """Queue and number of all messages that the broker has committed, whether it lives or not."""
    file = folder / "bus" / "queues.sqlite"
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return {(queue, sequence) for queue, sequence in db.execute("SELECT queue, sequence FROM messages")}


def ledger(folder: Path) -> list[list[str]]:
    """What the app has written down so far."""
    file = folder / "ledger.txt"
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []
