"""Hands one input and the services to one step, within the trace that its job came with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from shared import services, tracing
from shared.ports import Ports

# Fields of jobs that a span carries: ids and numbers.
_SHOWN = ("tenant_id", "project_id", "document_id", "run_id", "stage", "first", "last")


async def perform(step: Callable[[Any, Ports], Awaitable[dict[str, Any]]], job: Any) -> dict[str, Any]:
    """The step's outcome."""
    from shared import warm

    services.observe()
    warm.begin()
    about = {f"theogen.{name}": getattr(job, name, None) for name in _SHOWN}
    with tracing.span(step.__name__, about, parent=getattr(job, "traceparent", ""), kind="consumer"):
        outcome = await step(job, services.ports())
        tracing.note(theogen__status=outcome.get("status"), theogen__error=outcome.get("error"))
        if outcome.get("status") in {"failed", "retry"}:
            tracing.failed(str(outcome.get("error")))
        return outcome
