"""OpenTelemetry's SDK, with the exporters that are configured. Everything heavy is imported here, when it is wanted."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.sdk._logs.export import LogRecordExporter
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter

DELAY_MS = 2000  # spans and logs wait that long at most, to be sent together
NAMES = ("theogen", "shared", "functions")  # loggers of ours: libraries' lines may quote what they work on


@dataclass(frozen=True, slots=True)
class Destination:
    """Where traces and logs go; an empty address is none. `ratio` is the share of traces that is kept."""

    connection_string: str = field(default="", repr=False)
    authentication: str = ""
    otlp_endpoint: str = ""
    ratio: float = 1.0

    @property
    def exists(self) -> bool:
        """Whether anything goes anywhere."""
        return bool(self.connection_string or self.otlp_endpoint)


def begin_export(destination: Destination) -> None:
    """Send spans, log lines and measurements from now on, for the whole process. Call it once."""
    from opentelemetry import metrics, trace
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    from shared.adapters.telemetry.handler import EventHandler

    # These exporters' HTTP library knows the usual setting for own certificates by another name.
    if "SSL_CERT_FILE" in os.environ:
        os.environ.setdefault("REQUESTS_CA_BUNDLE", os.environ["SSL_CERT_FILE"])
    # Of each process's counters the portal makes one sum: it must know them apart.
    resource = Resource.create({"service.name": "theogen", "service.instance.id": str(uuid.uuid4())})
    tracers = TracerProvider(sampler=ParentBased(TraceIdRatioBased(destination.ratio)), resource=resource)
    loggers = LoggerProvider(resource=resource)
    readers = []
    for spans, logs, measurements in _exporters(destination):
        tracers.add_span_processor(BatchSpanProcessor(spans, schedule_delay_millis=DELAY_MS))
        loggers.add_log_record_processor(BatchLogRecordProcessor(logs, schedule_delay_millis=DELAY_MS))
        readers.append(PeriodicExportingMetricReader(measurements))
    meters = MeterProvider(readers, resource=resource)
    trace.set_tracer_provider(tracers)
    metrics.set_meter_provider(meters)
    handler = EventHandler(loggers, tracers, meters)
    for name in NAMES:
        logging.getLogger(name).addHandler(handler)


def _exporters(destination: Destination) -> Iterator[tuple[SpanExporter, LogRecordExporter, MetricExporter]]:
    if destination.connection_string:
        from azure.monitor.opentelemetry.exporter import (
            AzureMonitorLogExporter,
            AzureMonitorMetricExporter,
            AzureMonitorTraceExporter,
        )

        for chatty in ("azure.core", "azure.monitor"):  # they would write down every transmission
            logging.getLogger(chatty).setLevel(logging.WARNING)
        options: dict[str, Any] = {"connection_string": destination.connection_string}
        options |= credential_of(destination.authentication)
        yield (
            AzureMonitorTraceExporter(**options),
            AzureMonitorLogExporter(**options),
            AzureMonitorMetricExporter(**options),
        )
    if destination.otlp_endpoint:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        base = destination.otlp_endpoint.rstrip("/")
        yield (
            OTLPSpanExporter(endpoint=f"{base}/v1/traces"),
            OTLPLogExporter(endpoint=f"{base}/v1/logs"),
            OTLPMetricExporter(endpoint=f"{base}/v1/metrics"),
        )


def credential_of(authentication: str) -> Mapping[str, Any]:
    """Authorization=AAD;ClientId=…: by the app's identity. Else the connection string alone is enough."""
    parts = dict(part.strip().split("=", 1) for part in authentication.split(";") if "=" in part)
    if parts.get("Authorization", "").upper() != "AAD":
        return {}
    from azure.identity import DefaultAzureCredential

    return {"credential": DefaultAzureCredential(managed_identity_client_id=parts.get("ClientId"))}
