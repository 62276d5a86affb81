"""What the analyst remembers, and for how long."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.offline_analyst.analyst import DESCRIBED, OfflineAnalyst
from shared.domain.analysis import Brief, Fragment
from shared.ports import Owner

WORDS = [
    "she",
    "waited",
    "for",
    "the",
    "bus",
    "because",
    "nobody",
    "told",
    "her",
    "about",
    "the",
    "change",
    "of",
    "shift",
    "and",
    "it",
    "rained",
    "all",
    "morning",
]


class Noting:
    """An embedder of short vectors that notes what it is asked."""

    name, dimensions = "noting", 4

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str], owner: Owner | None = None) -> list[list[float]]:
        """Vectors that differ with their text's length."""
        self.asked += texts
        return [[1.0, len(text) % 7, len(text) % 5, len(text) % 3] for text in texts]


def interview(number: int) -> str:
    said = [f"{' '.join(WORDS[n:] + WORDS[:n])} on day {number} of week {n}.".capitalize() for n in range(16)]
    return "\n\n".join(f"Ana: {sentence}" for sentence in said)


async def test_importing_many_documents_costs_a_study_none_of_its_vectors_and_keeps_few_of_their_own() -> None:
    embedder = Noting()
    analyst, brief = OfflineAnalyst(embedder), Brief("tenant", "project", "en")
    fragment = Fragment("f", "d", "I lost the trust of my team. We had to hide our notes from everybody.", "en")
    await analyst.code(brief, fragment)
    for number in range(DESCRIBED // 10):
        await analyst.describe(brief, interview(number), "en")
    embedder.asked.clear()
    await analyst.code(brief, fragment)
    assert embedder.asked == []
    await analyst.describe(brief, interview(0), "en")
    assert len(embedder.asked) == 16
