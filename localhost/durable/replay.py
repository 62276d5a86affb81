"""Replays an orchestrator's actions against its history, as the Durable extension does.

The protocol carries no task ids: they arise from the order in which the actions are invoked, interleaved with
the events. What looks odd here (an event's name compared without case, an action awaited to its end after the
SDK went on) is what happens in Azure, and is kept; where it costs days in production, a warning says so.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from localhost.durable import hazards
from localhost.durable.actions import Actions, RefusedError, Scene, TaskFailureError, check_count
from localhost.durable.ledger import Decision, Ledger, NonDeterminismError
from localhost.durable.promise import Promise, spawn
from localhost.durable.protocol import (
    Answer,
    Event,
    EventType,
    ProtocolError,
    Status,
    compact,
    parse_timestamp,
)

STATUS_LIMIT = 16 * 1024


@dataclass(frozen=True)
class Outcome:
    """What one episode decided; `status` is None while the orchestration goes on."""

    decisions: list[Decision] = field(default_factory=list)
    status: Status | None = None
    output: str | None = None
    completion_id: int = -1
    new_input: str | None = None
    carried: list[Event] = field(default_factory=list)
    custom_status: str | None = None
    suspended: bool = False
    warnings: list[tuple[str, str]] = field(default_factory=list)


def replay(scene: Scene, answer: Answer, past: Sequence[Event], new: Sequence[Event]) -> Outcome:
    """Run the actions of `answer` through the whole history and return what is new."""
    return _Replay(scene, answer).run([*past, *new])


class _Replay:
    def __init__(self, scene: Scene, answer: Answer) -> None:
        self._scene = scene
        self._answer = answer
        self._ledger = Ledger()
        self._actions = Actions(scene, self._ledger)
        self._ended = Promise()
        self._position = -1
        self._carried: list[Event] = []
        self._terminated: str | None = None
        self._suspended = False
        self._held: list[Event] = []
        self._custom_status: str | None = None

    def run(self, history: Sequence[Event]) -> Outcome:
        try:
            for event in history:
                self._process(event)
        except NonDeterminismError as error:
            self._ledger.warnings.extend(hazards.non_determinism(self._answer))
            return self._outcome(status=Status.FAILED, output=str(error), decisions=[])
        if self._terminated is not None:
            return self._outcome(status=Status.TERMINATED, output=self._terminated, decisions=[])
        if not self._ended.done or self._ledger.open:
            if not self._suspended:
                self._ledger.warnings.extend(hazards.delay(self._answer, self._position))
            return self._outcome()
        return self._finished()

    def _process(self, event: Event) -> None:
        # Kinds are compared as the numbers that they are: this runs for every event of every episode.
        kind = event["EventType"]
        if kind in _CONFIRMED_BY_HISTORY:
            # Matched even while suspended: held back, its decision would be taken a second time.
            self._ledger.confirm(event)
        elif kind in _STEERING:
            self._steer(kind, event)
        elif self._suspended:
            self._held.append(event)
        else:
            self._arrive(kind, event)

    def _steer(self, kind: int, event: Event) -> None:
        if kind == EventType.ORCHESTRATOR_STARTED:
            self._actions.now = parse_timestamp(event["Timestamp"])
        elif kind == EventType.EXECUTION_STARTED:
            self._ended = spawn(self._orchestrate())
        elif kind == EventType.EXECUTION_TERMINATED:
            self._terminated = event["Input"] or ""
        elif kind == EventType.EXECUTION_SUSPENDED:
            self._suspended = True
        elif kind == EventType.EXECUTION_RESUMED:
            self._resume()

    def _arrive(self, kind: int, event: Event) -> None:
        if kind in _COMPLETED:
            if task := self._ledger.close(event["TaskScheduledId"]):
                task.resolve(event["Result"])
        elif kind == EventType.EVENT_RAISED:
            if self._actions.new_input is not None:
                self._carried.append(event)
            else:
                self._ledger.raise_event(event)
        elif kind == EventType.TIMER_FIRED:
            if timer := self._ledger.close(event["TimerId"]):
                timer.resolve()
        elif kind in _FAILED and (task := self._ledger.close(event["TaskScheduledId"])):
            task.reject(TaskFailureError(event["Reason"]))

    def _resume(self) -> None:
        self._suspended = False
        held, self._held = self._held, []
        for event in held:
            self._arrive(event["EventType"], event)

    def _orchestrate(self) -> Generator[Promise, Any, Any]:
        check_count(self._answer.actions, self._scene.max_actions)
        if self._answer.custom_status is not None:
            self._custom_status = _checked_status(self._answer.custom_status)
        for position, action in enumerate(self._answer.actions):
            self._position = position
            try:
                yield self._actions.invoke(action)
            except TaskFailureError:
                continue  # the SDK has seen the failure in the history and decided already
        self._position = len(self._answer.actions)
        if self._answer.error:
            raise TaskFailureError(self._answer.error)
        if not self._answer.is_done:
            yield Promise()
        return self._answer.output

    def _finished(self) -> Outcome:
        error = self._ended.error
        if error is not None:
            if not isinstance(error, TaskFailureError | RefusedError | ProtocolError):
                raise error
            output = f"Orchestrator function '{self._scene.name}' failed: {error}"
            return self._outcome(status=Status.FAILED, output=output, completion_id=self._ledger.take_id())
        if self._actions.new_input is not None:
            return self._outcome(status=Status.CONTINUED_AS_NEW, new_input=self._actions.new_input)
        output = compact(self._ended.value)
        return self._outcome(status=Status.COMPLETED, output=output, completion_id=self._ledger.take_id())

    def _outcome(self, **fields: Any) -> Outcome:
        fields.setdefault("decisions", [self._ledger.pending[key] for key in sorted(self._ledger.pending)])
        return Outcome(
            custom_status=self._custom_status,
            carried=self._carried,
            suspended=self._suspended,
            warnings=self._ledger.warnings,
            **fields,
        )


_CONFIRMED_BY_HISTORY = frozenset(
    {
        EventType.TASK_SCHEDULED,
        EventType.SUB_ORCHESTRATION_CREATED,
        EventType.TIMER_CREATED,
        EventType.EVENT_SENT,
    }
)
_STEERING = frozenset(
    {
        EventType.ORCHESTRATOR_STARTED,
        EventType.EXECUTION_STARTED,
        EventType.EXECUTION_TERMINATED,
        EventType.EXECUTION_SUSPENDED,
        EventType.EXECUTION_RESUMED,
    }
)
_COMPLETED = frozenset({EventType.TASK_COMPLETED, EventType.SUB_ORCHESTRATION_COMPLETED})
_FAILED = frozenset({EventType.TASK_FAILED, EventType.SUB_ORCHESTRATION_FAILED})


def _checked_status(value: Any) -> str:
    text = compact(value)
    if len(text.encode("utf-16-le")) > STATUS_LIMIT:
        raise TaskFailureError("The size of the JSON-serialized custom status must not exceed 16 KB of UTF-16 text.")
    return text
