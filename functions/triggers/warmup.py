"""A new worker gets warm before it takes requests; and how warm the fleet is."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.answers import answer, answered
from shared import services
from shared.domain.warmup import OFF, Found, Warmth, fleet_warmth

bp = df.Blueprint()


@bp.warm_up_trigger("warmup")
async def warm_up(warmup: Any) -> None:
    """The platform asks a new instance to get ready. What goes wrong is in the result; nothing is raised."""
    from shared import warm

    services.observe()
    if services.settings().warmup_enable:
        await warm.warm_up().done()


@bp.route(route="status/warmup", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def warmup_status(req: func.HttpRequest) -> func.HttpResponse:
    """How every worker process of the last 15 minutes got warm. Anybody may ask: it holds no address and no setting."""
    from shared import warm

    if not services.settings().warmup_enable:
        off = Warmth("", True, 0.0, {"warmup": Found(OFF, 0, "WARMUP_ENABLE is off.")})
        return answer(fleet_warmth([off]) | {"processes": []})
    own = warm.warm_up()
    own.begin()
    return answer(fleet_warmth(await own.fleet()))
