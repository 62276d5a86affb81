"""A page that the OCR service refused is read when the file is sent again, and no other page is paid for again."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from pathlib import Path

from PIL import Image, ImageDraw

from localhost.stack import Stack
from tests.support.app import RunningApp
from tests.support.limited import Providers, providers

PAGES = 3


def scanned() -> bytes:
    """A PDF of pictures alone."""
    pages = []
    for number in range(PAGES):
        picture = Image.new("RGB", (240, 160), "white")
        ImageDraw.Draw(picture).text((20, 20), f"Visit {number}", fill="black")
        pages.append(picture)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


async def test_a_page_that_was_refused_is_read_when_the_file_comes_again(stack: Stack, tmp_path: Path) -> None:
    async with providers(None) as made, RunningApp(stack, tmp_path / "again", made.settings) as app:
        made.ocr.posts = [(400, {})]
        project_id, file = await app.create_project(language="en"), ("visits.pdf", scanned())
        [document] = await app.import_files(project_id, file)
        document_id = document["document_id"]
        [missing] = [page["number"] for page in document["pages"] if page["problem"]]
        assert document["status"] == "completed"
        assert sum(warning.startswith(f"Page {missing}: ") for warning in document["warnings"]) == 1
        before = (await app.text(document_id)).split("\f")

        [receipt] = await app.upload(project_id, file)
        assert (receipt["duplicate_of"], receipt["status"], receipt["resume_stage"]) == (document_id, "pending", "ocr")
        document = await app.wait_for_document(document_id)
        assert document["status"] == "completed"
        assert not [warning for warning in document["warnings"] if warning.startswith("Page ")]
        after = (await app.text(document_id)).split("\f")
        assert [text for at, text in enumerate(after, 1) if at != missing] == [
            text for at, text in enumerate(before, 1) if at != missing
        ]
        assert "nobody told us when to come" in after[missing - 1]
        assert {"restarted": True, "resume": "ocr", "pages": [missing]} in [e["detail"] for e in document["events"]]
        assert _paid(made) == {1: PAGES}

        [receipt] = await app.upload(project_id, file)
        assert (receipt["status"], receipt.get("resume_stage")) == ("completed", None)
        assert _paid(made) == {1: PAGES}


def _paid(made: Providers) -> Counter[int]:
    """How often a picture was read, and how many pictures were read so often."""
    return Counter(Counter(hashlib.sha256(picture).hexdigest() for picture in made.ocr.pictures).values())
