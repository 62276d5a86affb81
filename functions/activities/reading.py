"""Pages to text."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import ImportJob, PagesJob
from shared.steps import reading

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def read_pages(job: dict[str, Any]) -> dict[str, Any]:
    """Reads the pages of the range that are not stored yet; after the last range joins them all."""
    return await perform(reading.read_pages, PagesJob(**job))


@bp.activity_trigger(input_name="job")
async def assemble_text(job: dict[str, Any]) -> dict[str, Any]:
    """Joins the pages where `read_pages` has not; a second time changes nothing."""
    return await perform(reading.assemble_text, ImportJob(**job))
