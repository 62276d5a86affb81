"""Hard files made by others: each ends in pages or in a named error, and memory stays small.

All are read in one process of its own, with the real OCR, so that its greatest size is theirs.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

TITLE = "Hard files"
NO_FILES = ("LICENSE", "NOTICE", "FILES.md", ".full_page.md")
MOST_MB = 1000
PATIENCE = 1800.0


def evaluate(data: Path) -> str:
    """A line for each way in which files end, and the greatest size of the process."""
    command = [sys.executable, "-m", "bench.evaluation.nasty", str(data / "nasty")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        return f"The reader died (exit {done.returncode}):\n\n```\n{done.stderr[-2000:]}\n```"
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    peak = lines.pop()["peak_mb"]
    ends = Counter(line["end"] for line in lines)
    table = ["| files | end in |", "|---|---|", *(f"| {count} | {end} |" for end, count in ends.most_common())]
    broken = [f"{line['file']}: {line['problems']} of {line['pages']}" for line in lines if line.get("problems")]
    silent = [
        line["file"] for line in lines if line["end"] == "pages" and not line["characters"] and not line["problems"]
    ]
    return "\n".join(
        [
            f"{len(lines)} files, {sum(line.get('pages', 0) for line in lines)} pages; the slowest took "
            f"{max(line['seconds'] for line in lines):.0f} s. Peak memory of the process: {peak:.0f} MB (goal: under "
            f"{MOST_MB}).",
            "",
            *table,
            "",
            f"Pages that could not be read, each named: {'; '.join(broken) or 'none'}.",
            f"Files that gave pages with no text and no reason (blank ones): {', '.join(silent) or 'none'}.",
        ]
    )


def files(folder: Path) -> list[Path]:
    """The test files, without licences and expected texts."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(name in path.name for name in NO_FILES))


async def _read_all(folder: Path) -> None:
    from shared.adapters.ocr import PpOcr
    from shared.adapters.reading import FileReader

    reader = FileReader(PpOcr(threads=2))
    for path in files(folder):
        begun = asyncio.get_running_loop().time()
        found = await _read(reader, path)
        seconds = asyncio.get_running_loop().time() - begun
        print(json.dumps({"file": str(path.relative_to(folder)), "seconds": seconds, **found}), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"peak_mb": peak / (1024 * 1024 if sys.platform == "darwin" else 1024)}))


async def _read(reader: Any, path: Path) -> dict[str, Any]:
    from shared.domain.errors import Rejected

    data = path.read_bytes()
    try:
        inspection = await reader.inspect(data, path.name)
        pages = await reader.read_pages(data, inspection.media_type, 1, inspection.page_count)
    except Rejected as error:
        return {"end": error.code}
    return {
        "end": "pages",
        "pages": len(pages),
        "problems": sum(bool(page.problem) for page in pages),
        "characters": sum(len(page.text.strip()) for page in pages),
    }


if __name__ == "__main__":
    asyncio.run(_read_all(Path(sys.argv[1])))
