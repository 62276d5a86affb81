"""The last activity of what failed."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df

from functions.activities.perform import perform
from shared.domain.dead_letters import Burial
from shared.steps import dead_letters

bp = df.Blueprint()


@bp.activity_trigger(input_name="job")
async def bury_request(job: dict[str, Any]) -> dict[str, Any]:
    """Sends the original request to the dead letters; a second time it is the same letter."""
    return await perform(dead_letters.bury_request, Burial(**job))
