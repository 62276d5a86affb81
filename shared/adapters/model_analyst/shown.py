"""What a model gets to see of a codebook: a bounded part of it, in a fixed order, under short ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from shared.adapters.model_analyst.blocks import rows
from shared.domain.analysis import AxialCoding, CodeInContext, Evidence, ProposedCategory

MOST_CODES = 200
MOST_QUOTES = 240
QUOTES_A_CODE = 2
LONGEST_QUOTE = 400


def ordered(codes: Iterable[CodeInContext]) -> list[CodeInContext]:
    """By label, then id: whatever order they come in, the question and its key in the ledger stay the same."""
    return sorted(codes, key=lambda code: (code.label.casefold(), code.label, code.code_id))


def most_used(codes: Sequence[CodeInContext], limit: int) -> list[CodeInContext]:
    """The `limit` codes with the most applications, in the usual order."""
    by_use = sorted(ordered(codes), key=lambda code: -len(code.evidence))
    return ordered(by_use[:limit])


def numbered(letter: str, codes: Sequence[CodeInContext]) -> dict[str, CodeInContext]:
    """Short ids: C1, C2, …"""
    return {f"{letter}{number}": code for number, code in enumerate(codes, 1)}


def quotes_of(code: CodeInContext, limit: int) -> list[Evidence]:
    """Up to `limit` quotes, one from each document before a second from any: voices count, not volume."""
    by_document: dict[str, list[Evidence]] = {}
    for piece in sorted(code.evidence, key=lambda piece: (piece.document_id, piece.passage_id, piece.application_id)):
        by_document.setdefault(piece.document_id, []).append(piece)
    in_turn = chain.from_iterable(zip_longest(*by_document.values()))
    return [piece for piece in in_turn if piece is not None][:limit]


def code_rows(codes: Mapping[str, CodeInContext]) -> str:
    """Codes with definition, a few quotes, and in how many places and documents they were used."""
    return rows(
        {
            "id": short,
            "label": code.label,
            "definition": code.definition,
            "uses": len(code.evidence),
            "documents": len({piece.document_id for piece in code.evidence}),
            "quotes": [clipped(piece.quote) for piece in quotes_of(code, QUOTES_A_CODE)],
        }
        for short, code in codes.items()
    )


def clipped(quote: str) -> str:
    """A quote as shown: the model answers with ids, so a long one need not be shown to its end."""
    return quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Shown:
    """Categories K1 … and quotes E1 … as shown, and how many quotes there were in all."""

    categories: dict[str, ProposedCategory]
    evidence: dict[str, Evidence]
    all_quotes: int
    _category_rows: list[dict[str, object]]
    _evidence_rows: list[dict[str, object]]

    def category_rows(self) -> str:
        """The categories with their codes and how widely they are used."""
        return rows(self._category_rows)

    def evidence_rows(self) -> str:
        """The quotes with category, code and document; documents have short ids, names may be private."""
        return rows(self._evidence_rows)

    def category_id(self, label: str) -> str:
        """The short id of a category by its label; the label where there is none."""
        return next((short for short, category in self.categories.items() if category.label == label), label)

    def relation_rows(self, axial: AxialCoding) -> str:
        """The relations with short ids of their categories."""
        return rows(
            {
                "source": self.category_id(relation.source),
                "kind": relation.kind.value,
                "target": self.category_id(relation.target),
                "statement": relation.statement,
                "quotes": len(relation.application_ids),
            }
            for relation in sorted(axial.relations, key=lambda one: (one.source, one.target, one.kind, one.statement))
        )

    def applications(self, shorts: Iterable[str]) -> tuple[str, ...]:
        """The applications behind short ids, each once; ids that were not given are dropped."""
        known = (self.evidence[short.strip()] for short in shorts if short.strip() in self.evidence)
        return tuple(dict.fromkeys(piece.application_id for piece in known))


def show(categories: Sequence[ProposedCategory], codes: Sequence[CodeInContext]) -> Shown:
    """Categories in order of their labels, and quotes of their codes up to a bound."""
    known = {code.code_id: code for code in codes}
    shorts = {f"K{number}": one for number, one in enumerate(sorted(categories, key=lambda one: one.label), 1)}
    members = {short: ordered(known[i] for i in one.code_ids if i in known) for short, one in shorts.items()}
    everyone = list(chain.from_iterable(members.values()))
    chosen = _share(everyone)
    documents = _short_documents(everyone)
    evidence: dict[str, Evidence] = {}
    evidence_rows: list[dict[str, object]] = []
    for short, inside in members.items():
        for code in inside:
            for piece in chosen[code.code_id]:
                name = f"E{len(evidence) + 1}"
                evidence[name] = piece
                evidence_rows.append(
                    {
                        "id": name,
                        "category": short,
                        "code": code.label,
                        "document": documents[piece.document_id],
                        "quote": clipped(piece.quote),
                    }
                )
    category_rows = [_category_row(short, shorts[short], members[short]) for short in shorts]
    return Shown(shorts, evidence, sum(len(code.evidence) for code in everyone), category_rows, evidence_rows)


def _share(codes: Sequence[CodeInContext]) -> dict[str, list[Evidence]]:
    """Which quotes of each code are shown: first one of each (the most used codes first), then a second, …"""
    by_use = sorted(codes, key=lambda code: -len(code.evidence))
    quotes = {code.code_id: quotes_of(code, len(code.evidence)) for code in by_use}
    counts: Counter[str] = Counter()
    room = MOST_QUOTES
    for turn in range(max((len(some) for some in quotes.values()), default=0)):
        for code in by_use:
            if room and turn < len(quotes[code.code_id]):
                counts[code.code_id] += 1
                room -= 1
    return {code_id: some[: counts[code_id]] for code_id, some in quotes.items()}


def _short_documents(codes: Sequence[CodeInContext]) -> dict[str, str]:
    ids = sorted({piece.document_id for code in codes for piece in code.evidence})
    return {document_id: f"D{number}" for number, document_id in enumerate(ids, 1)}


def _category_row(short: str, category: ProposedCategory, codes: Sequence[CodeInContext]) -> dict[str, object]:
    return {
        "id": short,
        "label": category.label,
        "definition": category.definition,
        "codes": [code.label for code in codes],
        "uses": sum(len(code.evidence) for code in codes),
        "documents": len({piece.document_id for code in codes for piece in code.evidence}),
    }
