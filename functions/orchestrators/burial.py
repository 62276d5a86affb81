"""The dead letter of a request that was given up, as its orchestration writes it."""

from __future__ import annotations

from typing import Any

import azure.durable_functions as df


def burial(
    context: df.DurableOrchestrationContext,
    kind: str,
    subject: str,
    request: dict[str, Any],
    outcome: dict[str, Any],
    stage: str | None,
) -> dict[str, Any]:
    """`bury_request`'s job: the original request, and what became of it. The instance's id is the letter's."""
    return {
        "tenant_id": request["tenant_id"],
        "request_id": context.instance_id,
        "kind": kind,
        "subject": subject,
        "request": request,
        "stage": stage,
        "error": outcome["error"],
        "message": outcome["message"],
        "tries": outcome.get("tries", 1),
    }
