"""The analyst that needs no model service."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.offline_analyst import reporting, theory
from shared.adapters.offline_analyst.categories import categories
from shared.adapters.offline_analyst.codebook import codebook
from shared.adapters.offline_analyst.coding import code_fragment
from shared.adapters.offline_analyst.comparison import consolidate
from shared.adapters.offline_analyst.describing import describe
from shared.adapters.offline_analyst.relations import relations
from shared.adapters.offline_analyst.vectors import Vectors
from shared.domain.analysis import (
    AnalystIdentity,
    AxialCoding,
    Brief,
    CodeInContext,
    Consolidation,
    CoreChoice,
    Fragment,
    ProposedCode,
    ProposedTheory,
)
from shared.domain.document import Description
from shared.ports import Embedder

DESCRIBED = 1_000  # vectors in memory for metadata: the examples that sentences are compared with, and some documents
RULES = "rules-1"  # raise it when a rule, a list or a threshold changes: codings name it


class OfflineAnalyst:
    """`Analyst` by extraction and comparison. It quotes and groups; it does not interpret, and says so."""

    def __init__(self, embedder: Embedder) -> None:
        self.identity = AnalystIdentity("offline", embedder.name, RULES, suggests_only=True, heeds_question=False)
        self._vectors = Vectors(embedder)
        # Apart: the sentences of many imports would push out what a study comes back to, and fill all there is.
        self._described = Vectors(embedder, DESCRIBED)

    async def describe(self, brief: Brief, text: str, language: str) -> Description:
        """Title, extractive summary, speakers, topics and date of a document."""
        return await describe(text, language, self._described)

    async def code(self, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
        """Nought to four extracted codes; labels are in the fragment's language. Never raises for odd text."""
        return await code_fragment(fragment, self._vectors)

    async def repair_quote(self, brief: Brief, fragment: Fragment, code: ProposedCode) -> str | None:
        """None: quotes are copied, so there is nothing to repair, and nothing is ever invented."""
        return None

    async def consolidate(self, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
        """Merges of codes that are one idea, and the codes that too little speaks for."""
        return await consolidate(brief, codes, self._vectors)

    async def categorise(self, brief: Brief, codes: Sequence[CodeInContext]) -> AxialCoding:
        """Categories of bounded size, and the relations that connectives and shared passages speak for."""
        book = await codebook(codes, self._vectors)
        if not book.codes:
            return AxialCoding(())
        found = await categories(book, brief.language, self._vectors)
        ties = await relations(book, found, brief.language, self._vectors)
        return AxialCoding(tuple(found), tuple(ties), reporting.axial_memo(len(found), len(ties), brief.language))

    async def choose_core(self, brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
        """The widest and best connected category, with its figures."""
        return theory.choose_core(brief, axial, codes)

    async def theorise(
        self, brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]
    ) -> ProposedTheory:
        """Suggested propositions with quotes for and, where the signal is good, against."""
        return await theory.theorise(brief, axial, core, codes, self._vectors)
