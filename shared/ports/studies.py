"""Passages, codes and theories in the database: what a study is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from shared.domain.analysis import AxialCoding, CodeInContext, Consolidation, CoreChoice, ProposedTheory
from shared.domain.codebook import Application, Code, Passage, PassageCoding
from shared.domain.document import Document
from shared.domain.runs import Run
from shared.domain.searching import Filters, Query


class Corpus(Protocol):
    """Passages."""

    async def replace_passages(self, document: Document, passages: Sequence[Passage]) -> None:
        """Make these the document's passages; those that are there already stay as they are."""

    async def passages(self, document_id: str, first: int = 0, last: int | None = None) -> list[Passage]:
        """A document's passages by ordinal, both ends included."""

    async def counts(self, documents: Sequence[str]) -> dict[str, int]:
        """How many passages each of these documents has; those without any are left out."""

    async def to_embed(self, document_id: str, embedder: str) -> list[Passage]:
        """Passages that this embedder has not embedded yet."""

    async def embedded(self, passage_ids: Sequence[str], embedder: str) -> None:
        """Mark passages as embedded."""

    async def passage_ids(self, document_id: str) -> list[str]:
        """The ids of a document's passages."""

    async def found(self, passage_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Passages with their document's name, type and language, by id; unknown ids are left out."""

    async def by_words(
        self, project_id: str, query: Query, documents: list[str] | None, at_most: int
    ) -> list[tuple[str, float]]:
        """Ids of the project's passages that hold words of the query, and all of its phrases; best first.

        With each the share (0-1) of the query's words that it holds, a rare word counting more than a common one.
        `documents`, where it is given, are the only ones to look in; the query's languages hold too.
        """

    async def fitting(self, project_id: str, filters: Filters) -> list[str]:
        """Ids of the project's documents that fit everything the filters ask of a document."""


class Codebook(Protocol):
    """Codes, their applications, categories and relations."""

    async def uncoded(self, document_id: str, first: int, last: int, coder: str) -> list[Passage]:
        """Passages in the range which this coder has not dealt with."""

    async def coded_count(self, documents: Sequence[str], coder: str) -> tuple[int, int]:
        """(passages dealt with by the coder, passages in all)."""

    async def add(
        self, run: Run, coder: Sequence[str], codes: Sequence[Code], applications: Sequence[Application]
    ) -> None:
        """Write codes and applications that are not there yet. `coder` is (identity, model, prompt version)."""

    async def covered(self, run: Run, coder: str, codings: Sequence[PassageCoding]) -> None:
        """Record what became of passages."""

    async def in_context(self, documents: Sequence[str], coder: str, *, merged: bool) -> list[CodeInContext]:
        """Codes with their evidence in these documents, without vectors, by label and id.

        `merged` false: as they were born, for comparing; true: active codes with what was merged into them.
        """

    async def consolidate(self, run: Run, consolidation: Consolidation, codes: Sequence[str]) -> None:
        """Set the state of these codes by the consolidation, with merges on record."""

    async def categorise(self, run: Run, axial: AxialCoding) -> None:
        """Replace the run's categories and relations, with the relations' evidence."""

    async def axial(self, run_id: str) -> AxialCoding:
        """The run's categories and relations."""

    async def set_core(self, run: Run, core: CoreChoice) -> None:
        """Mark the core category."""

    async def core(self, run_id: str) -> CoreChoice:
        """The core category as chosen; raises NotFound."""

    async def listing(self, project_id: str) -> list[dict[str, Any]]:
        """The active codebook: id, label, definition, counts of applications and documents."""

    async def taxonomy_rows(self, project_id: str, run_id: str) -> dict[str, list[dict[str, Any]]]:
        """Rows for the graph: codes, categories, memberships, relations, documents, mentions."""


class Theories(Protocol):
    """Theories and memos."""

    async def memo(self, run: Run, step: str, text: str) -> None:
        """Keep a memo of a step; an empty one is not kept."""

    async def put(self, run: Run, theory: ProposedTheory, language: str, analyst: dict[str, Any]) -> str:
        """Write theory, propositions and evidence (the same run again replaces its own); gives the theory's id."""

    async def coverage(self, run: Run, coder: str) -> dict[str, Any]:
        """What was covered and what was not, and what became of the quotes."""

    async def complete(self, run: Run, theory_id: str, coverage: dict[str, Any]) -> None:
        """Attach the coverage and make the theory the run's result."""

    async def listing(self, project_id: str) -> list[dict[str, Any]]:
        """The project's theories, newest first."""

    async def document(self, theory_id: str) -> dict[str, Any]:
        """The whole theory with its evidence; raises NotFound."""
