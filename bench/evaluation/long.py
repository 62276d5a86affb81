"""Long files: the Word file of 872 pages among the hard ones, and a scan of 400 pages that is made up, in fast mode."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

from bench.memory import peak_mb

TITLE = "Long files"
LONG = True
SCANNED = 400
RANGE = 10  # pages that one activity reads
AT_ONCE = 2
LARGEST = 95 * 1024 * 1024  # bytes: the most that MAX_UPLOAD_MB allows; 400 pages at 200 dpi have 60 MB
TIME_BOX = 600.0  # seconds for a file; what is not read by then is said to be missing


def evaluate(data: Path) -> str:
    """Each file in a process of its own, range after range as the activities would read it."""
    rows = [
        "| file | pages read | of | characters | s | pages/s | longest range s | peak MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.pdf"
        scan.write_bytes(_scanned())
        word = data / "nasty" / "unstructured" / "handbook-872p.docx"
        for path, name in ((word, "Word, 872 pages (its explicit page breaks count)"), (scan, "scanned PDF, fast")):
            found = _in_child(path)
            speed = found["read"] / max(found["seconds"], 1e-6)
            figures = [found["read"], found["pages"], found["characters"], f"{found['seconds']:.0f}", f"{speed:.1f}"]
            figures += [f"{found['longest']:.1f}", found["peak_mb"]]
            rows.append(f"| {name} | {' | '.join(map(str, figures))} |")
            if found["problems"]:
                rows.append(f"| pages with a named problem | {found['problems']} |||||||")
    note = f"Ranges of {RANGE} pages, {AT_ONCE} pages at once, at most {TIME_BOX:.0f} s a file."
    return "\n".join([*rows, "", note])


def _scanned() -> bytes:
    """A PDF of pictures without a text layer: the made-up pages as scans with grain, over and over."""
    import numpy as np
    from PIL import Image
    from reportlab import rl_config
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    from bench.pages.drawing import A4, made_pages
    from bench.pages.wear import raster

    rl_config.useA85 = 0  # pictures as they are, which scanners do as well
    chance, out = np.random.default_rng(400), io.BytesIO()
    papers = [raster(page.pdf) for page in made_pages() if "receipt" not in page.name]
    canvas = Canvas(out, pagesize=A4)
    for at in range(SCANNED):
        paper = papers[at % len(papers)].astype(np.int16)
        grain = chance.integers(-6, 7, paper.shape[:2], np.int16)[..., None]
        coded = io.BytesIO()
        Image.fromarray(np.clip(paper + grain, 0, 255).astype(np.uint8)).convert("L").save(coded, "JPEG", quality=40)
        canvas.drawImage(ImageReader(coded), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _in_child(path: Path) -> dict[str, Any]:
    """What the process that reads the file reports last; its progress is printed meanwhile."""
    command = [sys.executable, "-m", "bench.evaluation.long", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        last = {}
        for line in child.stdout or ():
            last = json.loads(line)
            print(f"{path.name}: {last['read']} of {last['pages']} pages, {last['peak_mb']} MB", flush=True)
    if child.returncode:
        raise RuntimeError(f"The process that reads {path.name} ended with {child.returncode}.")
    return last


async def _read(path: Path) -> None:
    """Range after range, with a line of JSON after each."""
    from shared.adapters.ocr import PpOcr
    from shared.adapters.reading import FileReader, Limits

    data, reader = path.read_bytes(), FileReader(PpOcr(os.cpu_count() or 1, "fast"), Limits(LARGEST))
    found = await reader.inspect(data, path.name)
    begun = time.perf_counter()
    told: dict[str, Any] = {"pages": found.page_count, "read": 0, "characters": 0, "problems": 0, "longest": 0.0}
    for first in range(1, found.page_count + 1, RANGE):
        if time.perf_counter() - begun > TIME_BOX:
            break
        started, last = time.perf_counter(), min(first + RANGE - 1, found.page_count)
        one_by_one = found.media_type == "application/pdf"  # as the step does: other files take long to open
        parts = deque([(n, n) for n in range(first, last + 1)] if one_by_one else [(first, last)])

        async def work(parts: deque[tuple[int, int]]) -> None:
            while parts:
                for page in await reader.read_pages(data, found.media_type, *parts.popleft()):
                    told["read"] += 1
                    told["characters"] += len(page.text)
                    told["problems"] += page.problem is not None

        await asyncio.gather(*(work(parts) for _ in range(AT_ONCE)))
        told["longest"] = max(told["longest"], time.perf_counter() - started)
        told["seconds"] = time.perf_counter() - begun
        told["peak_mb"] = peak_mb()
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(_read(Path(sys.argv[1])))
