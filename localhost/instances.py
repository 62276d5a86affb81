"""Prints what runs: all instances, or one with its history. Reads the file beside a running host."""

import argparse
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from localhost.durable import queries
from localhost.durable.database import FILE_NAME, open_for_reading
from localhost.durable.presentation import history_body, status_body

DEFAULT_DATA = Path(".localhost/data/durable")
SHORTENED = 200


def main(argv: list[str]) -> int:
    """Print instances; 1 if there is no such file or instance."""
    parser = argparse.ArgumentParser(prog="instances", description=__doc__)
    parser.add_argument("id", nargs="?", help="an instance id, to see its history too")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="the host's data folder")
    parser.add_argument("--status", action="append", default=[], help="only this status, e.g. Running")
    parser.add_argument("--top", type=int, default=100, help="how many instances at most")
    options = parser.parse_args(argv)
    if not (options.data / FILE_NAME).exists():
        print(f"There is no {FILE_NAME} in {options.data}.", file=sys.stderr)
        return 1
    db = open_for_reading(options.data)
    try:
        if options.id:
            return _print_one(db, options.id)
        return _print_all(db, tuple(options.status), options.top)
    finally:
        db.close()


def _print_all(db: sqlite3.Connection, statuses: tuple[str, ...], top: int) -> int:
    found, more = queries.page(db, queries.Filter(statuses=statuses), top, "")
    for row in found:
        body = status_body(row)
        status = "" if body["customStatus"] is None else f"  {_short(body['customStatus'])}"
        print(f"{body['runtimeStatus']:<11} {body['lastUpdatedTime']}  {body['name']}  {row['id']}{status}")
    counted = db.execute("SELECT status, count(*) FROM instances GROUP BY status ORDER BY status").fetchall()
    print(", ".join(f"{count} {status}" for status, count in counted) or "No instances.")
    if more:
        print(f"Only the first {top} are shown: ask for more with --top.")
    return 0


def _print_one(db: sqlite3.Connection, instance_id: str) -> int:
    row = queries.instance(db, instance_id)
    if row is None:
        print(f"There is no instance '{instance_id}'.", file=sys.stderr)
        return 1
    for key, value in status_body(row).items():
        print(f"{key:<16} {_short(value)}")
    waiting = db.execute("SELECT count(*) FROM messages WHERE instance_id = ?", (instance_id,)).fetchone()[0]
    running = db.execute("SELECT name FROM activities WHERE instance_id = ?", (instance_id,)).fetchall()
    print(f"{'waiting':<16} {waiting} messages and timers, {len(running)} activities")
    for event in history_body(queries.history(db, instance_id), show_output=True, show_input=False):
        print(_event_line(event))
    return 0


def _event_line(event: dict[str, Any]) -> str:
    name = event.get("FunctionName") or event.get("Name") or event.get("OrchestrationStatus") or ""
    detail = event.get("Reason") or event.get("FireAt") or event.get("Result")
    return f"  {event['Timestamp'][:23]}  {event['EventType']:<34} {name}  {_short(detail)}".rstrip()


def _short(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHORTENED else f"{text[:SHORTENED]}…"
