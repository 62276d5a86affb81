"""Codes as rows: what later steps need of a codebook, worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.adapters.offline_analyst.vectors import unit
from shared.domain.analysis import CodeInContext, Evidence

if TYPE_CHECKING:
    from shared.adapters.offline_analyst.vectors import Matrix, Vectors

LABEL_SHARE = 0.75  # of a code's vector; the rest is its quotes
DENIALS = frozenset({"no", "not", "never", "nunca", "sin", "without"})
CARRIERS = frozenset(
    [
        "being",
        "feeling",
        "getting",
        "becoming",
        "having",
        "seeming",
        "staying",
        "sentirse",
        "estar",
        "ser",
        "tener",
        "dar",
        "ponerse",
        "quedarse",
        "volverse",
    ]
)
QUOTES = 12  # at most, for the context of one code


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes in the order given; `labels` and `quotes` are unit rows, `mixed` both together."""

    codes: tuple[CodeInContext, ...]
    labels: Matrix
    quotes: Matrix
    mixed: Matrix


async def codebook(codes: Sequence[CodeInContext], vectors: Vectors) -> Codebook:
    """Embed labels and quotes; the order is by id, so that no caller's order changes an outcome."""
    import numpy as np

    ordered = tuple(sorted(codes, key=lambda code: code.code_id))
    labels = await vectors.of([code.label.lower() for code in ordered])
    labels = unit(labels + await vectors.of([essence(code.label) for code in ordered]))
    rows = []
    for number, code in enumerate(ordered):
        said = sorted({piece.quote for piece in code.evidence})[:QUOTES]
        rows.append((await vectors.of(said)).mean(axis=0) if said else labels[number])
    quotes = unit(np.asarray(rows)) if rows else labels
    mixed = unit(LABEL_SHARE * labels + (1 - LABEL_SHARE) * quotes)
    return Codebook(ordered, labels, quotes, mixed)


def essence(label: str) -> str:
    """A label without the verb that only carries it: "feeling watched" and "sentirse vigilada" are about watching."""
    words = label.lower().split()
    denial = [word for word in words[:1] if word in DENIALS]
    rest = words[len(denial) :]
    return " ".join(denial + rest[1:]) if len(rest) > 1 and rest[0] in CARRIERS else label.lower()


def documents(codes: Sequence[CodeInContext]) -> set[str]:
    """The documents that codes rest on."""
    return {piece.document_id for code in codes for piece in code.evidence}


def applications(codes: Sequence[CodeInContext]) -> list[Evidence]:
    """All applications of codes, once each, in order of their ids."""
    found = {piece.application_id: piece for code in codes for piece in code.evidence}
    return [found[key] for key in sorted(found)]


def weight(code: CodeInContext) -> tuple[int, int]:
    """Support: how many documents, how many applications."""
    return len(documents([code])), len({piece.application_id for piece in code.evidence})
