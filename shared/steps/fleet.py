"""Metrics, alerts and the live view."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.domain.alerts import Alert, Rule, alerts
from shared.ports import Ports
from shared.steps.events import log_event

RULES = Path(__file__).parents[1] / "alerts.json"
_SHOWN_RETRIES = 100
_MINUTES = 15


@lru_cache(maxsize=1)
def alert_rules() -> tuple[list[Rule], timedelta, int]:
    """The rules, the span that signals are taken over, and how many things a share must be of."""
    plain = json.loads(RULES.read_text("utf-8"))
    minutes = int(plain["window"].removeprefix("PT").removesuffix("M"))
    return [Rule(**rule) for rule in plain["rules"]], timedelta(minutes=minutes), plain["least"]


async def current_alerts(ports: Ports, tenant_id: str | None = None) -> list[Alert]:
    """Every rule of `alerts.json` with what is above its threshold now; for a tenant, without what is others'."""
    rules, span, least = alert_rules()
    signals = await ports.store.fleet.signals(span, least)
    return alerts(rules, [s for s in signals if not tenant_id or s.tenant_id in {None, tenant_id}])


async def report_signals(ports: Ports) -> None:
    """Each signal and each alert as a log line, which Azure's alert rules look for; and sum up old events."""
    rules, span, least = alert_rules()
    signals = await ports.store.fleet.signals(span, least)
    for signal in signals:
        log_event("fleet_signal", signal=signal.name, subject=signal.subject, value=round(signal.value, 4))
    for alert in alerts(rules, signals):
        for signal in alert.signals:
            log_event("alert_firing", rule=alert.rule.name, subject=signal.subject, value=round(signal.value, 4))
    await ports.store.fleet.sum_up()


async def activity(tenant_id: str, ports: Ports) -> dict[str, Any]:
    """What goes on in the tenant: stages, retries, failures of the last hour, throughput by the minute."""
    async with ports.store.tenant(tenant_id) as tx:
        return {
            "stages": await tx.activity.stages(),
            "retries": await tx.activity.retries(_SHOWN_RETRIES),
            "failures": await tx.activity.failures(datetime.now(UTC) - timedelta(hours=1)),
            "throughput": await tx.activity.throughput(_MINUTES),
        }
