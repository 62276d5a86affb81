"""What the engine has to know of the app: its durable functions, and its limits."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from localhost.durable.versions import Versions


class Functions(Protocol):
    """The app's durable functions, found by name without regard to case."""

    @property
    def orchestrators(self) -> Collection[str]:
        """Names of the orchestrators."""
        ...

    @property
    def activities(self) -> Collection[str]:
        """Names of the activities."""
        ...

    async def orchestrate(self, name: str, document: str) -> str:
        """Run an orchestrator and return its answer; raises what it raises."""
        ...

    async def act(self, name: str, input_text: str) -> str:
        """Run an activity on its input and return its result, both JSON texts.

        Raises what it raises, or ActivityError for it; WorkerLostError if it is to be run again.
        """
        ...


@dataclass(frozen=True)
class Limits:
    """The settings of host.json that the engine heeds."""

    concurrent_activities: int
    concurrent_orchestrators: int
    max_actions: int = 100_000
    versions: Versions = field(default_factory=Versions)
