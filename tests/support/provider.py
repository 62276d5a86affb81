"""A model server in a process of its own, whose log outlives every host, and its account against the ledger."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.app import ROOT, RunningApp


@dataclass
class Provider:
    """Where it listens, and where it writes down what it was asked."""

    base_url: str
    log: Path

    def asked(self) -> dict[str, list[float]]:
        """When each question came in, by the hash of its input."""
        times: dict[str, list[float]] = defaultdict(list)
        for entry in self._questions():
            times[entry["input_sha256"]].append(entry["time"])
        return times

    def embedded(self) -> dict[str, list[tuple[float, str]]]:
        """When each text was to be embedded, and by the hash of which input, by the text's hash."""
        times: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for entry in self._questions():
            for text in entry["texts"]:
                times[text].append((entry["time"], entry["input_sha256"]))
        return times

    def _questions(self) -> list[dict[str, Any]]:
        entries = map(json.loads, self.log.read_text().splitlines() if self.log.exists() else [])
        return [entry for entry in entries if entry["event"] == "asked"]


@contextmanager
def provider_process(log: Path, delay: float = 0.25) -> Iterator[Provider]:
    """Answers after so many seconds; a fifth of its quotes is made up."""
    command = [sys.executable, "-m", "tests.support.model_server", "--log", str(log), "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        try:
            yield Provider(process.stdout.readline().strip(), log)
        finally:
            process.terminate()


async def check_nothing_was_paid_for_twice(
    app: RunningApp, provider: Provider, kills: Sequence[tuple[float, float]], at_once: int
) -> None:
    """The provider's log against the ledger.

    `kills` are spans of time within which something died that an answer needs on its way into the ledger; `at_once` is
    how many calls may be under way at such a moment.
    """
    asked = provider.asked()
    rows = await app.rows(
        "select input_sha256, state, attempts, extract(epoch from answered_at)::float8 as answered from model_calls"
    )
    ledger = {row["input_sha256"]: row for row in rows}
    assert asked.keys() == ledger.keys()
    assert {row["state"] for row in rows} == {"answered"}
    for key, times in asked.items():
        # Asked for the last time before its answer was committed …
        assert times[-1] <= ledger[key]["answered"], "a question was asked again after its answer was committed"
        # … and asked again only because what was to keep the answer had died over it.
        for first, second in itertools.pairwise(times):
            assert any(first < end and begin < second for begin, end in kills), "a question was repeated without a kill"
    for text, uses in provider.embedded().items():
        # … in whatever other texts' company.
        committed = min(ledger[key]["answered"] for _, key in uses)
        assert max(time for time, _ in uses) <= committed, f"text {text} was embedded again after that was committed"
    repeats = sum(len(times) - 1 for times in asked.values())
    assert repeats <= at_once * len(kills)
