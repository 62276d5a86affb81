"""Is the app alive, does all that it needs work, and how far is a task?"""

from __future__ import annotations

import azure.durable_functions as df
import azure.functions as func

from functions.triggers.answers import answer, answered
from functions.triggers.principal import path_id, principal_of
from shared import services
from shared.domain.runs import OPERATOR
from shared.steps.readiness import look_at
from shared.steps.tasks import task_state

bp = df.Blueprint()

READY_TIMEOUT = 5.0  # seconds: whoever asks wants to know now
VERIFY_TIMEOUT = 60.0  # seconds: networks are loaded and models asked


@bp.route(route="health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Live: the process answers."""
    return answer({"status": "ok", "analyst": services.analyst_name()})


@bp.route(route="ready", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def ready(req: func.HttpRequest) -> func.HttpResponse:
    """Whether every service answers, with its latency: 200, or 503. `python -m shared.verify` says what to do."""
    from shared import checks

    results = await look_at(checks.quick_checks(), READY_TIMEOUT)
    well = all(result.ok for result in results)
    # Anybody may ask: names and times, and no word about addresses or settings.
    shown = [{"name": result.name, "ok": result.ok, "latency_ms": result.latency_ms} for result in results]
    return answer({"status": "ready" if well else "not_ready", "checks": shown}, 200 if well else 503)


@bp.route(route="verify", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def verify(req: func.HttpRequest) -> func.HttpResponse:
    """What `python -m shared.verify` looks at, where the app itself runs and with its identity.

    Makes collections, constraints and indexes that are missing. It takes seconds and a few tokens of a model.
    """
    principal_of(req, OPERATOR)
    from shared import checks

    results = await look_at(checks.deep_checks(), VERIFY_TIMEOUT)
    well = all(result.ok for result in results)
    return answer({"status": "ready" if well else "not_ready", "checks": results})


@bp.route(route="openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def openapi(req: func.HttpRequest) -> func.HttpResponse:
    """The OpenAPI 3.1 document of the whole API."""
    from functions.triggers.openapi import document

    return answer(document())


@bp.route(route="v1/tasks/{task_id}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_task(req: func.HttpRequest) -> func.HttpResponse:
    """Any task, of a document or a run: `state` and `info`."""
    wish = req.headers.get("accept-language")
    return answer(await task_state(principal_of(req), path_id(req, "task_id"), services.ports(), wish))
