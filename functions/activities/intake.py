"""Registration's follow-up: preprocess and the plan of an import, and its failure."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import FailureJob, ImportJob
from shared.steps import intake, stages

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def preprocess_document(job: dict[str, Any]) -> dict[str, Any]:
    """Type, limits, encryption, and the plan. A second time changes nothing."""
    return await perform(intake.preprocess_document, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def plan_import(job: dict[str, Any]) -> dict[str, Any]:
    """The page ranges to read, for instances from before `preprocess_document` planned. Reads only."""
    return await perform(intake.plan_import, ImportJob(**job))


@bp.activity_trigger(input_name="job")
async def fail_document(job: dict[str, Any]) -> dict[str, Any]:
    """The status of a final failure. A document that has ended stays as it is."""
    return await perform(stages.fail_document, FailureJob(**job))
