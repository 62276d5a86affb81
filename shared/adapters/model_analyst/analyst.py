"""The analyst as the steps see it."""

from __future__ import annotations

from collections.abc import Sequence

from shared import prompts
from shared.adapters.model_analyst import clerking, comparing, listing, reading, relating, theorising
from shared.adapters.model_analyst.asking import Asker
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
from shared.domain.document import Description, DocumentType
from shared.domain.proposals import ProposedField, ProposedType
from shared.domain.proposed_rows import ProposedRows
from shared.ports import Ledger, ModelBudget, ModelClient


class ModelAnalyst:
    """Analyst and clerk by a language model. Asked again with the same words, it answers from the ledger."""

    def __init__(self, client: ModelClient, ledger: Ledger, budget: ModelBudget | None = None) -> None:
        self._asker = Asker(client, ledger, budget)
        # The identity stands on codes and codings, so it changes with the prompt that makes these, and no other.
        self.identity = AnalystIdentity("model", client.deployment, prompts.edition("open_coding"))

    async def describe(self, brief: Brief, text: str, language: str) -> Description:
        """Metadata of a document; a long one is shown by its beginning and its end."""
        return await reading.describe(self._asker, brief, text, language)

    async def code(self, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
        """Open coding of one fragment: none to six codes."""
        return await reading.code(self._asker, brief, fragment)

    async def repair_quote(self, brief: Brief, fragment: Fragment, code: ProposedCode) -> str | None:
        """The words of the fragment on which the code can rest, or None."""
        return await reading.repair_quote(self._asker, brief, fragment, code)

    async def consolidate(self, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
        """Constant comparison of the codes that look alike."""
        return await comparing.consolidate(self._asker, brief, codes)

    async def categorise(self, brief: Brief, codes: Sequence[CodeInContext]) -> AxialCoding:
        """Categories, then their relations."""
        return await relating.categorise(self._asker, brief, codes)

    async def choose_core(self, brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
        """The core category."""
        return await theorising.choose_core(self._asker, brief, axial, codes)

    async def theorise(
        self, brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]
    ) -> ProposedTheory:
        """The theory's propositions."""
        return await theorising.theorise(self._asker, brief, axial, core, codes)

    async def classify(self, brief: Brief, text: str) -> ProposedType:
        """What a document is; a long one is shown by its beginning and its end."""
        return await clerking.classify(self._asker, brief, text)

    async def extract(self, brief: Brief, text: str, kind: DocumentType, language: str) -> list[ProposedField]:
        """The fields of a business paper; a long one is shown by its beginning and its end."""
        return await clerking.extract(self._asker, brief, text, kind, language)

    async def rows(self, brief: Brief, text: str, kind: DocumentType, language: str) -> ProposedRows:
        """Lines or movements; a long paper is asked about part by part."""
        return await listing.rows(self._asker, brief, text, kind, language)
