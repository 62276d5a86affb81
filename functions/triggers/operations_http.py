"""Is the app alive?"""

from __future__ import annotations

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.answers import answer, answered
from shared import services

bp = df.Blueprint()


@bp.route(route="health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Live: the process answers."""
    return answer({"status": "ok", "analyst": services.analyst_name()})
