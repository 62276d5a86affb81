"""Hands one input and the services to one step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from shared import services
from shared.ports import Ports


async def perform(step: Callable[[Any, Ports], Awaitable[dict[str, Any]]], job: Any) -> dict[str, Any]:
    """The step's outcome."""
    return await step(job, services.ports())
