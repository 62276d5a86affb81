"""What the engine keeps: each function is one transaction, and none leaves a gap for a crash to fall into."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from localhost.durable.database import rows
from localhost.durable.protocol import FINISHED, Event, EventType, Status, compact, event
from localhost.durable.records import ActivityCall, Episode, Message, NewInstance, Work, microseconds, moment


def pending(db: sqlite3.Connection) -> tuple[list[tuple[str, int]], list[ActivityCall]]:
    """Return all work found at start: (instance, earliest due) and activities without a result."""
    waiting = db.execute("SELECT DISTINCT instance_id, due FROM messages ORDER BY due").fetchall()
    found = db.execute(
        "SELECT activities.*, created AS since FROM activities JOIN instances ON instances.id = instance_id"
    )
    return [(row[0], row[1]) for row in waiting], [ActivityCall(**row) for row in rows(found)]


def advance(
    db: sqlite3.Connection, finished: Sequence[tuple[ActivityCall, Event]], instance_ids: Iterable[str], now: datetime
) -> list[Work | None]:
    """Take in results of activities, then load what episodes of these instances have to work on."""
    finish_activities(db, finished, now)
    return [load(db, instance_id, now) for instance_id in instance_ids]


def load(db: sqlite3.Connection, instance_id: str, now: datetime) -> Work | None:
    """Return what an episode of this instance has to work on; None if nothing has arrived for it."""
    instance = db.execute("SELECT * FROM instances WHERE id = ?", (instance_id,)).fetchone()
    due = db.execute(
        "SELECT number, execution_id, due, event FROM messages WHERE instance_id = ? AND due <= ? ORDER BY due, number",
        (instance_id, microseconds(now)),
    ).fetchall()
    if not due:
        return None
    if instance is None or Status(instance["status"]) in FINISHED:
        _delete_messages(db, [row["number"] for row in due])
        return None
    meant = [row for row in due if row["execution_id"] in (None, instance["execution_id"])]
    if not meant:
        _delete_messages(db, [row["number"] for row in due])
        return None
    history = db.execute("SELECT event FROM history WHERE instance_id = ? ORDER BY number", (instance_id,))
    return Work(
        dict(instance),
        [row["event"] for row in history],
        [Message(instance_id, json.loads(row["event"]), moment(row["due"]), row["execution_id"]) for row in meant],
        [row["number"] for row in due],
    )


def commit(db: sqlite3.Connection, episode: Episode, now: datetime) -> list[ActivityCall]:
    """Write an episode down; returns the activities that it queued."""
    at = microseconds(now)
    _delete_messages(db, episode.consumed)
    if episode.replaces_history:
        db.execute("DELETE FROM history WHERE instance_id = ?", (episode.instance_id,))
    db.execute(
        "UPDATE instances SET status = ?, output = ?, custom_status = coalesce(?, custom_status), "
        "updated = ?, execution_id = coalesce(?, execution_id), input = coalesce(?, input) WHERE id = ?",
        (
            episode.status,
            episode.output and _storable(episode.output),
            episode.custom_status,
            at,
            episode.execution_id,
            episode.input,
            episode.instance_id,
        ),
    )
    db.executemany(
        "INSERT INTO history VALUES (?, ?, ?)",
        [(episode.instance_id, number, compact(item)) for number, item in enumerate(episode.history, episode.first)],
    )
    if episode.status in FINISHED:
        db.execute("DELETE FROM messages WHERE instance_id = ?", (episode.instance_id,))
    for child in episode.children:
        if not create(db, child, now):
            post(db, [_refusal(child, now)])
    post(db, episode.messages)
    return [_queue_activity(db, episode, *activity) for activity in episode.activities]


def create(db: sqlite3.Connection, new: NewInstance, now: datetime) -> bool:
    """Create an instance, replacing a finished one of the same id; False if one is alive."""
    row = db.execute("SELECT status FROM instances WHERE id = ?", (new.id,)).fetchone()
    if row and Status(row["status"]) not in FINISHED:
        return False
    if row:
        delete(db, [new.id])
    else:
        db.execute("DELETE FROM messages WHERE instance_id = ?", (new.id,))
    at = microseconds(now)
    parent = new.parent or (None, None, None)
    db.execute(
        "INSERT INTO instances VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?, ?, ?)",
        (new.id, new.execution_id, new.name, new.version, Status.PENDING, new.input, at, at, *parent),
    )
    post(db, [Message(new.id, new.started, now, new.execution_id)])
    return True


def post(db: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Queue messages for their instances."""
    db.executemany(
        "INSERT INTO messages (instance_id, execution_id, due, event) VALUES (?, ?, ?, ?)",
        [(item.instance_id, item.execution_id, microseconds(item.due), compact(item.event)) for item in messages],
    )


def finish_activities(db: sqlite3.Connection, finished: Sequence[tuple[ActivityCall, Event]], now: datetime) -> None:
    """Replace finished activities by the messages that carry their results."""
    db.executemany("DELETE FROM activities WHERE number = ?", [(call.number,) for call, _ in finished])
    post(db, [Message(call.instance_id, result, now, call.execution_id) for call, result in finished])


def delete(db: sqlite3.Connection, instance_ids: Iterable[str]) -> None:
    """Remove instances with all that belongs to them; activities that run already cannot be called back."""
    for instance_id in instance_ids:
        db.execute("DELETE FROM instances WHERE id = ?", (instance_id,))
        for table in ("history", "messages", "activities"):
            db.execute(f"DELETE FROM {table} WHERE instance_id = ?", (instance_id,))  # noqa: S608 - literal names


def _refusal(child: NewInstance, now: datetime) -> Message:
    assert child.parent is not None
    parent_id, parent_execution_id, task_id = child.parent
    reason = f"An orchestration instance with the id '{child.id}' is already running."
    failed = event(EventType.SUB_ORCHESTRATION_FAILED, now, TaskScheduledId=task_id, Reason=reason, Details="")
    return Message(parent_id, failed, now, parent_execution_id)


def _queue_activity(
    db: sqlite3.Connection, episode: Episode, execution_id: str, task_id: int, name: str, input_text: str
) -> ActivityCall:
    number = db.execute(
        "INSERT INTO activities (instance_id, execution_id, task_id, name, input) VALUES (?, ?, ?, ?, ?)",
        (episode.instance_id, execution_id, task_id, name, input_text),
    ).lastrowid
    assert number is not None
    return ActivityCall(episode.since, number, episode.instance_id, execution_id, task_id, name, input_text)


def _storable(text: str) -> str:
    # The text of an exception may hold half a surrogate pair, which SQLite does not take.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _delete_messages(db: sqlite3.Connection, numbers: Sequence[int]) -> None:
    db.executemany("DELETE FROM messages WHERE number = ?", [(number,) for number in numbers])
