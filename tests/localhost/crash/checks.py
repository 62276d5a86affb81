"""What must hold after a run, however often host and broker were killed."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from localhost.service_bus.message import inspect
from tests.localhost.crash.disk import DEAD, Committed, ledger
from tests.localhost.crash.mail import Mail
from tests.localhost.crash.plan import REASON, TERMINATED, Plan, expected

# The SDK logs errors of its own when the broker is gone; these would be ours.
CLOCKS = 0.002  # seconds: the broker counts milliseconds
_NEVER_LOGGED = ("the engine failed", "the durable engine has stopped", "was never retrieved", "CRITICAL")


def outputs(plan: Plan, ended: dict[str, Any]) -> None:
    """Every orchestration has the result that arithmetic says."""
    items = [*plan.orchestrations, *(post.starts for post in plan.posts if post.starts)]
    for item in items:
        status = ended[item.id]
        if item.fate == TERMINATED:
            assert (status["runtimeStatus"], status["output"]) == ("Terminated", REASON), f"{item}: {status}"
            continue
        assert status["runtimeStatus"] == "Completed", f"{item}: {status}"
        right = expected(item.kind, item.value, item.count)
        assert status["output"]["value"] == right, f"{item}: {status['output']} is not {right}"


def results(deaths: list[Committed], last: Committed, folder: Path, ended: dict[str, Any], removed: set[str]) -> None:
    """What was committed when the host died is there at the end, once, and was not run again."""
    assert not removed & last.instances, "something of a purged instance is there"
    terminated = {name for name, status in ended.items() if status["runtimeStatus"] == "Terminated"}
    assert not last.twice, f"settled twice: {last.twice}"
    assert last.left == 0, f"{last.left} messages or activities are left"
    lines = ledger(folder)
    done = {line[2] for line in lines if line[0] == "done"}
    used = [run for name, status in ended.items() if name not in terminated for run in status["output"]["runs"]]
    assert len(used) == len(set(used)), "a result was used twice"
    assert set(used) | set(last.results.values()) <= done, "a result of no run"
    alive = {place[:2] for place in last.results} | set(last.outputs)
    for state in deaths:
        assert not state.twice, f"settled twice: {state.twice}"
        _still_there(state, last, alive, removed)
        unused = {run for place, run in state.results.items() if place[0] not in terminated} - set(used)
        assert not unused, f"committed and not used: {unused}"
        _not_run_again(state, lines)


def _still_there(state: Committed, last: Committed, alive: set[tuple[str, str]], removed: set[str]) -> None:
    for place, run in state.results.items():
        if place[:2] in alive:
            assert last.results.get(place) == run, f"the result of {place} was {run}, is {last.results.get(place)}"
    for execution, output in state.outputs.items():
        if execution[0] not in removed:
            assert last.outputs.get(execution) == output, f"{execution} had ended with {output}"


def _not_run_again(state: Committed, lines: list[list[str]]) -> None:
    committed = set(state.results.values())
    keys = {line[1] for line in lines[: state.lines] if line[0] == "done" and line[2] in committed}
    again = [line for line in lines[state.lines :] if line[0] == "began" and line[1] in keys]
    assert not again, f"had a committed result and began again: {again}"


def messages(plan: Plan, mail: Mail, folder: Path) -> None:
    """Each message was dealt with once or buried, none before its time, after its completion or called back."""
    completed: Counter[tuple[str, str]] = Counter()
    for line in ledger(folder):
        if line[0] == "delivered":
            assert not completed[line[1], line[2]], f"message {line[1]} came after its completion"
            assert float(line[3]) >= mail.not_before[line[1]] - CLOCKS, f"message {line[1]} came before its time"
            assert line[1] not in mail.cancelled, f"message {line[1]} was called back and came"
        elif line[0] == "completed":
            completed[line[1], line[2]] += 1
    assert not [key for key, times in completed.items() if times > 1], f"completed twice: {completed}"
    _fates(plan, mail.unsure, Counter(name for name, _ in completed), _dead_letters(folder))


def _fates(plan: Plan, unsure: set[str], completed: Counter[str], buried: Counter[str]) -> None:
    for post in plan.posts:
        most = 9 if post.id in unsure and post.queue != "once" else 1
        if post.starts:
            assert buried[post.id] == 0, f"{post} was buried"
            assert completed[post.id] <= most, f"{post} was completed {completed[post.id]} times"
        elif not post.cancelled:
            assert completed[post.id] == 0, f"{post} was completed"
            assert 1 <= buried[post.id] <= most, f"{post} was buried {buried[post.id]} times"


def _dead_letters(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    with closing(sqlite3.connect(folder / "bus" / "queues.sqlite")) as db:
        bodies = "SELECT queue, raw FROM messages JOIN bodies USING (queue, sequence)"
        for queue, raw in db.execute(bodies):
            assert queue.endswith(DEAD), f"a message is left in {queue}"
            found[str(inspect(bytes(raw)).message_id)] += 1
    return found


def logs(host: Path, broker: Path) -> None:
    """Neither process noted a failure of its own."""
    for file in (host, broker):
        lines = file.read_text().splitlines()
        found = [number for number, line in enumerate(lines) if any(text in line for text in _NEVER_LOGGED)]
        assert not found, "\n".join([file.name, *lines[found[0] - 2 : found[0] + 40]])
