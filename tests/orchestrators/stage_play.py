"""The app's real orchestrators on virtual time, with activities that play a part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.localhost.lab import Lab
from tests.support.functions import indexed

Outcome = dict[str, Any]
Part = Sequence[Outcome | Exception] | Callable[[dict[str, Any]], Outcome]
DONE: Outcome = {"status": "done"}
BUSY: Outcome = {"status": "retry", "error": "rate_limit", "message": "Busy."}
SLOW: Outcome = {"status": "retry", "error": "timeout", "message": "Slow."}
BROKEN: Outcome = {"status": "failed", "error": "truncated", "message": "Cut off."}

IMPORT = {"tenant_id": "t", "project_id": "p", "document_id": "d", "delays": [60, 300, 900]}
THEORY = {
    "tenant_id": "t", "project_id": "p", "run_id": "r", "token": "k", "delays": [60, 300, 450], "interviews": 2,
    "fragments": 3,
}  # fmt: skip


def busy(after: float | None) -> Outcome:
    """Throttled, as a provider says it."""
    return {**BUSY, "after": after}


@dataclass
class Call:
    """An activity that was called: with what, and when it had done its second of work."""

    name: str
    job: dict[str, Any]
    at: datetime


@dataclass
class Play:
    """Runs one orchestration to its end. A part is a list of outcomes, the last of which repeats, or a function."""

    parts: dict[str, Part]
    lab: Lab = field(init=False)
    calls: list[Call] = field(default_factory=list)
    documents: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    async def run(self, name: str, job: dict[str, Any], instance_id: str = "i") -> Any:
        """The orchestration's output, or the status when that is not `Completed`."""
        await self.lab.start(name, instance_id, job)
        await self.lab.run()
        status, output = await self.lab.result(instance_id)
        return output if status == "Completed" else (status, output)

    def act(self, name: str, job: dict[str, Any]) -> Outcome:
        self.calls.append(Call(name, job, self.lab.clock.now()))
        part = self.parts.get(name, [DONE])
        turn = self.names.count(name) - 1
        outcome = part(job) if callable(part) else part[min(turn, len(part) - 1)]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def watch(self, handler: Callable[[str], str]) -> Callable[[str], str]:
        """Keep what an orchestrator is given and what it answers, by instance."""

        def watched(document: str) -> str:
            answer = handler(document)
            self.documents.setdefault(json.loads(document)["instanceId"], []).append((document, answer))
            return answer

        return watched

    @property
    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def jobs(self, name: str) -> list[dict[str, Any]]:
        return [call.job for call in self.calls if call.name == name]

    def waits(self, name: str) -> list[int]:
        """Whole seconds that passed between the calls of an activity, without the second that each works."""
        times = [call.at for call in self.calls if call.name == name]
        return [round((after - before).total_seconds()) - 1 for before, after in pairwise(times)]


@contextmanager
def play(**parts: Part) -> Iterator[Play]:
    """A stage on which every activity answers `done` but for the parts given."""
    table = {function.get_function_name(): function for function in indexed()}
    kinds = {name: function.get_trigger().type for name, function in table.items()}
    handlers = {n: table[n].get_user_function() for n, kind in kinds.items() if kind == "orchestrationTrigger"}
    activities = [name for name, kind in kinds.items() if kind == "activityTrigger"]
    stage = Play({"plan_import": [{"status": "done", "ranges": [[1, 2]]}], **parts})
    with TemporaryDirectory() as folder:
        stage.lab = Lab(Path(folder), {}, {name: partial(stage.act, name) for name in activities})
        stage.lab.script.use_handlers({name: stage.watch(handler) for name, handler in handlers.items()})
        stage.lab.build_engine()
        try:
            yield stage
        finally:
            stage.lab.close()
