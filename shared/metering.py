"""Measurements that go where traces go: how long what we do takes, tokens, cost. OpenTelemetry's API only.

They are one process's, for the portal and for collectors. What must be right for the whole fleet is counted in the
database (`GET /api/metrics`). Attributes have few values, and none of them is a tenant's, a document's or a person's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import metrics

_meter = metrics.get_meter("theogen")
_durations = _meter.create_histogram(
    "theogen.operation.duration", "s", "Time of a request, a message, a start, an activity, or a model call."
)
_tokens = _meter.create_histogram("gen_ai.client.token.usage", "{token}", "Tokens of a model call.")
_costs = _meter.create_counter("theogen.model.cost", "1", "Cost of model calls, in the currency of MODEL_PRICES.")
_failure: ContextVar[list[str] | None] = ContextVar("failure", default=None)


@contextmanager
def timed(operation: str, kind: str) -> Iterator[None]:
    """The duration of a block. When it failed, `error.type` is the class of what was raised, or what `failed` said."""
    said: list[str] = []
    token = _failure.set(said)
    begun = time.monotonic()
    try:
        yield
    except BaseException as error:
        said.append(type(error).__name__)
        raise
    finally:
        _failure.reset(token)
        about = {"theogen.operation": operation, "theogen.kind": kind} | ({"error.type": said[0]} if said else {})
        _durations.record(time.monotonic() - begun, about)


def failed(code: str) -> None:
    """The block that is being timed has failed, though nothing was raised."""
    if (said := _failure.get()) is not None:
        said.append(code)


def used_tokens(operation: str, deployment: str, given: int, answered: int = 0) -> None:
    """Tokens of one call: of what was given, and of what came back."""
    about = {"gen_ai.operation.name": operation, "gen_ai.request.model": deployment}
    _tokens.record(given, about | {"gen_ai.token.type": "input"})
    if answered:
        _tokens.record(answered, about | {"gen_ai.token.type": "output"})


def spent(deployment: str, cost: float) -> None:
    """What one call cost."""
    _costs.add(cost, {"gen_ai.request.model": deployment})
