"""Codes, their applications and the theory built on them, as they are stored: everything here has been verified."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.domain.analysis import AxialCoding, CodeInContext, Consolidation, Merge, ProposedCategory
from shared.domain.labels import normalise_label


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage. `start`/`end` are characters of the canonical text; `runs` map the cleaned text back to it."""

    passage_id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    context_start: int
    page: int
    speaker: str | None
    language: str
    text: str
    search_text: str
    runs: list[list[int]]


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a project's codebook, as it was born."""

    code_id: str
    label: str
    normalised_label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Application:
    """A code on a verified quote: `quote` is exactly the canonical text's characters `[start, end)`."""

    application_id: str
    code_id: str
    document_id: str
    passage_id: str
    start: int
    end: int
    page: int
    quote: str
    match: str
    rationale: str


@dataclass(frozen=True, slots=True)
class PassageCoding:
    """What became of one passage: why it was not covered, or None; and the count of its quotes by fate."""

    passage_id: str
    document_id: str
    not_covered: str | None = None
    proposed: int = 0
    verified: int = 0
    repaired: int = 0
    dropped: int = 0


def settled(consolidation: Consolidation, known: set[str]) -> Consolidation:
    """The consolidation without unknown ids, with chains followed to their end, and nothing both merged and aside."""
    target: dict[str, tuple[str, str]] = {}
    for merge in consolidation.merges:
        for code in merge.merged:
            if code in known and merge.kept in known and code != merge.kept and code not in target:
                target[code] = (merge.kept, merge.reason)
    groups: dict[tuple[str, str], list[str]] = {}
    for code, (first, reason) in target.items():
        end, seen = first, {code}
        while end in target and end not in seen:
            seen.add(end)
            end = target[end][0]
        if end not in seen:
            groups.setdefault((end, reason), []).append(code)
    merged = {code for codes in groups.values() for code in codes}
    merges = tuple(Merge(kept, tuple(sorted(codes)), reason) for (kept, reason), codes in sorted(groups.items()))
    kept_codes = {merge.kept for merge in merges}
    aside = sorted(set(consolidation.set_aside) & known - merged - kept_codes)
    return Consolidation(merges, tuple(aside))


def grounded(axial: AxialCoding, codes: list[CodeInContext]) -> AxialCoding:
    """The axial coding with everything dropped that does not rest on a known code or a known application.

    A code stays in the first category that claims it; a category without codes and a relation without evidence go.
    Categories whose labels are one but for case, accents or plural are one.
    """
    known = {code.code_id for code in codes}
    applications = {evidence.application_id for code in codes for evidence in code.evidence}
    taken: set[str] = set()
    categories: dict[str, ProposedCategory] = {}
    for category in axial.categories:
        members = tuple(c for c in dict.fromkeys(category.code_ids) if c in known and c not in taken)
        taken.update(members)
        if members:
            key = normalise_label(category.label)
            first = categories.get(key, replace(category, code_ids=()))
            categories[key] = replace(first, code_ids=(*first.code_ids, *members))
    relations = []
    for relation in axial.relations:
        evidence = tuple(a for a in dict.fromkeys(relation.application_ids) if a in applications)
        source, target = (categories.get(normalise_label(end)) for end in (relation.source, relation.target))
        if evidence and source and target and source is not target:
            relations.append(replace(relation, source=source.label, target=target.label, application_ids=evidence))
    return AxialCoding(tuple(categories.values()), tuple(relations), axial.memo)
