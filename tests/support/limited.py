"""Scans in a batch against an OCR service and a model that take ten requests a second and lie about the wait."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from tests.support.app import Json, RunningApp, model
from tests.support.document_intelligence import KEY, Service, answer, running
from tests.support.model_server import ModelServer
from tests.support.rate_limit import BROKEN, RateLimit

A_SECOND = 10


@dataclass
class Providers:
    """The two stand-ins, and the settings that lead the app to them."""

    ocr: Service
    model: ModelServer
    a_second: int | None

    @property
    def settings(self) -> dict[str, str]:
        """Both limits as an operator would set them: a minute's worth of what the providers take."""
        a_minute = str(60 * (self.a_second or 0))
        return model(self.model.base_url) | {
            "OCR_ENGINE": "document_intelligence",
            "DOCUMENT_INTELLIGENCE_ENDPOINT": self.ocr.url,
            "DOCUMENT_INTELLIGENCE_KEY": KEY,
            "OCR_REQUESTS_PER_MINUTE": a_minute,
            "MODEL_REQUESTS_PER_MINUTE": a_minute,
        }

    @property
    def refused(self) -> tuple[int, int]:
        """How often each answered 429."""
        limits = (self.ocr.limit, self.model.limit)
        return limits[0].refused if limits[0] else 0, limits[1].refused if limits[1] else 0


@asynccontextmanager
async def providers(a_second: int | None = A_SECOND) -> AsyncIterator[Providers]:
    """Both, limited so; None for no limit."""
    limit = RateLimit(a_second, 1.0, BROKEN) if a_second else None
    async with (
        running(Service(reads=_read, running=0, limit=limit)) as ocr,
        ModelServer(invent=0.0, limit=(a_second, 1.0) if a_second else None, hints=BROKEN) as server,
    ):
        yield Providers(ocr, server, a_second)


def scans(numbers: Sequence[int]) -> bytes:
    """An archive of one-page pictures, each with pixels of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in numbers:
            picture, data = Image.new("RGB", (240, 160), "white"), io.BytesIO()
            ImageDraw.Draw(picture).text((20, 20), f"Visit {number}", fill="black")
            picture.save(data, "png")
            archive.writestr(f"scan-{number:05}.png", data.getvalue())
    return buffer.getvalue()


def _read(picture: bytes) -> dict[str, Any]:
    """An interview of this picture's own."""
    name = hashlib.sha256(picture).hexdigest()[:12]
    said = [f"Interviewer: What happened on visit {name}?", f"Ana: On visit {name} nobody told us when to come."]
    return answer(*([(word, 0.99) for word in line.split()] for line in said), width=900)


async def incomplete(app: RunningApp, batch_id: str) -> list[Json]:
    """Documents of the batch that lack anything: their status, text, description, or have a warning beside the one
    that no virus scanner is here.
    """
    rows = await app.rows(
        "select d.document_id, d.status, d.error_code, d.description->>'summary' as summary, (select count(*)::int "
        "from jsonb_array_elements(d.warnings) w where w->>'code' is distinct from 'not_scanned') as warnings "
        "from documents d join batch_items using (document_id) where batch_id = $1",
        batch_id,
    )
    texts = Counter([(await app.text(row["document_id"])) for row in rows if row["status"] == "completed"])
    lacking = [row for row in rows if row["status"] != "completed" or row["warnings"] or not row["summary"]]
    return lacking + [{"text": text, "times": n} for text, n in texts.items() if n > 1 or "nobody told us" not in text]


def paid_twice(made: Providers) -> list[str]:
    """What either server has answered more than once."""
    pictures = Counter(hashlib.sha256(picture).hexdigest() for picture in made.ocr.pictures)
    questions = Counter(asked.key for asked in made.model.asked if asked.status == 200)
    return [what for what, times in (pictures + questions).items() if times > 1]
