"""The fleet's counters as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from shared.ports import Count

if TYPE_CHECKING:
    from prometheus_client.core import Metric

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def rendered(counts: Iterable[Count], queues: dict[str, int], alerts: dict[str, bool]) -> bytes:
    """All metrics. Counters of stages, items and errors count from the beginning of the database."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fixed([*_families(list(counts)), *_gauges(queues, alerts)]))
    return generate_latest(registry)


class _Fixed:
    """A collector of what was counted already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """The families."""
        yield from self._families


def _families(counts: list[Count]) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily

    items = CounterMetricFamily(
        "imports_items_processed", "Documents that ended.", labels=["tenant_id", "doc_type", "status"]
    )
    errors = CounterMetricFamily(
        "imports_errors", "Stages that failed, by class of error.", labels=["task_name", "tenant_id", "error_type"]
    )
    for count in counts:
        if count.metric == "items":
            items.add_metric([count.tenant_id, count.label, count.detail], count.value)
        elif count.metric == "errors":
            errors.add_metric([count.label, count.tenant_id, count.detail], count.value)
    yield items
    yield errors
    yield from _durations(counts)
    yield from _models(counts)


def _models(counts: list[Count]) -> Iterator[Metric]:
    """What model deployments were used for. A page that was read for money counts as one token."""
    from prometheus_client.core import CounterMetricFamily

    told = {
        "model_calls": "Calls that were answered.",
        "model_tokens": "Tokens in questions and answers.",
        "model_cost": "What was paid, in the money of MODEL_PRICES.",
    }
    for metric, help_text in told.items():
        family = CounterMetricFamily(f"theogen_{metric}", help_text, labels=["tenant_id", "deployment", "purpose"])
        for count in counts:
            if count.metric == metric:
                family.add_metric([count.tenant_id, count.label, count.detail], count.value)
        yield family


def _durations(counts: list[Count]) -> Iterator[Metric]:
    from prometheus_client.core import HistogramMetricFamily

    stages = HistogramMetricFamily(
        "imports_task_duration_seconds",
        "Time that a stage took, waits and retries included.",
        labels=["task_name", "tenant_id"],
    )
    reading = HistogramMetricFamily(
        "imports_ocr_latency_seconds", "Time that reading a document took.", labels=["tenant_id"]
    )
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for count in counts:
        if count.metric in {"seconds", "runs", "bucket"}:
            found[count.label, count.tenant_id][count.detail or count.metric] = count.value
    for (stage, tenant), values in sorted(found.items()):
        total, seconds = values.pop("runs"), values.pop("seconds")
        buckets = [(bound, values[bound]) for bound in sorted(values, key=float)] + [("+Inf", total)]
        stages.add_metric([stage, tenant], buckets, seconds)
        if stage == "ocr":
            reading.add_metric([tenant], buckets, seconds)
    yield stages
    yield reading


def _gauges(queues: dict[str, int], alerts: dict[str, bool]) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    depth = GaugeMetricFamily("imports_queue_depth", "Requests that wait.", labels=["queue"])
    for queue, waiting in sorted(queues.items()):
        depth.add_metric([queue], waiting)
    firing = GaugeMetricFamily("theogen_alert_firing", "Whether an alert rule fires (1) or not (0).", labels=["rule"])
    for rule, fires in sorted(alerts.items()):
        firing.add_metric([rule], int(fires))
    yield depth
    yield firing
