"""Made-up receipts of many tills, read without an engine: how far the rules reach beyond the papers of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.evaluation._compare import bare
from bench.tills.receipts import Receipt, receipt
from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.extraction import extract

TITLE = "Made-up receipts of many tills"
FIELDS = ("total", "date", "company", "address")
COUNT = 500
FIRST = 5000  # seeds before were looked at while the rules were improved

_NOTE = (
    "\n\nGenerated (`bench/tills`), seeds 5000 to 5499: shops, restaurants, pharmacies and others with their ways to "
    "print name, address, date, sums and payment. Worn: blanks lost, digits taken for letters, cells moved off their "
    "row. The rules were improved while looking at others of the same generator, so this says less than scans do; a "
    "field counts where it is exact without case, blanks and punctuation."
)


def evaluate(_data: Path) -> str:
    """Exact fields of clean and worn receipts, English and Spanish."""
    lines = ["| receipts | count | total | date | company | address |", "|---|---|---|---|---|---|"]
    for language, worn in (("en", False), ("en", True), ("es", False), ("es", True)):
        exact = Counter(field for made in _made(language, worn) for field in right(made))
        name = f"{'English' if language == 'en' else 'Spanish'}, {'worn' if worn else 'clean'}"
        lines.append(f"| {name} | {COUNT} | " + " | ".join(f"{exact[field] / COUNT:.1%}" for field in FIELDS) + " |")
    return "\n".join(lines) + _NOTE


def _made(language: str, worn: bool) -> Iterable[Receipt]:
    return (receipt(seed, language, worn) for seed in range(FIRST, FIRST + COUNT))


def right(made: Receipt) -> set[str]:
    """The fields that are as they were made."""
    record = read(made)
    pairs = {
        "total": (record.total, made.total),
        "date": (record.issue_date, made.day),
        "company": (bare(record.seller_name or ""), bare(made.company)),
        "address": (bare(record.seller_address or ""), bare(made.address)),
    }
    return {name for name, (value, true) in pairs.items() if value == true}


def read(made: Receipt) -> BusinessRecord:
    """The record as the rules read it."""
    return extract([made.page], DocumentType.RECEIPT, made.language)
