"""The engine against the specification's own model, on the model's own scenarios."""

import contextlib
import importlib
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.localhost.conftest import MakeLab

MODEL = Path(os.environ.get("THEOGEN_DATA", "absent")).parent / "spec" / "model"

PLAIN = [
    "chain",
    "fan",
    "retry",
    "retryfail",
    "fanretry",
    "fanbad",
    "longt",
    "sub",
    "subcatch",
    "loop",
    "anyloop",
    "anymix",
    "missing",
    "status",
    "retryany",
    "seqretries",
    "failing",
    "retry_vs_timer",
    "retry_vs_timer_nocancel",
    "retry_vs_timer_last",
    "retry_first_try_vs_timer",
    "sub_vs_timer",
    "anystall",
    "anystall_cancel",
    "fanmix",
    "batches",
    "window",
    "nested",
    "emptyall",
    "longcancel",
    "subretry",
    "anyfailwins",
    "loopwin",
    "catchagain",
    "two_race",
    "raceall",
    "raceall_noretry",
    "timer_wins",
    "failslow",
    "failslow_end",
    "human",
]
DAY = 86400
WITH_EVENTS: list[tuple[str, list[tuple[str, Any, float]]]] = [
    ("human", [("go", 1, 5)]),
    ("human", [("Go", 1, 5)]),
    ("humannocancel", [("Go", 1, 5)]),
    ("early", [("E", 1, 0), ("E", 2, 30)]),
    ("twoevents", [("E", 1, 5), ("E", 2, 30)]),
    ("twoevents", [("E", 1, 0), ("E", 2, 30)]),
    ("longcancel", [("Go", 1, 5)]),
    ("longcancel", [("Go", 1, 5 * DAY)]),
    ("canloopevent", [("Go", n, 5 * n + 1) for n in range(3)]),
    ("canloopevent", [("Go", n, 0) for n in range(3)]),
    ("activitythenwait", [("Go", "x", 0)]),
    ("activitythenwait", [("Go", "x", 5)]),
    ("waittwice", [("Go", "x", 0), ("Go", "y", 60)]),
    ("waittwice", [("Go", "x", 10), ("Go", "y", 60)]),
    ("can_drop", [("Go", "a", 0.5)]),
]


@pytest.fixture(scope="session")
def model() -> Iterator[ModuleType]:
    if not MODEL.is_dir():
        pytest.skip("the specification's model is not here")
    sys.path.insert(0, str(MODEL))
    with contextlib.redirect_stdout(io.StringIO()):
        yield importlib.import_module("scen4")
    sys.path.remove(str(MODEL))


def expected(model: ModuleType, name: str, events: list[tuple[str, Any, float]]) -> tuple[Any, ...]:
    reset(model)
    runtime = model.Runtime(model.A, model.O, model.E)
    runtime.start(name, "i1")
    for event, payload, seconds in events:
        runtime.raise_event("i1", event, payload, seconds)
    runtime.run()
    instance = runtime.inst["i1"]
    kinds = [item["EventType"] for item in instance["history"]]
    return instance["status"], plain(instance["output"]), runtime.invocations, kinds


def reset(model: ModuleType) -> None:
    model.ATT.clear()
    model.cnt["n"] = 0


def plain(output: Any) -> str:
    """Leave out what the model does not word as the extension does: names, details, fractions of seconds."""
    text = re.sub(r"Orchestrator function '\w+'", "Orchestrator", str(output))
    text = re.sub(r"\.\d{6}\+00:00", "", text)
    return text.split(" \n ")[0].split("detected:")[0][:60]


@pytest.mark.parametrize(("name", "events"), [*((name, []) for name in PLAIN), *WITH_EVENTS])
async def test_a_scenario_ends_as_the_model_says(
    model: ModuleType, make_lab: MakeLab, name: str, events: list[tuple[str, Any, float]]
) -> None:
    status, output, invocations, kinds = expected(model, name, events)
    reset(model)
    lab = make_lab({}, model.A)
    lab.script.use_handlers(model.O)
    lab.build_engine()
    await lab.start(name)
    for event, payload, seconds in events:
        await lab.raise_later(seconds, event, payload)
    await lab.run()
    found = await lab.result()
    assert (found[0], plain(found[1]), lab.script.invocations) == (status, output, invocations)
    # Where the model stops with an error it does not close the episode.
    assert (await lab.kinds())[: len(kinds)] == kinds


async def test_a_retry_that_outlives_its_task_any_is_caught_by_its_name(model: ModuleType, make_lab: MakeLab) -> None:
    """The model compares only kinds, and hands one activity's result to another; the extension does not."""
    reset(model)
    lab = make_lab({}, model.A)
    lab.script.use_handlers(model.O)
    lab.build_engine()
    await lab.start("anyfan")
    await lab.run()
    status, output = await lab.result()
    assert status == "Failed"
    assert "named 'F3'" in output
    assert "named 'Hello'" in output
