"""Is the app alive, and how far is a task?"""

from __future__ import annotations

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.answers import answer, answered
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.steps.tasks import task_state

bp = df.Blueprint()


@bp.route(route="health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Live: the process answers."""
    return answer({"status": "ok", "analyst": services.analyst_name()})


@bp.route(route="v1/tasks/{task_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_task(req: func.HttpRequest) -> func.HttpResponse:
    """Any task, of a document or a run: `state` and `info`."""
    return answer(await task_state(principal_of(req), path_id(req, "task_id"), services.ports()))
