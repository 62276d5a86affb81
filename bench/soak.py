"""`python -m bench.soak`: many documents in a row through the whole app; what memory and temporary files are left."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.orchestration.meter import resident_mb
from bench.processes import family
from localhost.stack import Stack
from localhost.stack.place import default_folder
from shared.domain.document import FINISHED_STATUSES
from tests.adapters.reading.files import FONT
from tests.support.app import RunningApp

TEXTS, SCANS = 2000, 50
AT_ONCE = 8
PAUSE = 0.5  # seconds between questions: asked without a pause the host would be busy with answers
MEMORY_MAY_GROW = 1.1
SPANISH = (
    "la casa el turno nadie avisó porque siempre mañana trabajo equipo cambio visita confianza mapa reunión después "
    "entonces dijeron queríamos señora niño año pueblo camino espera"
)
ENGLISH = (
    "the house shift nobody told because always morning work team change visit trust map meeting after then they said "
    "we wanted lady child year village road waiting"
)
WORDS = {"es": SPANISH.split(), "en": ENGLISH.split()}

File = tuple[str, bytes]


@dataclass(frozen=True)
class Soaked:
    """What a soak left: memory in MB after a tenth and at the end, temporary files, documents that did not complete."""

    documents: int
    first_mb: float
    last_mb: float
    leftovers: list[str]
    not_completed: dict[str, str]
    seconds: float

    @property
    def growth(self) -> float:
        """Memory at the end as a multiple of that after the first tenth."""
        return self.last_mb / self.first_mb


def documents(texts: int, scans: int, seed: int = 7) -> Iterator[File]:
    """Interviews as text, with scanned notes spread evenly among them. All differ."""
    chance = random.Random(seed)
    every = max((texts + scans) // max(scans, 1), 1)
    left = scans
    for number in range(texts + scans):
        if left and number % every == every // 2:
            left -= 1
            yield f"{number:05}.png", _scan(chance, number)
        else:
            yield f"{number:05}.txt", _interview(chance, number).encode()


def _interview(chance: random.Random, number: int) -> str:
    language = chance.choice(["es", "en"])
    turns = [f"{speaker}: {_sentence(chance, language)}" for _ in range(8) for speaker in ("Ana", "Luis")]
    return f"{number}\n\n" + "\n\n".join(turns)


def _sentence(chance: random.Random, language: str) -> str:
    return " ".join(chance.choices(WORDS[language], k=18)).capitalize() + "."


def _scan(chance: random.Random, number: int) -> bytes:
    """A small note as a scanner gives it: one page, a few lines, some noise."""
    image = Image.new("L", (800, 320), 250)
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 24)
    for at in range(4):
        pen.text((40, 40 + 60 * at), f"{number} {' '.join(chance.choices(WORDS['en'], k=7))}", fill=10, font=font)
    for _ in range(400):
        pen.point((chance.randrange(800), chance.randrange(320)), fill=120)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


async def soak(stack: Stack, folder: Path, texts: int, scans: int) -> Soaked:
    """Send documents, AT_ONCE at a time, and measure the host with its children after a tenth and at the end."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    async with RunningApp(stack, folder / "app", {"TMPDIR": str(temporary)}) as app:
        project_id = await app.create_project("Soak", "es")
        begun, files = time.monotonic(), documents(texts, scans)
        not_completed: dict[str, str] = {}
        tenth = (texts + scans) // 10
        await _send(app, project_id, [next(files) for _ in range(tenth)], not_completed)
        first = resident_mb(family(app.process_id))
        await _send(app, project_id, list(files), not_completed)
        last = resident_mb(family(app.process_id))
        left = sorted(str(path.relative_to(temporary)) for path in temporary.rglob("*") if path.is_file())
        return Soaked(texts + scans, first, last, left, not_completed, time.monotonic() - begun)


async def _send(app: RunningApp, project_id: str, files: list[File], not_completed: dict[str, str]) -> None:
    async def one(file: File, gate: asyncio.Semaphore) -> None:
        async with gate:
            [receipt] = await app.upload(project_id, file)
            path = f"documents/{receipt['document_id']}"
            while (found := await app.get(path))["status"] not in FINISHED_STATUSES:  # noqa: ASYNC110 - another process works
                await asyncio.sleep(PAUSE)
            if found["status"] != "completed":
                not_completed[file[0]] = f"{found['status']} {found['error_code']}"

    gate = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(one(file, gate) for file in files))


async def _main(texts: int, scans: int) -> None:
    with tempfile.TemporaryDirectory(prefix="theogen-soak-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        stack = Stack(Path(name) / "stack", parts=(), tools=default_folder() / "tools", durable=False)
        try:
            found = await soak(stack, Path(name), texts, scans)
        finally:
            with contextlib.suppress(Exception):
                stack.stop()
    print(f"{found.documents} documents ({scans} of them scanned) in {found.seconds:.0f} s")
    print(
        f"Resident after the first tenth {found.first_mb:.0f} MB, at the end {found.last_mb:.0f} MB: {found.growth:.2f}"
    )
    print(f"(goal: {MEMORY_MAY_GROW} at most). Temporary files left: {len(found.leftovers)} {found.leftovers[:5]}")
    print(f"Not completed: {len(found.not_completed)} {dict(list(found.not_completed.items())[:5])}")


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--scans", type=int, default=SCANS)
    chosen = parser.parse_args()
    asyncio.run(_main(chosen.texts, chosen.scans))


if __name__ == "__main__":
    main()
