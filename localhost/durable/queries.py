"""Reads of the store for people and clients: status, lists, history, purge."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from localhost.durable import store
from localhost.durable.database import rows
from localhost.durable.protocol import FINISHED, Event
from localhost.durable.records import microseconds

Row = dict[str, Any]


@dataclass(frozen=True)
class Filter:
    """Which instances are meant; fields left out do not narrow."""

    created_from: datetime | None = None
    created_to: datetime | None = None
    statuses: tuple[str, ...] = ()
    prefix: str = ""


def instance(db: sqlite3.Connection, instance_id: str) -> Row | None:
    """Return one instance."""
    found = rows(db.execute("SELECT * FROM instances WHERE id = ?", (instance_id,)))
    return found[0] if found else None


def history(db: sqlite3.Connection, instance_id: str) -> list[Event]:
    """Return the history of an instance in order."""
    found = db.execute("SELECT event FROM history WHERE instance_id = ? ORDER BY number", (instance_id,))
    return [json.loads(row["event"]) for row in found]


def page(db: sqlite3.Connection, wanted: Filter, top: int, after: str) -> tuple[list[Row], str | None]:
    """Return up to `top` instances in order of id, and the token of the next page if there is one."""
    where, values = _where(wanted)
    found = rows(
        db.execute(
            f"SELECT * FROM instances WHERE id > ? AND {where} ORDER BY id LIMIT ?",  # noqa: S608 - no foreign text
            (after, *values, top + 1),
        )
    )
    return found[:top], found[top - 1]["id"] if len(found) > top else None


def purge(db: sqlite3.Connection, wanted: Filter) -> int:
    """Delete all finished instances that are meant; returns how many."""
    where, values = _where(wanted)
    found = db.execute(f"SELECT id, status FROM instances WHERE {where}", values).fetchall()  # noqa: S608 - no foreign text
    finished = [row["id"] for row in found if row["status"] in FINISHED]
    store.delete(db, finished)
    return len(finished)


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    clauses, values = ["1"], list[Any]()
    if wanted.created_from:
        clauses.append("created >= ?")
        values.append(microseconds(wanted.created_from))
    if wanted.created_to:
        clauses.append("created <= ?")
        values.append(microseconds(wanted.created_to))
    if wanted.statuses:
        clauses.append(f"status IN ({','.join('?' * len(wanted.statuses))})")
        values.extend(wanted.statuses)
    if wanted.prefix:
        clauses.append("substr(id, 1, ?) = ?")
        values.extend([len(wanted.prefix), wanted.prefix])
    return " AND ".join(clauses), values
