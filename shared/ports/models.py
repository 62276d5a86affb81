"""Language models: who codes and reads, what they ask, and the ledger of what was paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.analysis import (
    AnalystIdentity,
    AxialCoding,
    Brief,
    CodeInContext,
    Consolidation,
    CoreChoice,
    Fragment,
    ModelAnswer,
    ModelCall,
    ModelRequest,
    ProposedCode,
    ProposedTheory,
)
from shared.domain.document import Description, DocumentType
from shared.domain.proposals import ProposedField, ProposedType
from shared.domain.proposed_rows import ProposedRows


class Analyst(Protocol):
    """Codes, compares, relates and theorises. Everything returned is a proposal: quotes are verified by the caller."""

    identity: AnalystIdentity

    async def describe(self, brief: Brief, text: str, language: str) -> Description:
        """Metadata of a document (D4) from its text."""

    async def code(self, brief: Brief, fragment: Fragment) -> list[ProposedCode]:
        """Open coding of one fragment. Raises ContentFiltered, Truncated … when the fragment cannot be covered."""

    async def repair_quote(self, brief: Brief, fragment: Fragment, code: ProposedCode) -> str | None:
        """One more chance for a quote that is not in the fragment: the right words, or None."""

    async def consolidate(self, brief: Brief, codes: Sequence[CodeInContext]) -> Consolidation:
        """Constant comparison over the whole codebook."""

    async def categorise(self, brief: Brief, codes: Sequence[CodeInContext]) -> AxialCoding:
        """Axial coding: categories and their relations."""

    async def choose_core(self, brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
        """Selective coding: the category that the others turn around."""

    async def theorise(
        self, brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]
    ) -> ProposedTheory:
        """Propositions, each with the quotes for it and against it."""


class Clerk(Protocol):
    """A second reader of papers. Everything returned is a proposal: the caller looks for it in the text."""

    async def classify(self, brief: Brief, text: str) -> ProposedType:
        """What the document is, and words of it on which that rests."""

    async def extract(self, brief: Brief, text: str, kind: DocumentType, language: str) -> list[ProposedField]:
        """Fields of a business paper of this kind, each with the words in which it stands."""

    async def rows(self, brief: Brief, text: str, kind: DocumentType, language: str) -> ProposedRows:
        """Lines of a bill or movements of an account, each with its words: all of what was looked at, or an error."""


class ModelClient(Protocol):
    """One language model deployment."""

    deployment: str

    async def complete(self, request: ModelRequest) -> ModelAnswer:
        """One whole answer, or one of our errors (throttled, filtered, too long, truncated, unavailable …)."""


class CallLines(Protocol):
    """A line for every call that costs money."""

    async def begin(self, call: ModelCall) -> None:
        """Record that the call is about to be made (counts attempts)."""

    async def fail(self, call: ModelCall, code: str) -> None:
        """Record that the call ended without an answer, and the error's code."""


class Ledger(CallLines, Protocol):
    """Every model call: looked up before, stored before use, so that nothing is paid for twice."""

    async def find(self, tenant_id: str, key: str) -> ModelAnswer | None:
        """The answer that was stored under this key, if any."""

    async def finish(self, call: ModelCall, answer: ModelAnswer) -> None:
        """Store the answer, durably, before anyone uses it."""
