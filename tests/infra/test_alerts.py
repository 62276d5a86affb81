"""Alert rules and workbook: the app's own file, asked for by the names under which the app reports."""

from __future__ import annotations

import json
import re

import pytest

from shared.steps.fleet import alert_rules
from tests.infra.bicep import INFRA, ROOT, read, text
from tests.infra.deployment import MAIN, everywhere

WORKBOOK = json.loads((INFRA / "workbook.json").read_text("utf-8"))


def test_the_thresholds_are_those_that_were_asked_for() -> None:
    assert len({rule.name for rule in alert_rules()[0]}) == len(alert_rules()[0])  # Azure knows them by name
    assert {rule.signal: rule.threshold for rule in alert_rules()[0]} == {
        "queue_depth": 1000, "error_rate": 0.05, "stage_p95_seconds": 60, "batch_failed_share": 0.1,
        "warmup_not_ready": 0.5, "warmup_errors": 0.5, "warmup_seconds": 60, "warmup_latency_ms": 1000,
    }  # fmt: skip


def test_every_rule_of_the_app_is_a_rule_in_azure() -> None:
    file = read(INFRA / "modules" / "alerts.bicep")
    declared = file.variables["declared"].value
    assert declared is not None
    assert text(declared) == "loadJsonContent('../../shared/alerts.json')"
    [rule] = everywhere("Microsoft.Insights/scheduledQueryRules")
    assert "for wanted in declared.rules:" in text(rule.node)
    own = rule.body["properties"]
    assert (own["windowSize"], own["enabled"], own["scopes"]) == ("declared.window", True, ["insightsId"])
    assert own["actions"] == {"actionGroups": ["group.id"]}
    [criterion] = own["criteria"]["allOf"]
    assert (criterion["operator"], criterion["threshold"]) == ("GreaterThan", "json(string(wanted.threshold))")
    assert (criterion["timeAggregation"], criterion["metricMeasureColumn"]) == ("Maximum", "level")
    assert read(MAIN).modules["alerts"].given.keys() >= {"insightsId", "emails"}


def test_rules_ask_for_the_event_and_the_fields_that_the_app_reports() -> None:
    [rule] = everywhere("Microsoft.Insights/scheduledQueryRules")
    query = rule.body["properties"]["criteria"]["allOf"][0]["query"]
    reports = (ROOT / "functions" / "triggers" / "housekeeping_timer.py").read_text("utf-8")
    reports += (ROOT / "shared" / "steps" / "fleet.py").read_text("utf-8")
    [event] = re.findall(r'customDimensions\.event\) == "(\w+)"', query)
    [call] = re.findall(rf'log_event\(\s*"{event}", ([^\n]+)', reports)
    assert set(re.findall(r"customDimensions\.(\w+)", query)) - {"event"} <= set(re.findall(r"(\w+)=", call))
    assert '== "${wanted.signal}"' in query


@pytest.mark.parametrize("item", WORKBOOK["items"], ids=lambda item: item["name"])
def test_the_workbook_asks_for_events_that_there_are(item: dict[str, dict[str, str]]) -> None:
    sources = "".join(
        path.read_text("utf-8") for folder in ("functions", "shared") for path in (ROOT / folder).rglob("*.py")
    )
    events = re.findall(r"'([a-z_]{8,})'", item["content"]["query"])
    assert events
    assert [event for event in events if f'"{event}"' not in sources] == []
