"""`python -m bench.reading`: pages a second and CPU a page, and what the pipeline adds to the OCR engine.

100 mixed documents: scans as PDF and as pictures, PDF with text, Word, plain text. The pipeline inspects, reads and
writes the pages as it stores them. The bare engine finds and reads lines on the same pictures; so does Tesseract.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bench.pages.drawing import A4, MadePage, made_pages
from bench.pages.texts import PROSE
from bench.pages.wear import DEGRADED, as_png, raster

if TYPE_CHECKING:
    from bench.pages.wear import Picture

DOCUMENTS = 100
SCANS = 30


@dataclass(frozen=True, slots=True)
class Made:
    """A document; `picture` is what an OCR engine has to read, None where there is text."""

    kind: str
    name: str
    data: bytes
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, of this process's cores, and of those of programs that it started."""

    seconds: float
    own: float
    children: float

    @property
    def cpu(self) -> float:
        """All cores together."""
        return self.own + self.children


def documents() -> Iterator[Made]:
    """The mixture, always the same."""
    import numpy as np

    pages = list(made_pages())
    for at in range(SCANS):
        page, chance = pages[at % len(pages)], np.random.default_rng(at)
        picture = DEGRADED[at % len(DEGRADED)](raster(page.pdf), chance) if at % 2 else raster(page.pdf)
        if at % 3 == 0:
            yield Made("picture", f"scan {at}.jpg", _jpeg(picture), picture)
        else:
            yield Made("scanned PDF", f"scan {at}.pdf", _scanned(picture), picture)
    for at in range(SCANS, DOCUMENTS):
        page = pages[at % len(pages)]
        yield (Made("PDF with text", f"{at}.pdf", page.pdf), _word(page, at), _plain(page, at))[at % 3]


def _jpeg(picture: Picture) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(picture[:, :, ::-1]).save(out, "JPEG", quality=85)
    return out.getvalue()


def _scanned(picture: Picture) -> bytes:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(A4[0], A4[0] * picture.shape[0] / picture.shape[1]))
    canvas.drawImage(ImageReader(io.BytesIO(_jpeg(picture))), 0, 0, *canvas._pagesize)
    canvas.save()
    return out.getvalue()


def _word(page: MadePage, at: int) -> Made:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for line in page.text.splitlines():
        document.add_paragraph(line)
    document.save(out)
    return Made("Word", f"{at}.docx", out.getvalue())


def _plain(page: MadePage, at: int) -> Made:
    return Made("plain text", f"{at}.txt", f"{at}\n{page.text}\n\n{PROSE[page.language]}".encode())


async def _measured(work: Callable[[], Awaitable[int]]) -> tuple[int, Cost]:
    before, children, begun = time.process_time(), _children(), time.perf_counter()
    count = await work()
    return count, Cost(time.perf_counter() - begun, time.process_time() - before, _children() - children)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _main() -> str:
    from shared.adapters.ocr import chosen_engine, tesseract

    threads, made = os.cpu_count() or 1, list(documents())
    pictures = [one.picture for one in made if one.picture is not None]
    scans, others = [m for m in made if m.picture is not None], [m for m in made if m.picture is None]
    engine = chosen_engine("pp", "auto", threads, _none)
    await engine.read(_image(pictures[0][:200]), 1)  # the networks are loaded before anything is measured
    runs: dict[str, tuple[int, Cost]] = {}
    runs["bare engine, the scans"] = await _measured(lambda: _bare(pictures, threads))
    runs["pipeline, the scans"] = await _measured(lambda: _pipeline(scans, engine))
    runs["pipeline, the others"] = await _measured(lambda: _pipeline(others, engine))
    if tesseract.installed():
        runs["Tesseract alone, the scans"] = await _measured(lambda: _tesseract(pictures))
    return _table(made, runs)


def _none() -> Any:
    raise NotImplementedError  # Document Intelligence costs money: it is not measured


def _image(picture: Picture) -> Any:
    from shared.ports import PageImage

    return PageImage(picture.shape[1], picture.shape[0], picture.tobytes())


async def _bare(pictures: list[Picture], threads: int) -> int:
    """Lines found and read with the same networks and settings, and nothing else."""
    from shared.adapters.ocr import models

    networks = models.load("accurate", threads)
    engine = networks._engine

    def recognised(crop: Any) -> Any:
        return engine.recognize_txt([crop])

    def read(picture: Picture) -> None:
        crops, _ = engine.detect_and_crop(*engine.preprocess_img(picture))
        list(networks._readers.map(recognised, crops))

    for picture in pictures:
        await asyncio.to_thread(read, picture)
    return len(pictures)


async def _pipeline(made: list[Made], engine: Any) -> int:
    """Each document inspected, read, and written as it is stored; two at once, as activities are."""
    from shared.adapters.reading import FileReader

    reader, waiting = FileReader(engine), list(reversed(made))

    async def work() -> int:
        read = 0
        while waiting:
            one = waiting.pop()
            found = await reader.inspect(one.data, one.name)
            pages = await reader.read_pages(one.data, found.media_type, 1, found.page_count)
            if any(page.problem for page in pages) or not any(page.text for page in pages):
                raise RuntimeError(f"{one.name} was not read: {pages[0].problem}")
            for page in pages:
                json.dumps(asdict(page), ensure_ascii=False).encode()
            read += len(pages)
        return read

    return sum(await asyncio.gather(work(), work()))


async def _tesseract(pictures: list[Picture]) -> int:
    command = ["tesseract", "stdin", "stdout", "-l", "spa+eng", "--psm", "6"]
    environ = os.environ | {"OMP_THREAD_LIMIT": "1"}
    for picture in pictures:
        await asyncio.to_thread(
            subprocess.run, command, input=as_png(picture), capture_output=True, check=True, env=environ
        )
    return len(pictures)


def _table(made: list[Made], runs: dict[str, tuple[int, Cost]]) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in made).items())
    rows = ["| what | pages | s | pages/s | CPU s/page |", "|---|---|---|---|---|"]
    for name, (pages, cost) in runs.items():
        figures = f"{cost.seconds:.1f} | {pages / cost.seconds:.2f} | {cost.cpu / pages:.2f}"
        rows.append(f"| {name} | {pages} | {figures} |")
    engine, others = runs["bare engine, the scans"][1].own, runs["pipeline, the others"][1].own
    own = runs["pipeline, the scans"][1].own - engine
    told = (
        f"The pipeline's own CPU above the engine's: {100 * own / engine:.1f} % on the scans, "
        f"{100 * (own + others) / engine:.1f} % with all {len(made)} documents (goal: under 15 %). Pages in doubt cost "
        f"{runs['pipeline, the scans'][1].children:.1f} s of CPU in Tesseract besides. {kinds}."
    )
    return "\n".join([*rows, "", told])


if __name__ == "__main__":
    print(asyncio.run(_main()))
    sys.exit(0)
