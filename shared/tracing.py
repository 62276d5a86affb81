"""Spans, and the trace that goes along with a job. OpenTelemetry's API only: the composition root knows who exports.

A span holds ids, counts, times, sums and names of ours. What people wrote never goes into one, nor does an error's
message, which may quote it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared import metering

Kind = Literal["internal", "server", "client", "producer", "consumer"]

_tracer = trace.get_tracer("theogen")
_propagator = TraceContextTextMapPropagator()


@contextmanager
def span(
    name: str, attributes: Mapping[str, object] | None = None, *, parent: str = "", kind: Kind = "internal"
) -> Iterator[None]:
    """A span around a block, below `parent` (a traceparent) or, without one, below the span that is open.

    Of an error that leaves the block the span has the class only. How long it took is measured as well.
    """
    context = _propagator.extract({"traceparent": parent}) if parent else None
    with (
        metering.timed(name, kind),
        _tracer.start_as_current_span(
            name,
            context,
            kind=trace.SpanKind[kind.upper()],
            attributes=_plain(attributes or {}),
            record_exception=False,
            set_status_on_exception=False,
        ) as opened,
    ):
        try:
            yield
        except BaseException as error:
            opened.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def note(**attributes: object) -> None:
    """More attributes for the span that is open; `__` in a name stands for a dot."""
    trace.get_current_span().set_attributes(_plain({key.replace("__", "."): v for key, v in attributes.items()}))


def failed(code: str) -> None:
    """The span that is open has failed, though nothing was raised."""
    trace.get_current_span().set_status(trace.StatusCode.ERROR, code)
    metering.failed(code)


def traceparent() -> str:
    """The open span as W3C trace context; empty where there is none."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent", "")


def trace_id() -> str:
    """32 hexadecimal digits; empty where no span is open."""
    found = trace.get_current_span().get_span_context()
    return f"{found.trace_id:032x}" if found.is_valid else ""


def place_of(error: BaseException) -> str:
    """`module.py:12`, where an error was raised: what logs may say of one whose message may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"


def _plain(attributes: Mapping[str, object]) -> dict[str, str | bool | int | float]:
    """What exporters carry: numbers and texts; what is None is left out."""
    return {
        key: value if isinstance(value, str | bool | int | float) else str(value)
        for key, value in attributes.items()
        if value is not None and value != ""
    }
