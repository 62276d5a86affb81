"""A whole analysis in memory: what the steps do with an analyst, without storage. For measuring and for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.adapters.offline_analyst import OfflineAnalyst
from shared.adapters.sentence_encoder import SentenceEncoder
from shared.domain.analysis import (
    AxialCoding,
    Brief,
    CodeInContext,
    Consolidation,
    CoreChoice,
    Evidence,
    Fragment,
    ProposedCode,
    ProposedTheory,
)


@dataclass(frozen=True, slots=True)
class Walk:
    """What every stage gave."""

    encoder: SentenceEncoder
    proposals: list[tuple[str, ProposedCode]]
    raw: list[CodeInContext]
    consolidation: Consolidation
    codebook: list[CodeInContext]
    axial: AxialCoding
    core: CoreChoice
    theory: ProposedTheory

    def summary(self) -> str:
        """Counts in a line."""
        return (
            f"{len(self.proposals)} codings, {len(self.raw)} labels, {len(self.consolidation.merges)} merges, "
            f"{len(self.consolidation.set_aside)} set aside, {len(self.codebook)} codes, "
            f"{len(self.axial.categories)} categories, {len(self.axial.relations)} relations, "
            f"{len(self.theory.propositions)} propositions"
        )

    def text(self) -> str:
        """The codebook and theory for reading."""
        labels = {code.code_id: f"{code.label} ({len(code.evidence)})" for code in self.codebook}
        quotes = {piece.application_id: piece.quote for code in self.codebook for piece in code.evidence}
        lines = ["CATEGORIES"]
        lines += [
            f"* {category.label}: {'; '.join(labels[code_id] for code_id in category.code_ids)}"
            for category in self.axial.categories
        ]
        lines.append("RELATIONS")
        for relation in self.axial.relations:
            lines += [f"* {relation.statement}", *(f"    {quotes[key][:220]!r}" for key in relation.application_ids)]
        lines += ["CORE", self.core.category, self.core.rationale, self.core.storyline, "THEORY", self.theory.title]
        for proposition in self.theory.propositions:
            lines.append(f"* {proposition.statement}")
            lines += [f"    + {quotes[key][:220]!r}" for key in proposition.supporting]
            lines += [f"    - {quotes[key][:220]!r}" for key in proposition.contradicting]
        return "\n".join([*lines, self.theory.memo])


async def walk(fragments: Sequence[Fragment], brief: Brief) -> Walk:
    """Open coding to theory."""
    encoder = SentenceEncoder()
    analyst = OfflineAnalyst(encoder)
    proposals = [(part.passage_id, code) for part in fragments for code in await analyst.code(brief, part)]
    place = {part.passage_id: part for part in fragments}
    raw = await gather(proposals, place, encoder)
    consolidation = await analyst.consolidate(brief, raw)
    codebook = apply(raw, consolidation)
    axial = await analyst.categorise(brief, codebook)
    core = await analyst.choose_core(brief, axial, codebook)
    theory = await analyst.theorise(brief, axial, core, codebook)
    return Walk(encoder, proposals, raw, consolidation, codebook, axial, core, theory)


async def gather(
    proposals: list[tuple[str, ProposedCode]], place: dict[str, Fragment], encoder: SentenceEncoder
) -> list[CodeInContext]:
    """Codings with the same label are one code."""
    evidence: dict[str, list[Evidence]] = {}
    shown: dict[str, ProposedCode] = {}
    for number, (passage, code) in enumerate(proposals):
        key, document = code.label.lower(), place[passage].document_id
        shown.setdefault(key, code)
        piece = Evidence(f"a{number:05}", f"c:{key}", document, document, passage, code.quote)
        evidence.setdefault(key, []).append(piece)
    keys = sorted(evidence)
    vectors = await encoder.embed(keys)
    return [
        CodeInContext(f"c:{key}", shown[key].label, shown[key].definition, tuple(evidence[key]), tuple(vector))
        for key, vector in zip(keys, vectors, strict=True)
    ]


def apply(codes: list[CodeInContext], consolidation: Consolidation) -> list[CodeInContext]:
    """The codebook after merges, without what was set aside."""
    by_id = {code.code_id: code for code in codes}
    for merge in consolidation.merges:
        kept = by_id[merge.kept]
        moved = [piece for code_id in merge.merged for piece in by_id.pop(code_id).evidence]
        by_id[merge.kept] = replace(kept, evidence=(*kept.evidence, *moved))
    for code_id in consolidation.set_aside:
        by_id.pop(code_id)
    return list(by_id.values())
