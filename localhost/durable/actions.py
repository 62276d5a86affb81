"""Carries out, in replay, the actions that an orchestrator returned."""

from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from localhost.durable import hazards
from localhost.durable.ledger import Ledger
from localhost.durable.promise import Promise, rejected, resolved, spawn, when_all, when_any
from localhost.durable.protocol import Action, ActionType, EventType, ProtocolError

_REFUSED = {
    ActionType.CALL_ENTITY: "call_entity",
    ActionType.SIGNAL_ENTITY: "signal_entity",
    ActionType.SCHEDULED_SIGNAL_ENTITY: "signal_entity",
    ActionType.CALL_HTTP: "call_http",
}


class RefusedError(Exception):
    """The orchestrator uses a part of Durable Functions that this host does not have."""


class TaskFailureError(Exception):
    """An activity or sub-orchestration failed, or an action could not be carried out."""


@dataclass(frozen=True)
class Scene:
    """What a replay has to know of the instance and of the app; function names are casefolded."""

    name: str
    instance_id: str
    execution_id: str
    parent_id: str | None
    activities: Collection[str]
    orchestrators: Collection[str]
    default_version: str = ""
    max_actions: int = 100_000


class Actions:
    """Invokes actions one after another; the ids they take arise from this order alone."""

    def __init__(self, scene: Scene, ledger: Ledger) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.new_input: str | None = None
        self._scene = scene
        self._ledger = ledger
        self._handlers = self._make_handlers()

    def invoke(self, action: Action) -> Promise:
        """Start one action; raises RefusedError for what this host does not have."""
        kind = ActionType(action["actionType"])
        if kind in _REFUSED:
            raise RefusedError(f"context.{_REFUSED[kind]} is not available on the local host.")
        return self._handlers[kind](action)

    def _make_handlers(self) -> dict[ActionType, Callable[[Action], Promise]]:
        return {
            ActionType.CALL_ACTIVITY: self._activity,
            ActionType.CALL_ACTIVITY_WITH_RETRY: lambda action: self._with_retry(action, self._activity),
            ActionType.CALL_SUB_ORCHESTRATOR: self._sub_orchestration,
            ActionType.CALL_SUB_ORCHESTRATOR_WITH_RETRY: lambda action: self._with_retry(
                action, self._sub_orchestration
            ),
            ActionType.CONTINUE_AS_NEW: self._continue_as_new,
            ActionType.CREATE_TIMER: self._timer,
            ActionType.WAIT_FOR_EXTERNAL_EVENT: lambda action: self._ledger.wait_event(action["externalEventName"]),
            ActionType.WHEN_ANY: lambda action: when_any(self._children(action)),
            ActionType.WHEN_ALL: lambda action: when_all(self._children(action)),
        }

    def _children(self, action: Action) -> list[Promise]:
        return [self.invoke(child) for child in action["compoundActions"]]

    def _activity(self, action: Action) -> Promise:
        if problem := self._unknown(action, "activity", self._scene.activities):
            return problem
        return self._ledger.schedule(EventType.TASK_SCHEDULED, action["functionName"], action["input"])[1]

    def _sub_orchestration(self, action: Action) -> Promise:
        if problem := self._unknown(action, "sub-orchestrator", self._scene.orchestrators):
            return problem
        child_id = action.get("instanceId")
        if child_id and (child_id.startswith("@") or child_id in (self._scene.instance_id, self._scene.parent_id)):
            return self._swallow(f"sub-orchestration '{action['functionName']}' has the forbidden id '{child_id}'")
        version = action.get("version") or self._scene.default_version
        return self._ledger.schedule(
            EventType.SUB_ORCHESTRATION_CREATED,
            action["functionName"],
            action["input"],
            instance_id=child_id or f"{self._scene.execution_id}:{self._ledger.next_id}",
            version=version,
        )[1]

    def _unknown(self, action: Action, what: str, known: Collection[str]) -> Promise | None:
        name = action["functionName"]
        if name.casefold() in known:
            return None
        return self._swallow(f"{what} '{name}' does not exist")

    def _swallow(self, problem: str) -> Promise:
        # The extension raises here and drops the error, and the SDK waits on: the instance never ends.
        self._ledger.warnings.append(hazards.swallowed(problem))
        return rejected(TaskFailureError(problem))

    def _timer(self, action: Action) -> Promise:
        task_id, promise = self._timer_at(datetime.fromisoformat(action["fireAt"].replace("Z", "+00:00")))
        if action["isCanceled"]:
            self._ledger.close(task_id)
            promise.reject(TaskFailureError("cancelled"))
        return promise

    def _timer_at(self, fire_at: datetime) -> tuple[int, Promise]:
        return self._ledger.schedule(EventType.TIMER_CREATED, fire_at=fire_at)

    def _continue_as_new(self, action: Action) -> Promise:
        self.new_input = action["input"]
        return resolved()

    def _with_retry(self, action: Action, call: Callable[[Action], Promise]) -> Promise:
        first = call(action)
        # A call that could not even be made is not retried: the name is checked before the first attempt.
        if first.done:
            return first
        return spawn(self._attempts(action, call, first))

    def _attempts(
        self, action: Action, call: Callable[[Action], Promise], attempt: Promise
    ) -> Generator[Promise, Any, Any]:
        options = action["retryOptions"]
        attempts = options["maxNumberOfAttempts"]
        for number in range(1, attempts + 1):
            try:
                return (yield attempt)
            except TaskFailureError as failure:
                last = failure
            # A timer follows the last failure too: the SDK counts its id, so it must exist.
            delay = _retry_delay(options, number) if number < attempts else timedelta(0)
            yield self._timer_at(self.now + delay)[1]
            if number < attempts:
                attempt = call(action)
        raise last


def _retry_delay(options: dict[str, Any], failures: int) -> timedelta:
    milliseconds = options["firstRetryIntervalInMilliseconds"]
    milliseconds *= (options.get("backoffCoefficient") or 1) ** (failures - 1)
    return timedelta(milliseconds=min(milliseconds, options.get("maxRetryIntervalInMilliseconds") or milliseconds))


def check_count(actions: list[Action], limit: int) -> None:
    """Raise ProtocolError if an orchestrator returned more actions than host.json allows."""
    if len(actions) > limit:
        raise ProtocolError(f"the orchestration has {len(actions)} actions; maxOrchestrationActions is {limit}")
