"""Selective coding and propositions: from what is widest and best connected, with quotes for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst import reporting
from shared.adapters.offline_analyst.categories import members
from shared.adapters.offline_analyst.codebook import Codebook, applications, codebook, documents, weight
from shared.adapters.offline_analyst.opposites import against
from shared.domain.analysis import (
    AxialCoding,
    Brief,
    CodeInContext,
    CoreChoice,
    Evidence,
    ProposedCategory,
    ProposedProposition,
    ProposedRelation,
    ProposedTheory,
)

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Vectors

FEWEST, MOST, MOST_FROM_RELATIONS = 3, 7, 5
MOST_SUPPORT = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """What speaks for a category as the core."""

    documents: int
    of_documents: int
    applications: int
    relations: int

    @property
    def score(self) -> float:
        """Breadth first, then mass, then ties to the others."""
        return self.documents / max(1, self.of_documents) + 0.02 * self.applications + 0.15 * self.relations


def figures(category: ProposedCategory, axial: AxialCoding, codes: Sequence[CodeInContext]) -> Figures:
    """Count for one category."""
    mine = members(category, codes)
    ties = sum(category.label in (relation.source, relation.target) for relation in axial.relations)
    return Figures(len(documents(mine)), len(documents(codes)), len(applications(mine)), ties)


def choose_core(brief: Brief, axial: AxialCoding, codes: Sequence[CodeInContext]) -> CoreChoice:
    """The widest and best connected category; the rationale tells its figures and the runner-up's."""
    if not axial.categories:
        return CoreChoice("", reporting.no_core(brief.language))
    counted = {category.label: figures(category, axial, codes) for category in axial.categories}
    ranked = sorted(counted, key=lambda label: (-round(counted[label].score, 4), label))
    core = ranked[0]
    mine, second = counted[core], ranked[1] if len(ranked) > 1 else ""
    rationale = reporting.core_rationale(
        core, (mine.documents, mine.of_documents, mine.applications, mine.relations), second, brief.language
    )
    around = [r.statement for r in axial.relations if core in (r.source, r.target)][:4]
    others = list(ranked[1:4])
    return CoreChoice(
        core, rationale, reporting.storyline(core, mine.documents, mine.of_documents, others, around, brief.language)
    )


async def theorise(
    brief: Brief, axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext], vectors: Vectors
) -> ProposedTheory:
    """Three to seven suggested propositions, with a memo on how they came about and what they cannot be."""
    book = await codebook(codes, vectors)
    by_label = {category.label: category for category in axial.categories}
    drafts: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (relation.statement, (relation.source, relation.target), relation.application_ids)
        for relation in _by_core(axial, core)[:MOST_FROM_RELATIONS]
        if {relation.source, relation.target} <= by_label.keys()
    ]
    for category in _by_breadth(axial, core, codes):
        if len(drafts) >= MOST or (len(drafts) >= FEWEST and any(category.label in names for _, names, _ in drafts)):
            continue
        drafts.append((*_about(category, codes, brief.language), representative(category, book)))
    propositions = []
    for statement, names, support in drafts:
        pool = [code for name in names for code in members(by_label[name], book.codes)]
        supporting = tuple(support)[:MOST_SUPPORT]
        contradicting = await against(supporting, pool, vectors)
        if supporting:
            propositions.append(ProposedProposition(statement, names, supporting, contradicting))
    count = len(documents(codes))
    return ProposedTheory(
        reporting.theory_title(core.category, count, brief.language),
        reporting.theory_summary(core, [c.label for c in axial.categories], count, brief.language),
        tuple(propositions[:MOST]),
        reporting.theory_memo(_languages(book), brief.language),
    )


def _by_core(axial: AxialCoding, core: CoreChoice) -> list[ProposedRelation]:
    return sorted(axial.relations, key=lambda relation: core.category not in (relation.source, relation.target))


def _by_breadth(axial: AxialCoding, core: CoreChoice, codes: Sequence[CodeInContext]) -> list[ProposedCategory]:
    def order(category: ProposedCategory) -> tuple[bool, int, int, str]:
        mine = members(category, codes)
        return category.label != core.category, -len(documents(mine)), -len(applications(mine)), category.label

    return sorted(axial.categories, key=order)


def _about(category: ProposedCategory, codes: Sequence[CodeInContext], language: str) -> tuple[str, tuple[str, ...]]:
    mine = sorted(members(category, codes), key=lambda code: (*(-count for count in weight(code)), code.code_id))
    labels = [code.label for code in mine[:3]]
    statement = reporting.category_proposition(
        category.label, labels, len(documents(mine)), len(documents(codes)), language
    )
    return statement, (category.label,)


def representative(category: ProposedCategory, book: Codebook) -> tuple[str, ...]:
    """Applications nearest to what the category's quotes have in common, one document after the other."""
    rows = [row for row, code in enumerate(book.codes) if code.code_id in category.code_ids]
    if not rows:
        return ()
    centre = book.quotes[rows].mean(axis=0)
    ranked = sorted(rows, key=lambda row: (-round(float(book.quotes[row] @ centre), 5), row))
    queue = [piece for row in ranked for piece in sorted(book.codes[row].evidence, key=lambda p: p.application_id)]
    once = {piece.quote: piece for piece in reversed(_turn_about(queue))}
    return tuple(piece.application_id for piece in reversed(once.values()))[:MOST_SUPPORT]


def _turn_about(queue: list[Evidence]) -> list[Evidence]:
    """The order in which every document is heard once before one is heard twice."""
    heard: dict[str, int] = {}
    ranked = []
    for place, piece in enumerate(queue):
        heard[piece.document_id] = heard.get(piece.document_id, 0) + 1
        ranked.append((heard[piece.document_id], place, piece))
    return [piece for _, _, piece in sorted(ranked, key=lambda entry: entry[:2])]


def _languages(book: Codebook) -> set[str]:
    from shared.adapters.offline_analyst.labels import language_of

    return {language_of(code.label) for code in book.codes}
