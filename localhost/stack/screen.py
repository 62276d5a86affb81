"""What the commands show."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.table import Table

console = Console(highlight=False)

_LATER = ("preparing", "starting", "restarting")


def say(text: str) -> None:
    """One sentence."""
    console.print(text, markup=False)


def working(text: str) -> Status:
    """A spinner while something takes its time; silent when the output is not a terminal."""
    return console.status(text)


def progress_line(part: str, text: str) -> None:
    """A line per step, for the foreground."""
    say(f"{part}: {text}")


def summary(record: dict[str, Any]) -> str:
    """The state of every part in one line."""
    parts = record.get("parts", {})
    return " · ".join(f"{name} {part.get('progress') or part.get('state', '')}" for name, part in parts.items())


def show(record: dict[str, Any], folder: Path) -> None:
    """A table of what runs where, and what to do next."""
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "state", "where", ""):
        table.add_column(heading, overflow="fold")
    for part in record.get("parts", {}).values():
        state = part.get("state", "")
        colour = "green" if state == "ready" else "yellow" if state in _LATER else "red"
        where, note = part.get("address", ""), part.get("note", "")
        table.add_row(part.get("title", ""), f"[{colour}]{state}[/]", where, note)
    console.print(table)
    host = record.get("parts", {}).get("host", {})
    if host.get("state") == "ready":
        say(f"\nThe app is at {host['address']}.")
    say(f"Logs and data are in {folder}. `python -m localhost env` prints the settings, `down` stops it all.")
