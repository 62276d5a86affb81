"""The analyst that needs no model service."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.offline_analyst.coding import code_fragment
from shared.adapters.offline_analyst.comparison import consolidate
from shared.adapters.offline_analyst.vectors import Vectors
from shared.domain.analysis import AnalystIdentity, Brief, CodeInContext, Consolidation, Fragment, ProposedCode
from shared.ports import Embedder

RULES = "rules-1"  # raise it when a rule, a list or a threshold changes: codings name it


class OfflineAnalyst:
    """`Analyst` by extraction and comparison. It quotes and groups; it does not interpret, and says so."""

    def __init__(self, embedder: Embedder) -> None:
        self.identity = AnalystIdentity("offline", embedder.name, RULES, suggests_only=True)
        self._vectors = Vectors(embedder)

    async def code(self, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
        """Nought to four extracted codes; labels are in the fragment's language. Never raises for odd text."""
        return await code_fragment(fragment, self._vectors)

    async def repair_quote(self, brief: Brief, fragment: Fragment, code: ProposedCode) -> str | None:
        """None: quotes are copied, so there is nothing to repair, and nothing is ever invented."""
        return None

    async def consolidate(self, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
        """Merges of codes that are one idea, and the codes that too little speaks for."""
        return await consolidate(brief, codes, self._vectors)
