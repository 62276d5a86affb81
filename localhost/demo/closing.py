"""The end of the demo: files to keep, what took how long, and what to try next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from localhost.demo.api import Json
from localhost.demo.connect import Address
from localhost.demo.drop import link
from localhost.demo.show import heading, plain, say
from shared.domain.document import STAGES
from shared.domain.report import theory_markdown


def write_files(console: Console, folder: Path, theory: Json) -> None:
    """`theory.md` to read and `theory.json` to work with, in place of those of last time."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "theory.md": theory_markdown(theory),
        "theory.json": json.dumps(theory, ensure_ascii=False, indent=2) + "\n",
    }
    heading(console, "Written")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        say(console, str(folder / name), indent=2)


def show_times(console: Console, setup: float, documents: Sequence[Json], steps: Mapping[str, float]) -> None:
    """Seconds of the setup, of each document by stage (as the app measured them), and of the theory's steps."""
    heading(console, "What took how long (seconds)")
    say(console, f"setup {setup:.1f}", indent=2)
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column(Text("  document"), overflow="ellipsis", no_wrap=True)
    for stage in STAGES:
        table.add_column(stage, justify="right")
    table.add_column("all", justify="right")
    for document in documents:
        took = _milliseconds_by_stage(document)
        cells = [f"{took[stage] / 1000:.1f}" if stage in took else "–" for stage in STAGES]
        table.add_row(Text(f"  {plain(document['name'])}"), *cells, f"{sum(took.values()) / 1000:.1f}")
    console.print(table)
    listed = ", ".join(f"{plain(step).replace('_', ' ')} {seconds:.1f}" for step, seconds in steps.items())
    say(console, f"theory {sum(steps.values()):.1f}: {listed}", indent=2)


def _milliseconds_by_stage(document: Json) -> dict[str, float]:
    took: dict[str, float] = {}
    for event in document.get("events") or []:
        if event.get("duration_ms") is not None:
            took[event["stage"]] = took.get(event["stage"], 0) + event["duration_ms"]
    return took


def show_next(console: Console, address: Address, project: Json, documents: Sequence[Json], theory: Json) -> None:
    """Commands to copy, with the real addresses and ids."""
    api, project_id = f"{address.http}/api", project["project_id"]
    search = json.dumps({"query": theory.get("research_question") or theory["title"]}, ensure_ascii=False)
    blob = link(address.storage, f"{project['tenant_id']}/{project_id}/interview.txt")
    commands = {
        "Search by meaning": _curl(
            "-H", "content-type: application/json", "-d", search, f"{api}/projects/{project_id}/search"
        ),
        "Read the theory": _curl(f"{api}/projects/{project_id}/theories/{theory['theory_id']}"),
    }
    if documents:
        commands["A page with its text"] = _curl(f"{api}/documents/{documents[0]['document_id']}/pages/1")
    commands |= {
        "Drop a file of your own": _curl("-X", "PUT", "-H", "x-ms-blob-type: BlockBlob", "-T", "interview.txt", blob),
        "Your own interviews": "python -m localhost demo --documents FOLDER",
        "Stop; the data stays": "make down",
    }
    heading(console, "What to try next")
    for about, command in commands.items():
        say(console, f"{about}:", "dim", 2)
        console.print(Text(f"    {command}"), soft_wrap=True)  # never broken, so that it can be copied


def _curl(*arguments: str) -> str:
    return shlex.join(["curl", "-s", *arguments])
