"""Open coding."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.runs import CodingJob
from shared.steps import coding

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def code_passages(job: dict[str, Any]) -> dict[str, Any]:
    """Codes the passages of the range that this coder has not dealt with."""
    return await perform(coding.code_passages, CodingJob(**job))
