"""A made-up set of pages in Spanish and English, as clean scans, worn ones and hard ones."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.pages.drawing import MadePage, made_pages
from bench.pages.held_out import HELD_OUT
from bench.pages.scoring import Score
from bench.pages.wear import DEGRADED, HARD, as_png, raster

if TYPE_CHECKING:
    from bench.pages.wear import Picture
    from shared.adapters.ocr.choice import Name, Second

TITLE = "Reading pages: a made-up Spanish and English set"
CLASSES = ("clean", "degraded", "hard", "turned")
HELD_OUT_CLASSES = ("held out, degraded", "held out, hard")
GOALS = {"clean": 0.3, "degraded": 0.5, "hard": 3.0}  # character error rate in percent, of the default engine
OURS = "TheoGen"  # the names of our own readers begin so
Reading = Callable[["Picture"], Awaitable[str]]


def evaluate(data: Path) -> str:
    """Every page clean, worn in two ways and in a hard one; four lie on a side. Data by others are not used."""
    scores = asyncio.run(_read_all())
    rows = [
        "| reader | pages | CER % | WER % | accents and ñ % | numbers % | CPU s/page |",
        "|---|---|---|---|---|---|---|",
    ]
    for (name, kind), s in scores.items():
        figures = f"{s.cer:.2f} | {s.wer:.1f} | {s.accents:.1f} | {s.exact_numbers:.1f} | {s.seconds:.1f}"
        rows.append(f"| {name} | {kind} | {figures} |")
    return "\n".join([*rows, "", _verdict(scores), "", _note()])


def worn_pages() -> Iterator[tuple[MadePage, str, str, Picture]]:
    """Each page with its class, how it was worn, and its picture; the same in every run."""
    import numpy as np

    for at, page in enumerate(made_pages()):
        chance = np.random.default_rng(at)
        picture = raster(page.pdf)
        yield page, "clean", "clean", picture
        for wear in (DEGRADED[at % 6], DEGRADED[(at + 3) % 6]):
            yield page, "degraded", wear.__name__, wear(picture, chance)
        hard = HARD[at % 3]
        yield page, "hard", hard.__name__, hard(picture, chance)
        if at % 3 == 0:
            yield page, "turned", "turned", np.ascontiguousarray(np.rot90(picture, at // 3 % 3 + 1))


def held_out_pages() -> Iterator[tuple[MadePage, str, str, Picture]]:
    """Pages with other texts and other numbers, each worn once, and in a hard way that its like is not."""
    import numpy as np

    for at, page in enumerate(made_pages(HELD_OUT, "held out ")):
        chance, picture = np.random.default_rng(100 + at), raster(page.pdf)
        for kind, wear in zip(HELD_OUT_CLASSES, (DEGRADED[(at + 1) % 6], HARD[(at + 1) % 3]), strict=True):
            yield page, kind, wear.__name__, wear(picture, chance)


async def _read_all() -> dict[tuple[str, str], Score]:
    """The scores by reader and class. The engines alone do not read what was held out."""
    scores: dict[tuple[str, str], Score] = {}
    for name, read in _engines().items():
        for page, kind, how, picture in chain(worn_pages(), held_out_pages() if name.startswith(OURS) else ()):
            score = scores.setdefault((name, kind), Score())
            begun = _cpu()
            text = await read(picture)
            before, cost = score.char_errors, _cpu() - begun
            score.add(page.text, text)
            score.seconds += (cost - score.seconds) / score.pages
            print(f"{page.name} {how}: {name} {score.char_errors - before} of {len(page.text)}", flush=True)
    return scores


def _cpu() -> float:
    """Seconds of all cores in this process and in programs that it has run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def _engines() -> dict[str, Reading]:
    """Our readers, without another engine and with one, and beside them the engines as they come."""
    import os

    from shared.adapters.ocr import tesseract

    found: dict[str, Reading] = {OURS: our_reader("pp", "none")}
    if tesseract.installed():
        found[f"{OURS}, Tesseract in doubt"] = our_reader("pp", "tesseract")
    found[f"{OURS}, fast"] = our_reader("fast", "none")
    if tesseract.installed():
        found["Tesseract alone"] = _tesseract
    found["rapidocr alone"] = _bare(os.cpu_count() or 1)
    return found


def _none() -> Any:
    raise NotImplementedError  # the service costs money: it is not measured


def our_reader(engine: Name, second: Second) -> Reading:
    """The product's way to read a picture, with these settings of the engine and of the one that is asked in doubt."""
    import os

    from shared.adapters.ocr import chosen_engine
    from shared.adapters.reading import FileReader

    reader = FileReader(chosen_engine(engine, second, os.cpu_count() or 1, _none))

    async def read(picture: Picture) -> str:
        page = (await reader.read_pages(as_png(picture), "image/png", 1, 1))[0]
        return page.text if page.problem is None else ""

    return read


async def _tesseract(picture: Picture) -> str:
    """The program with its usual settings for a page in one block."""
    import subprocess

    command = ["tesseract", "stdin", "stdout", "-l", "spa+eng", "--psm", "6"]
    done = await asyncio.to_thread(subprocess.run, command, input=as_png(picture), capture_output=True, check=True)
    return done.stdout.decode()


def _bare(cores: int) -> Reading:
    """rapidocr with its defaults, but for the threads."""
    from rapidocr import RapidOCR

    engine: Any = RapidOCR(params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": cores})

    async def read(picture: Picture) -> str:
        return "\n".join(engine(picture).txts or ())

    return read


def _verdict(scores: dict[tuple[str, str], Score]) -> str:
    """Goals of the default engine, met or not."""
    told = []
    for kind, goal in GOALS.items():
        cer = scores[OURS, kind].cer
        told.append(f"CER {kind} {cer:.2f} (goal {goal}: {'met' if cer <= goal else 'missed'})")
    for what in ("accents", "exact_numbers"):
        for kind in ("clean", "degraded", "hard", "held out, hard"):
            value = getattr(scores[OURS, kind], what)
            told.append(f"{what.replace('_', ' ')} {kind} {value:.1f} (goal 99: {'met' if value >= 99 else 'missed'})")
    return "Goals: " + "; ".join(told) + "."


def _note() -> str:
    return " ".join(
        (
            "12 pages (7 Spanish, 5 English: interviews, two-column prose, invoices, statements, receipts, a form in",
            "capitals) in Helvetica, Times and Courier as PDFium draws them and Bitstream Vera, 8.5 to 12 points, at",
            "200 dpi. Degraded: crooked, grain, out of focus, 150 dpi JPEG, faint, photographed, two a page. Hard:",
            "100 dpi, fax, bad photo, one a page. Turned: four pages by 90, 180 or 270 degrees. Numbers: words with",
            "digits that were read exactly. Held out: 12 pages of the same kinds with other texts and numbers, one",
            "degraded and one hard a page, worn in other ways than their likes; nothing was tuned on them. TheoGen",
            "alone is what a machine without Tesseract has.",
        )
    )
