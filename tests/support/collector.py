"""A collector on loopback: speaks OTLP over HTTP to the real exporters, and keeps what it gets."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """A span as it came in."""

    trace: str
    id: str
    parent: str
    name: str
    attributes: dict[str, Any]
    failed: bool


@dataclass(frozen=True)
class Line:
    """A log record as it came in."""

    trace: str
    body: str
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Measurement:
    """A point of a metric as it came in: of a histogram how many there were and their sum, of a counter its value."""

    name: str
    attributes: dict[str, Any]
    count: int
    sum: float


@dataclass
class Collector:
    """`async with Collector() as collector:`; `collector.url` is the endpoint."""

    spans: list[Span] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    url: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=0)
        routes = {"traces": self._traces, "logs": self._logs, "metrics": self._metrics}
        app.add_routes([web.post(f"/v1/{name}", handler) for name, handler in routes.items()])
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._runner.cleanup()

    def of(self, trace: str) -> list[Span]:
        """The spans of one trace."""
        return [span for span in self.spans if span.trace == trace]

    async def until_quiet(self, seconds: float = 5.0) -> None:
        """Wait until no span and no line has come in for a while; measurements come at fixed times anyway."""
        count = -1
        while count != len(self.spans) + len(self.lines):
            count = len(self.spans) + len(self.lines)
            await asyncio.sleep(seconds)

    async def _traces(self, request: web.Request) -> web.Response:
        message = ExportTraceServiceRequest.FromString(await _body(request))
        self.raw.append(str(message))
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                    self.spans.append(Span(*ids, span.name, _plain(span.attributes), span.status.code == 2))
        return web.Response()

    async def _logs(self, request: web.Request) -> web.Response:
        message = ExportLogsServiceRequest.FromString(await _body(request))
        self.raw.append(str(message))
        for resource in message.resource_logs:
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    body, attributes = record.body.string_value, _plain(record.attributes)
                    self.lines.append(Line(record.trace_id.hex(), body, attributes))
        return web.Response()

    async def _metrics(self, request: web.Request) -> web.Response:
        message = ExportMetricsServiceRequest.FromString(await _body(request))
        self.raw.append(str(message))
        for resource in message.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for p in metric.histogram.data_points:
                        self.measurements.append(Measurement(metric.name, _plain(p.attributes), p.count, p.sum))
                    for p in metric.sum.data_points:
                        value = p.as_double or float(p.as_int)
                        self.measurements.append(Measurement(metric.name, _plain(p.attributes), 1, value))
        return web.Response()

    def texts(self) -> list[str]:
        """Everything in spans and records that is text."""
        found = [span.name for span in self.spans] + [line.body for line in self.lines]
        fields = [span.attributes for span in self.spans] + [line.attributes for line in self.lines]
        return found + [str(value) for one in fields for value in one.values()]


async def _body(request: web.Request) -> bytes:
    data = await request.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _plain(attributes: Any) -> dict[str, Any]:
    return {a.key: getattr(a.value, a.value.WhichOneof("value") or "string_value") for a in attributes}
