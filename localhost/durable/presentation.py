"""How instances and histories look to callers, which differs from how they are stored and replayed."""

import json
from datetime import datetime
from typing import Any

from localhost.durable.protocol import STATUS_NUMBERS, Event, EventType
from localhost.durable.queries import Row
from localhost.durable.records import moment

_NAMES = {
    EventType.SUB_ORCHESTRATION_CREATED: "SubOrchestrationInstanceCreated",
    EventType.SUB_ORCHESTRATION_COMPLETED: "SubOrchestrationInstanceCompleted",
    EventType.SUB_ORCHESTRATION_FAILED: "SubOrchestrationInstanceFailed",
}
_HIDDEN = (EventType.ORCHESTRATOR_STARTED, EventType.ORCHESTRATOR_COMPLETED)
_SCHEDULING = (EventType.TASK_SCHEDULED, EventType.SUB_ORCHESTRATION_CREATED)
_SETTLING = (
    EventType.TASK_COMPLETED,
    EventType.TASK_FAILED,
    EventType.SUB_ORCHESTRATION_COMPLETED,
    EventType.SUB_ORCHESTRATION_FAILED,
)


def status_body(row: Row, show_input: bool = True) -> dict[str, Any]:
    """Return the status document of an instance."""
    return {
        "name": row["name"],
        "instanceId": row["id"],
        "runtimeStatus": row["status"],
        "input": _parsed(row["input"]) if show_input else None,
        "customStatus": _parsed(row["custom_status"]),
        "output": _parsed(row["output"]),
        "createdTime": _seconds(moment(row["created"])),
        "lastUpdatedTime": _seconds(moment(row["updated"])),
    }


def history_body(events: list[Event], show_output: bool, show_input: bool) -> list[dict[str, Any]]:
    """Return a history as `historyEvents` shows it: completions carry what they complete."""
    scheduled = {item["EventId"]: item for item in events if item["EventType"] in _SCHEDULING}
    settled = {item["TaskScheduledId"] for item in events if item["EventType"] in _SETTLING}
    shown = []
    for item in events:
        kind = EventType(item["EventType"])
        if kind in _HIDDEN or (kind in _SCHEDULING and item["EventId"] in settled):
            continue
        body = {key: value for key, value in item.items() if key not in ("EventId", "IsPlayed")}
        body["EventType"] = event_name(kind)
        if kind in _SETTLING:
            _merge(body, scheduled.get(body.pop("TaskScheduledId")))
        _reshape(kind, body)
        _hide(body, show_output, show_input)
        shown.append(body)
    return shown


def event_name(kind: EventType) -> str:
    """Return an event's name as the extension writes it."""
    return _NAMES.get(kind) or "".join(part.capitalize() for part in kind.name.split("_"))


def _merge(body: dict[str, Any], scheduled: Event | None) -> None:
    if scheduled is not None:
        body["ScheduledTime"] = scheduled["Timestamp"]
        body["FunctionName"] = scheduled["Name"]


def _reshape(kind: EventType, body: dict[str, Any]) -> None:
    if kind == EventType.EXECUTION_STARTED:
        body["FunctionName"] = body.pop("Name")
        for key in ("OrchestrationInstance", "ParentInstance", "Version", "Tags"):
            body.pop(key, None)
    elif kind == EventType.EXECUTION_COMPLETED:
        names = {number: status.value for status, number in STATUS_NUMBERS.items()}
        body["OrchestrationStatus"] = names[body["OrchestrationStatus"]]
    elif kind == EventType.TIMER_FIRED:
        body.pop("TimerId", None)


def _hide(body: dict[str, Any], show_output: bool, show_input: bool) -> None:
    if not show_output:
        body.pop("Result", None)
    if not show_input:
        body.pop("Input", None)
    for key in ("Result", "Input"):
        if key in body:
            body[key] = _parsed(body[key])


def _parsed(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _seconds(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
