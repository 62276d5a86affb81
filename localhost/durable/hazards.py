"""Situations that look like bugs of this host but happen in Azure too, where they cost days: for the log."""

from localhost.durable.protocol import Action, ActionType, Answer

Hazard = tuple[str, str]  # its number in the specification, and what to say

TASK_ANY_WON_BY_OLD_TASK = (
    "Q2",
    "task_any was won by a task scheduled earlier: what follows starts only when one of the newly scheduled "
    "tasks ends (cancel a new timer to avoid it)",
)
RETRY_RACED = (
    "Q3",
    "a retried call stands in a task_any that was decided while it still retried, or whose timer was "
    "cancelled: the ids no longer match and the instance fails, in Azure too (race a sub-orchestration that "
    "retries instead)",
)
TASK_ALL_WITH_FAILED_CHILD = (
    "Q11",
    "a child of task_all failed: what follows starts only when all its children have ended",
)


def second_wait_for_early_event(name: str) -> Hazard:
    """Q5: the payload of an event that came early is delivered twice."""
    return "Q5", (
        f"event '{name}' came before its first wait and is awaited again: the SDK gives the second wait the "
        "first payload once more, and the next event's payload is lost"
    )


def event_in_other_case(awaited: str, raised: str) -> Hazard:
    """Q6: the two sides disagree about the case of names."""
    return "Q6", (
        f"event '{raised}' was consumed by the wait for '{awaited}', but the SDK compares names exactly and "
        "never sees it"
    )


def swallowed(problem: str) -> Hazard:
    """Q7: an action could not be carried out, and nobody is told."""
    return "Q7", f"{problem}: nothing is started, and the orchestration waits for ever"


def delay(answer: Answer, at: int) -> list[Hazard]:
    """Q2, Q11: the SDK has gone on past the action at this place, for which the extension still waits."""
    actions = answer.actions
    went_on = at + 1 < len(actions) or answer.is_done or answer.error is not None
    kind = actions[at]["actionType"] if went_on and at < len(actions) else None
    if kind == ActionType.WHEN_ANY:
        return [TASK_ANY_WON_BY_OLD_TASK]
    return [TASK_ALL_WITH_FAILED_CHILD] if kind == ActionType.WHEN_ALL else []


def non_determinism(answer: Answer) -> list[Hazard]:
    """Q3: the most frequent reason for which history and orchestrator no longer agree."""
    raced = (action for action in answer.actions if action["actionType"] == ActionType.WHEN_ANY)
    return [RETRY_RACED] if any(map(_has_retry, raced)) else []


def _has_retry(action: Action) -> bool:
    retried = (ActionType.CALL_ACTIVITY_WITH_RETRY, ActionType.CALL_SUB_ORCHESTRATOR_WITH_RETRY)
    return action["actionType"] in retried or any(map(_has_retry, action.get("compoundActions", ())))
