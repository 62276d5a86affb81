"""What documents are taken for: a row for each set whose type is known, a column for each answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.evaluation import _engines
from shared.adapters.sentence_encoder import SentenceEncoder
from shared.domain.classification import classify
from shared.domain.cleaning import clean
from shared.domain.document import Classification, DocumentType, Page
from shared.domain.errors import TheoGenError
from shared.domain.sentences import turns
from shared.domain.type_descriptions import settled_by_likeness
from shared.steps.second_reading import UNSURE, nearest_type

TITLE = "Classification: what documents of known type are taken for"


_TOLD = (
    "Rules were unsure about {unsure} of the files of known type; the nearest description settled {settled} of these, "
    "{settled_right} of them rightly. Asked about every file it would have named a type for {near}, rightly for "
    "{near_right}. No real model was asked: what a model adds where rules stay unsure is not measured."
)


@dataclass(frozen=True, slots=True)
class _Set:
    """Files of one type; `type` None: of various types, shown and not judged."""

    name: str
    pattern: str
    type: DocumentType | None
    skip: str = "\0"


SETS = (
    _Set("e-invoices (zugferd)", "invoices/zugferd/**/*.pdf", DocumentType.INVOICE),
    _Set("invoices (azure)", "invoices/azure/invoices/*.pdf", DocumentType.INVOICE),
    _Set("bills (invoice2data)", "invoices/invoice2data/*.pdf", DocumentType.INVOICE),
    _Set("insurance policy (azure)", "invoices/azure/vehicle_insurance/*.pdf", DocumentType.OTHER),
    _Set("receipts (sroie)", "receipts/sroie-dev/img/*.jpg", DocumentType.RECEIPT),
    _Set("statements (mt940)", "statements/mt940/**/*.sta", DocumentType.BANK_STATEMENT),
    _Set("interviews (changelog)", "interviews/changelog/*.md", DocumentType.INTERVIEW, skip="README"),
    _Set("hard files (nasty)", "nasty/**/*", None, skip="FILES.md LICENSE NOTICE README full_page.md"),
)


def evaluate(data: Path) -> str:
    """The confusion table, with the mean confidence of right and of wrong answers."""
    columns = [type.value for type in DocumentType]
    lines = [f"| set | files | {' | '.join(columns)} | not readable |", "|---" * (len(columns) + 3) + "|"]
    right: list[float] = []
    wrong: list[float] = []
    told: Counter[str] = Counter()
    for chosen in SETS:
        counts: Counter[str] = Counter()
        for path in _files(data, chosen):
            rules, nearest = _classified(path)
            found = rules and _settled(rules, nearest)
            counts[found.type.value if found else "not readable"] += 1
            if found and chosen.type:
                (right if found.type is chosen.type else wrong).append(found.confidence)
                told.update(_tie_breaks(rules, found, nearest, chosen.type))
        cells = " | ".join(str(counts[column]) for column in [*columns, "not readable"])
        lines.append(f"| {chosen.name} | {counts.total()} | {cells} |")
    return "\n".join(lines) + f"\n\n{_mean('right', right)} {_mean('wrong', wrong)}\n\n{_TOLD.format_map(told)}"


def _files(data: Path, chosen: _Set) -> Iterator[Path]:
    for path in sorted(data.glob(chosen.pattern)):
        if path.is_file() and not any(word in str(path.relative_to(data)) for word in chosen.skip.split()):
            yield path


def _classified(path: Path) -> tuple[Classification | None, DocumentType | None]:
    """By rules, and the type whose description is nearest by far; None when the file is refused or holds no text."""
    print(f"  {path.name}", flush=True)
    try:
        media_type, pages = asyncio.run(_engines.document_start(path.read_bytes(), path.name))
    except TheoGenError:
        return None, None
    found = classified(pages, media_type)
    if found is None:
        return None, None
    return found, asyncio.run(nearest_type(clean([page.text for page in pages]).text, SentenceEncoder()))


def _settled(rules: Classification, nearest: DocumentType | None) -> Classification:
    """As the app without a model has it: descriptions are looked at where rules are unsure."""
    return (settled_by_likeness(rules, nearest) if rules.confidence < UNSURE else None) or rules


def _tie_breaks(
    rules: Classification | None, found: Classification, nearest: DocumentType | None, type: DocumentType
) -> Iterator[str]:
    """What to count of a file of known type."""
    if rules and rules.confidence < UNSURE:
        yield "unsure"
        if found is not rules:
            yield "settled"
            yield "settled_right" if found.type is type else "settled_wrong"
    if nearest is not None:
        yield "near"
        yield "near_right" if nearest is type else "near_wrong"


def classified(pages: list[Page], media_type: str) -> Classification | None:
    """The type of pages that were read."""
    if not any(page.text.strip() for page in pages):
        return None
    cleaned = clean([page.text for page in pages]).text
    return classify(cleaned, media_type, len(pages), len(turns(cleaned)))


def _mean(name: str, confidences: list[float]) -> str:
    if not confidences:
        return f"None {name}."
    return f"{len(confidences)} {name}, mean confidence {sum(confidences) / len(confidences):.2f}."
