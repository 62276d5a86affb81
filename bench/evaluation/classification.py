"""What documents are taken for: a row for each set whose type is known, a column for each answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.evaluation import _engines
from shared.domain.classification import classify
from shared.domain.cleaning import clean
from shared.domain.document import Classification, DocumentType, Page
from shared.domain.errors import TheoGenError
from shared.domain.sentences import turns

TITLE = "Classification: what documents of known type are taken for"


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
    for chosen in SETS:
        counts: Counter[str] = Counter()
        for path in _files(data, chosen):
            found = _classified(path)
            counts[found.type.value if found else "not readable"] += 1
            if found and chosen.type:
                (right if found.type is chosen.type else wrong).append(found.confidence)
        cells = " | ".join(str(counts[column]) for column in [*columns, "not readable"])
        lines.append(f"| {chosen.name} | {counts.total()} | {cells} |")
    return "\n".join(lines) + f"\n\n{_mean('right', right)} {_mean('wrong', wrong)}"


def _files(data: Path, chosen: _Set) -> Iterator[Path]:
    for path in sorted(data.glob(chosen.pattern)):
        if path.is_file() and not any(word in str(path.relative_to(data)) for word in chosen.skip.split()):
            yield path


def _classified(path: Path) -> Classification | None:
    """As the app does it: read, clean, count turns; None when the file is refused or holds no text."""
    print(f"  {path.name}", flush=True)
    try:
        media_type, pages = asyncio.run(_engines.document_start(path.read_bytes(), path.name))
    except TheoGenError:
        return None
    return classified(pages, media_type)


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
