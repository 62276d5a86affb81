"""What operators watch: metrics, alerts, runs and what goes on now."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, Field

from functions.triggers import metrics
from functions.triggers.answers import answer, answered, language_of, query_of
from functions.triggers.principal import principal_of
from shared import services
from shared.domain.error_texts import said
from shared.domain.runs import OPERATOR
from shared.steps.fleet import activity, current_alerts

bp = df.Blueprint()


class RunsQuery(BaseModel):
    """Query of the list of runs."""

    status: str | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


@bp.route(route="metrics", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
@answered
async def get_metrics(req: func.HttpRequest) -> func.HttpResponse:
    """Counters of the whole fleet for Prometheus. A machine asks, with a function key."""
    ports = services.ports()
    fleet = ports.store.fleet
    firing = {alert.rule.name: alert.fires for alert in await current_alerts(ports)}
    text = metrics.rendered(await fleet.counts(), await fleet.queues(), firing)
    return func.HttpResponse(text, mimetype=metrics.MEDIA_TYPE)


@bp.route(route="alerts", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_alerts(req: func.HttpRequest) -> func.HttpResponse:
    """Every alert rule, whether it fires, for what, and what to do."""
    found = await current_alerts(services.ports(), principal_of(req, OPERATOR).tenant_id)
    return answer({"items": [{"fires": alert.fires, "rule": alert.rule, "signals": alert.signals} for alert in found]})


@bp.route(route="activity", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def get_activity(req: func.HttpRequest) -> func.HttpResponse:
    """What goes on now: documents by stage, retries, failures of the last hour, throughput by the minute."""
    now = await activity(principal_of(req, OPERATOR).tenant_id, services.ports())
    for document in now["retries"]:
        document["error_message"] = said(document["error_code"], document["error_message"], language_of(req))
    return answer(now)


@bp.route(route="runs", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
@answered
async def list_runs(req: func.HttpRequest) -> func.HttpResponse:
    """The caller's runs, the newest first."""
    who, query = principal_of(req), query_of(req, RunsQuery)
    after = str(query.after) if query.after else None
    async with services.ports().store.tenant(who.tenant_id) as tx:
        runs = await tx.activity.runs(who.subject, query.status, after, query.limit)
    for run in runs:
        run["error_message"] = said(run["error_code"], run["error_message"], language_of(req))
    return answer({"items": runs, "next": runs[-1]["task_id"] if len(runs) == query.limit else None})
