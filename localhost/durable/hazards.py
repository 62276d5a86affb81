"""Situations that look like bugs of this host but happen in Azure too, where they cost days: for the log."""

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


def second_wait_for_early_event(name: str) -> tuple[str, str]:
    """Q5: the payload of an event that came early is delivered twice."""
    return "Q5", (
        f"event '{name}' came before its first wait and is awaited again: the SDK gives the second wait the "
        "first payload once more, and the next event's payload is lost"
    )


def event_in_other_case(awaited: str, raised: str) -> tuple[str, str]:
    """Q6: the two sides disagree about the case of names."""
    return "Q6", (
        f"event '{raised}' was consumed by the wait for '{awaited}', but the SDK compares names exactly and "
        "never sees it"
    )


def swallowed(problem: str) -> tuple[str, str]:
    """Q7: an action could not be carried out, and nobody is told."""
    return "Q7", f"{problem}: nothing is started, and the orchestration waits for ever"
