"""What one replay has scheduled, what is still open, and who waits for which event."""

from collections import defaultdict, deque
from datetime import datetime
from typing import NamedTuple

from localhost.durable import hazards
from localhost.durable.promise import Promise, resolved
from localhost.durable.protocol import Event, EventType

_KINDS = {
    EventType.TASK_SCHEDULED: ("an activity task", "ScheduleTaskOrchestrator"),
    EventType.SUB_ORCHESTRATION_CREATED: ("a sub-orchestration task", "CreateSubOrchestration"),
    EventType.TIMER_CREATED: ("a timer task", "CreateTimer"),
    EventType.EVENT_SENT: ("a send event task", "SendEvent"),
}
_WHY = "Was a change made to the orchestrator code after this instance had already started running?"
_BEFORE = "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled"


class NonDeterminismError(Exception):
    """The history holds something that the orchestrator no longer does at that place."""


class Decision(NamedTuple):
    """Something that the replay scheduled and that the history does not confirm yet."""

    kind: EventType
    id: int
    name: str = ""
    input: str | None = None
    fire_at: datetime | None = None
    instance_id: str | None = None
    version: str = ""


class Ledger:
    """Hands out sequence ids and matches them, event by event, with the history."""

    def __init__(self) -> None:
        self.pending: dict[int, Decision] = {}
        self.open: dict[int, Promise] = {}
        self.warnings: list[tuple[str, str]] = []
        self.next_id = 0
        self._waits: defaultdict[str, list[tuple[str, Promise]]] = defaultdict(list)
        self._buffered: defaultdict[str, deque[Event]] = defaultdict(deque)
        self._came_early: set[str] = set()

    def take_id(self) -> int:
        """Return the next sequence id."""
        taken, self.next_id = self.next_id, self.next_id + 1
        return taken

    def schedule(
        self,
        kind: EventType,
        name: str = "",
        input_text: str | None = None,
        fire_at: datetime | None = None,
        instance_id: str | None = None,
        version: str = "",
    ) -> tuple[int, Promise]:
        """Decide on an activity, timer or sub-orchestration and keep it open until it settles."""
        taken = self.take_id()
        self.pending[taken] = Decision(kind, taken, name, input_text, fire_at, instance_id, version)
        self.open[taken] = Promise()
        return taken, self.open[taken]

    def close(self, task_id: int) -> Promise | None:
        """Take a task out of the open ones; None if it was not open, which is no error."""
        return self.open.pop(task_id, None)

    def confirm(self, event: Event) -> None:
        """Match a scheduling event of the history with this replay's decision of the same id."""
        decision = self.pending.pop(event["EventId"], None)
        name = event.get("Name") or ""
        if decision is None or decision.kind != event["EventType"] or decision.name.casefold() != name.casefold():
            raise NonDeterminismError(_mismatch(event, decision))

    def wait_event(self, name: str) -> Promise:
        """Wait for an external event; one that came before its first wait is taken from the buffer."""
        key = name.casefold()
        if self._buffered[key]:
            early = self._buffered[key].popleft()
            self._check_case(name, early["Name"])
            return resolved(early["Input"])
        if key in self._came_early:
            self.warnings.append(hazards.second_wait_for_early_event(name))
        promise = Promise()
        self._waits[key].append((name, promise))
        return promise

    def raise_event(self, event: Event) -> None:
        """Give an event to the last one that registered for it, or keep it."""
        key = event["Name"].casefold()
        if self._waits[key]:
            name, promise = self._waits[key].pop()
            self._check_case(name, event["Name"])
            promise.resolve(event["Input"])
        else:
            self._came_early.add(key)
            self._buffered[key].append(event)

    def _check_case(self, awaited: str, raised: str) -> None:
        if awaited != raised:
            self.warnings.append(hazards.event_in_other_case(awaited, raised))


def _mismatch(event: Event, decision: Decision | None) -> str:
    kind = EventType(event["EventType"])
    what, _ = _KINDS[kind]
    if decision is None:
        return _missing(kind, what, event)
    number, name = event["EventId"], event.get("Name") or ""
    before = f"{_BEFORE} {what} with sequence number {number} named '{name}', but the current replay execution instead"
    if decision.kind != kind:
        return f"{before} produced a {_KINDS[decision.kind][1]} action with this sequence number. {_WHY}"
    return f"{before} scheduled {what} named '{decision.name}' with this sequence number. {_WHY}"


def _missing(kind: EventType, what: str, event: Event) -> str:
    task_id = event["EventId"]
    if kind in (EventType.TIMER_CREATED, EventType.EVENT_SENT):
        which = f"{what} with sequence number {task_id}"
    else:
        which = f"{what} with sequence ID {task_id} and name '{event['Name']}' (version '{event['Version']}')"
    return f"{_BEFORE} {which}, but the current replay execution hasn't (yet?) scheduled this task. {_WHY}"
