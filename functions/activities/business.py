"""Classification and the record of a business document."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import ImportJob
from shared.steps import business

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def classify_document(job: dict[str, Any]) -> dict[str, Any]:
    """Type and language; a second time changes nothing."""
    return await perform(business.classify_document, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def extract_record(job: dict[str, Any]) -> dict[str, Any]:
    """The plain record; a second time changes nothing."""
    return await perform(business.extract_record, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def validate_record(job: dict[str, Any]) -> dict[str, Any]:
    """The findings; a second time changes nothing."""
    return await perform(business.validate_record, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def publish_document(job: dict[str, Any]) -> dict[str, Any]:
    """The rows that offices read, replaced as a whole."""
    return await perform(business.publish_document, ImportJob(**job))
