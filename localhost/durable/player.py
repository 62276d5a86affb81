"""Plays one episode: asks the orchestrator what it wants, and replays that against the history."""

import logging

from localhost.durable.actions import Scene
from localhost.durable.app import Functions, Limits
from localhost.durable.failures import AbortedError, missing_orchestrator
from localhost.durable.protocol import (
    FINISHED,
    Answer,
    Event,
    EventType,
    ProtocolError,
    Status,
    document,
    parse_answer,
    parse_failure,
)
from localhost.durable.records import Work
from localhost.durable.replay import Outcome, replay
from localhost.durable.versions import MISMATCH, Failure

log = logging.getLogger("localhost.durable")


class Player:
    """Turns an instance's work into an outcome, and says each warning once."""

    def __init__(self, functions: Functions, limits: Limits) -> None:
        self._functions = functions
        self._limits = limits
        self._orchestrators = frozenset(name.casefold() for name in functions.orchestrators)
        self._activities = frozenset(name.casefold() for name in functions.activities)
        self._warned: dict[str, set[str]] = {}

    async def play(self, work: Work, past: list[Event], new: list[Event]) -> Outcome:
        """Run the orchestrator on its document and replay what it answers."""
        outcome = await self._decide(work, past, new)
        self._warn(work, outcome)
        return outcome

    async def _decide(self, work: Work, past: list[Event], new: list[Event]) -> Outcome:
        name = work.instance["name"]
        if name.casefold() not in self._orchestrators:
            output = missing_orchestrator(name, [*self._functions.orchestrators])
            return Outcome(status=Status.FAILED, output=output)
        versions = self._limits.versions
        if not versions.admit(work.instance["version"]):
            if versions.failure is Failure.FAIL:
                return Outcome(status=Status.FAILED, output=MISMATCH)
            raise AbortedError(f"{MISMATCH}: it is '{work.instance['version']}', the app is '{versions.own}'")
        if not past and new[1]["EventType"] != EventType.EXECUTION_STARTED:
            raise ProtocolError(f"instance '{work.instance['id']}' has messages but was never started")
        text = document(work.instance["id"], work.instance["parent_id"], work.history, new, [*past[:2], *new[:2]][1])
        answer = await self._ask(name, text)
        scene = Scene(
            name=name,
            instance_id=work.instance["id"],
            execution_id=work.instance["execution_id"],
            parent_id=work.instance["parent_id"],
            activities=self._activities,
            orchestrators=self._orchestrators,
            default_version=self._limits.versions.own,
            max_actions=self._limits.max_actions,
        )
        return replay(scene, answer, past, new)

    async def _ask(self, name: str, text: str) -> Answer:
        try:
            return parse_answer(await self._functions.orchestrate(name, text))
        except AbortedError:
            raise
        except Exception as error:
            return parse_failure(str(error))

    def _warn(self, work: Work, outcome: Outcome) -> None:
        instance_id = work.instance["id"]
        said = self._warned.setdefault(instance_id, set())
        for code, text in outcome.warnings:
            if text not in said:
                said.add(text)
                log.warning("%s '%s' (%s): %s", work.instance["name"], instance_id, code, text)
        if outcome.status in FINISHED or not said:
            self._warned.pop(instance_id, None)
