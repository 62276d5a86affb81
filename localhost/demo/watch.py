"""Looking on while documents are read and a theory is made."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from localhost.demo.api import Api, Json
from localhost.demo.bars import Bars
from localhost.demo.errors import DemoError
from localhost.demo.show import plain
from shared.domain.document import FINISHED_STATUSES

POLL_SECONDS = 0.7
APPEARANCE_SECONDS = 180.0
RUN_OVER = {"completed", "failed", "canceled"}


@dataclass(slots=True)
class Clock:
    """What took how long: named stretches of seconds in the order in which they began."""

    seconds: dict[str, float] = field(default_factory=dict)
    _name: str = ""
    _since: float = 0.0

    def begin(self, name: str) -> None:
        """The stretch before ends, `name` begins; a name that comes back adds up."""
        self.end()
        self._name, self._since = name, time.monotonic()
        self.seconds.setdefault(name, 0.0)

    def end(self) -> None:
        """Nothing is timed any more."""
        if self._name:
            self.seconds[self._name] += time.monotonic() - self._since
        self._name = ""


def follow_documents(api: Api, project_id: str, names: Mapping[str, str], console: Console) -> list[Json]:
    """Wait until every document of `names` (id to name) is finished; the documents, in that order.

    One that does not appear within three minutes is left out: it was refused at the door.
    """
    began = time.monotonic()
    with Bars(console) as bars:
        while True:
            listed = {document["document_id"]: document for document in api.documents(project_id)}
            for document_id, name in names.items():
                _show_document(bars, document_id, name, listed.get(document_id))
            missing = names.keys() - listed.keys()
            if missing and time.monotonic() - began > APPEARANCE_SECONDS:
                names = {document_id: name for document_id, name in names.items() if document_id in listed}
                missing = set()
            if not missing and all(listed[each]["status"] in FINISHED_STATUSES for each in names):
                return [listed[each] for each in names]
            time.sleep(POLL_SECONDS)


def _show_document(bars: Bars, document_id: str, name: str, document: Json | None) -> None:
    if document is None:
        bars.show(document_id, plain(name), 0, "waiting to be found")
        return
    status = str(document["status"])
    over = status in FINISHED_STATUSES
    kind = f" · {plain(document['type'])}" if document.get("type") else ""
    bars.show(document_id, plain(name), int(document["progress"]), f"{status}{kind}", over=over)


def follow_theory(api: Api, project_id: str, receipt: Json, clock: Clock, console: Console) -> str:
    """Wait until the run is over; the theory's id. Raises DemoError when there is none."""
    task_id = str(receipt["task_id"])
    status: dict[str, Any] = receipt
    with Bars(console) as bars:
        while status["status"] not in RUN_OVER:
            time.sleep(min(10.0, max(0.2, float(status.get("next_poll_seconds") or POLL_SECONDS))))
            status = api.theory_status(project_id, task_id)
            over = status["status"] in RUN_OVER
            if not over:
                clock.begin(str(status.get("step") or status["status"]))
            bars.show(task_id, "theory", int(status.get("progress") or 0), _step(status), over=over)
            if status["status"] == "waiting_review":
                raise DemoError("The run waits for a person's review. Answer it on the page, and look there.")
    clock.end()
    if status["status"] != "completed" or not status.get("theory_id"):
        code = status.get("error_code") or "no error code"
        raise DemoError(f"No theory came about: the run is {status['status']} ({code}) at {_step(status)}.")
    return str(status["theory_id"])


def _step(status: Mapping[str, Any]) -> str:
    step = str(status.get("step") or status["status"])
    return plain(step.replace("_", " "))
