"""Turns what a replay decided into what is written down in one transaction."""

import json
import uuid
from datetime import datetime
from typing import Any

from localhost.durable.ledger import Decision
from localhost.durable.protocol import (
    STATUS_NUMBERS,
    Event,
    EventType,
    Status,
    compact,
    event,
    execution_started,
    parse_timestamp,
    timestamp,
)
from localhost.durable.records import Episode, Message, NewInstance, Work
from localhost.durable.replay import Outcome


def new_id() -> str:
    """Return a fresh id without dashes, for executions and unnamed instances."""
    return uuid.uuid4().hex


def open_episode(work: Work, past: list[Event], now: datetime) -> list[Event]:
    """Return the new events of an episode: it begins with its time, which never goes back."""
    before = next((parse_timestamp(item["Timestamp"]) for item in reversed(past) if _starts(item)), now)
    arrived = [message.event for message in work.messages]
    arrived.sort(key=lambda item: item["EventType"] != EventType.EXECUTION_STARTED)
    return [event(EventType.ORCHESTRATOR_STARTED, max(now, before)), *arrived]


def close_episode(work: Work, new: list[Event], outcome: Outcome, now: datetime) -> Episode:
    """Return all changes that follow from an outcome."""
    if outcome.status == Status.CONTINUED_AS_NEW:
        return _next_generation(work, outcome, now)
    episode = Episode(
        instance_id=work.instance["id"],
        since=work.instance["created"],
        consumed=work.numbers,
        status=outcome.status or (Status.SUSPENDED if outcome.suspended else Status.RUNNING),
        output=outcome.output,
        custom_status=outcome.custom_status,
        history=[*new],
        first=len(work.history),
    )
    for decision in outcome.decisions:
        _write_decision(work, episode, decision, now)
    if outcome.status:
        _write_end(work, episode, outcome, now)
    episode.history.append(event(EventType.ORCHESTRATOR_COMPLETED, now))
    for item in episode.history:
        # Everything written here has been played by the next episode; only this event is never marked.
        item["IsPlayed"] = not _starts(item)
    return episode


def _starts(item: Event) -> bool:
    return bool(item["EventType"] == EventType.ORCHESTRATOR_STARTED)


def _write_decision(work: Work, episode: Episode, decision: Decision, now: datetime) -> None:
    instance, execution = work.instance["id"], work.instance["execution_id"]
    fields: dict[str, Any] = {}
    if decision.kind == EventType.TASK_SCHEDULED:
        fields = {"Name": decision.name, "Version": "", "Input": None}
        episode.activities.append((execution, decision.id, decision.name, decision.input or "null"))
    elif decision.kind == EventType.TIMER_CREATED:
        assert decision.fire_at is not None
        fields = {"FireAt": timestamp(decision.fire_at)}
        fired = event(EventType.TIMER_FIRED, decision.fire_at, TimerId=decision.id, **fields)
        episode.messages.append(Message(instance, fired, decision.fire_at, execution))
    elif decision.kind == EventType.SUB_ORCHESTRATION_CREATED:
        child = _child(work, decision, now)
        fields = {"Name": child.name, "Version": child.version, "InstanceId": child.id, "Input": child.input}
        episode.children.append(child)
    episode.history.append(event(decision.kind, now, decision.id, **fields))


def _child(work: Work, decision: Decision, now: datetime) -> NewInstance:
    instance = work.instance
    assert decision.instance_id is not None
    child_id, execution_id, input_text = decision.instance_id, new_id(), compact(decision.input)
    parent = {
        "Name": instance["name"],
        "OrchestrationInstance": {"InstanceId": instance["id"], "ExecutionId": instance["execution_id"]},
        "TaskScheduleId": decision.id,
        "Version": instance["version"],
    }
    started = execution_started(now, decision.name, child_id, execution_id, input_text, decision.version, parent)
    return NewInstance(
        id=child_id,
        execution_id=execution_id,
        name=decision.name,
        version=decision.version,
        input=input_text,
        started=started,
        parent=(instance["id"], instance["execution_id"], decision.id),
    )


def _write_end(work: Work, episode: Episode, outcome: Outcome, now: datetime) -> None:
    assert outcome.status is not None
    number = STATUS_NUMBERS[outcome.status]
    episode.history.append(
        event(
            EventType.EXECUTION_COMPLETED,
            now,
            outcome.completion_id,
            OrchestrationStatus=number,
            Result=outcome.output,
            FailureDetails=None,
        )
    )
    instance = work.instance
    if instance["parent_id"] is None:
        return
    task: Event = {"TaskScheduledId": instance["parent_task_id"]}
    if outcome.status == Status.COMPLETED:
        answer = event(EventType.SUB_ORCHESTRATION_COMPLETED, now, **task, Result=outcome.output)
    else:
        failure: Event = {"Reason": outcome.output, "Details": "", "FailureDetails": None}
        answer = event(EventType.SUB_ORCHESTRATION_FAILED, now, **task, **failure)
    episode.messages.append(Message(instance["parent_id"], answer, now, instance["parent_execution_id"]))


def _next_generation(work: Work, outcome: Outcome, now: datetime) -> Episode:
    """Begin again under the same id: no history, a new execution, and the events too late for the old one."""
    instance, execution_id, input_text = work.instance, new_id(), compact(outcome.new_input)
    started = execution_started(
        now, instance["name"], instance["id"], execution_id, input_text, instance["version"], _parent(work)
    )
    carried = [item for item in work.messages if any(item.event is event for event in outcome.carried)]
    return Episode(
        instance_id=instance["id"],
        since=instance["created"],
        consumed=work.numbers,
        status=Status.RUNNING,
        custom_status=outcome.custom_status,
        replaces_history=True,
        execution_id=execution_id,
        input=input_text,
        messages=[Message(instance["id"], started, now, execution_id), *carried],
    )


def _parent(work: Work) -> Event | None:
    if work.history:
        parent = json.loads(work.history[1])["ParentInstance"]
    else:
        parent = next(item.event["ParentInstance"] for item in work.messages if "ParentInstance" in item.event)
    return dict(parent) if parent else None
