"""Instances that are under way when a new version is deployed go on with it.

Each file in `histories` is an orchestration as it ran once. When a change fails here, it breaks instances of the old
shape; record anew with `python -m tests.orchestrators.record` only if none of those is left running (or if the changed
orchestrator has got a new name).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.orchestrators.record import FOLDER, SCENES, scene
from tests.support.functions import indexed

RECORDED = sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(Path(FOLDER / f"{name}.json").read_text("utf-8"))
    return kept


def handler(name: str) -> Callable[[str], str]:
    [function] = [function for function in indexed() if function.get_function_name() == name]
    found: Callable[[str], str] = function.get_user_function()
    return found


def answer_to(kept: dict[str, Any], events: int) -> dict[str, Any]:
    """What the orchestrator of today answers to the first events of the history."""
    history = kept["document"]["history"][:events]
    begun = max(n for n, event in enumerate(history) if event["EventType"] == 12)
    history = history[:begun] + [{**event, "IsPlayed": False} for event in history[begun:]]
    found: dict[str, Any] = json.loads(
        handler(kept["orchestrator"])(json.dumps({**kept["document"], "history": history}))
    )
    return found


def test_there_is_a_history_of_every_orchestrator() -> None:
    names = {f.get_function_name() for f in indexed() if f.get_trigger().type == "orchestrationTrigger"}
    assert {load(name)["orchestrator"] for name in RECORDED} == names
    assert set(RECORDED) == set(SCENES)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_instance_is_replayed_to_the_same_end(name: str) -> None:
    kept = load(name)
    assert answer_to(kept, len(kept["document"]["history"])) == kept["answer"]
    assert kept["answer"]["isDone"]


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_instance_is_taken_up_at_any_of_its_episodes(name: str) -> None:
    kept = load(name)
    [decided] = kept["answer"]["actions"]
    for episode in kept["episodes"]:
        answer = answer_to(kept, episode["events"])
        assert answer["actions"] == [decided[: episode["actions"]]]
        assert answer.get("error") is None
        assert answer["isDone"] == (episode is kept["episodes"][-1])


@pytest.mark.parametrize("name", RECORDED)
async def test_an_instance_started_today_decides_as_the_recorded_one_did(name: str) -> None:
    kept = load(name)
    orchestrator, episodes = await scene(name)
    assert orchestrator == kept["orchestrator"]
    assert json.loads(episodes[-1][1]) == kept["answer"]


@pytest.mark.parametrize("name", RECORDED)
async def test_answers_only_grow_from_episode_to_episode(name: str) -> None:
    _, episodes = await scene(name)
    [last] = json.loads(episodes[-1][1])["actions"]
    for _, answer in episodes:
        [actions] = json.loads(answer)["actions"]
        assert actions == last[: len(actions)]
