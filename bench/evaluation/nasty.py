"""Hard files of others: each ends as text or as an error with a name, in bounded time and memory."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.memory import peak_mb

TITLE = "Hard files: no crash, no hang, nothing lost in silence"
LONGEST = 600  # seconds for one file before it counts as hanging
NO_FILES = ("LICENSE", "NOTICE", "FILES.md", ".full_page.md")


def evaluate(data: Path) -> str:
    """All files one after another in a process of its own; a file that ends the process counts as a crash."""
    files = [p for p in sorted((data / "nasty").rglob("*")) if p.is_file() and not any(n in p.name for n in NO_FILES)]
    ends = list(_ends(files))
    rows = ["| file | ends as | pages | characters | s |", "|---|---|---|---|---|"]
    for path, end in zip(files, ends, strict=True):
        name = path.relative_to(data / "nasty")
        rows.append(f"| {name} | {end['end']} | {end['pages']} | {end['characters']} | {end['seconds']:.1f} |")
    bad = sum(end["end"] in ("crash", "hang", "unnamed error", "lost pages") for end in ends)
    peak = max(end["peak_mb"] for end in ends)
    told = f"{len(files)} files, {bad} crashed, hung, lost pages or ended without a name; peak memory {peak} MB."
    return "\n".join([*rows, "", told])


def _ends(files: list[Path]) -> Iterator[dict[str, Any]]:
    """How each file ended. A new process takes over after one that died or hung."""
    child: subprocess.Popen[str] | None = None
    for path in files:
        if child is None:
            command = [sys.executable, "-m", "bench.evaluation.nasty"]
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdin
        begun = time.perf_counter()
        child.stdin.write(f"{path}\n")
        child.stdin.flush()
        line = _line(child)
        if line is None:
            child.kill()
            end = {"end": "hang", "pages": "", "characters": "", "peak_mb": 0}
        elif not line:
            end = {"end": "crash", "pages": "", "characters": "", "peak_mb": 0}
        else:
            end = json.loads(line)
        if not line:
            child.wait()
            child = None
        end["seconds"] = time.perf_counter() - begun
        print(f"{path.name}: {end['end']}, {end['seconds']:.1f} s", flush=True)
        yield end
    if child and child.stdin:
        child.stdin.close()
        child.wait()


def _line(child: subprocess.Popen[str]) -> str | None:
    """What the process says next; empty when it died, None when it says nothing for too long."""
    import select

    assert child.stdout
    ready, _, _ = select.select([child.stdout.fileno()], [], [], LONGEST)
    return child.stdout.readline() if ready else None


async def _read(path: Path, reader: Any) -> dict[str, Any]:
    from shared.domain.errors import TheoGenError

    try:
        data = path.read_bytes()
        found = await reader.inspect(data, path.name)
        pages = await reader.read_pages(data, found.media_type, 1, found.page_count)
    except TheoGenError as error:
        return {"end": f"refused: {error.code}", "pages": "", "characters": ""}
    except Exception as error:  # what this item is for
        return {"end": "unnamed error", "pages": type(error).__name__, "characters": ""}
    failed = [page.number for page in pages if page.problem]
    end = "read" if not failed else f"read, page {', '.join(map(str, failed))} with a named problem"
    if [page.number for page in pages] != list(range(1, found.page_count + 1)):
        end = "lost pages"
    return {"end": end, "pages": len(pages), "characters": sum(len(page.text) for page in pages)}


def _child() -> None:
    """Reads the files that are named on standard input; a line of JSON each."""
    from shared.adapters.ocr import chosen_engine
    from shared.adapters.reading import FileReader

    def none() -> Any:
        raise NotImplementedError  # Document Intelligence costs money: it is not measured

    reader = FileReader(chosen_engine("pp", "auto", os.cpu_count() or 1, none))
    for line in sys.stdin:
        end = asyncio.run(_read(Path(line.rstrip("\n")), reader))
        end["peak_mb"] = peak_mb()
        print(json.dumps(end), flush=True)


if __name__ == "__main__":
    _child()
