"""A batch of scans where OCR and model take few requests a second and say nothing true about the wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from localhost.stack import Stack
from tests.app.test_batches import ended, ingest, new_batch
from tests.support.app import RunningApp
from tests.support.limited import incomplete, paid_twice, providers, scans

COUNT = 40


@pytest.mark.slow
async def test_a_batch_over_the_providers_limits_is_complete_and_paid_once(stack: Stack, tmp_path: Path) -> None:
    async with providers() as made, RunningApp(stack, tmp_path / "limited", made.settings) as app:
        batch_id = await new_batch(app, await app.create_project(language="en"))
        await ingest(app, batch_id, data=scans(range(COUNT)), headers={"Content-Type": "application/zip"})
        status = await ended(app, batch_id)
        assert (status["total"], status["done"], status["failed"]) == (COUNT, COUNT, 0), f"{status}{app.words()}"
        assert await incomplete(app, batch_id) == []
        assert paid_twice(made) == []
        assert len(made.ocr.pictures) == COUNT
        assert [asked.purpose for asked in made.model.asked if asked.status == 200] == ["description"] * COUNT
        assert {asked.status for asked in made.model.asked} <= {200, 429}
        calls = await app.rows("select purpose, state, count(*)::int as n from model_calls group by 1, 2 order by 1")
        assert calls == [
            {"purpose": "description", "state": "answered", "n": COUNT},
            {"purpose": "ocr", "state": "answered", "n": COUNT},
        ]
