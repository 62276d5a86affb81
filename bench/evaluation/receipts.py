"""Receipts: words found, and total, date, company and address exact, beside the engines alone in the same run."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from bench.evaluation import _engines
from shared.domain.business import BusinessRecord
from shared.domain.dates import dates
from shared.domain.document import DocumentType, Page
from shared.domain.extraction import extract

TITLE = "Receipts: fields and words, beside the engines alone"
FIELDS = ("total", "date", "company", "address")


def evaluate(data: Path) -> str:
    """A row for each reader: word recall, and how many fields are exact, with the same rules on each reader's lines.

    Exact: the total as a number, the date as a date, company and address without case, blanks and punctuation.
    """
    folder = data / "receipts" / "sroie-dev"
    names = sorted(path.stem for path in (folder / "img").glob("*.jpg"))
    lines = ["| reader | word recall | total | date | company | address |", "|---|---|---|---|---|---|"]
    for reader, read in _readers().items():
        if isinstance(read, str):
            lines.append(f"| {reader} | skipped: {read} | | | | |")
            continue
        pages = [_watched(read, folder / "img" / f"{name}.jpg", reader) for name in names]
        lines.append(f"| {reader} | {_scores(folder, names, pages)} |")
    return f"{len(names)} receipts (scans, English).\n\n" + "\n".join(lines)


def _readers() -> dict[str, Callable[[bytes], Page] | str]:
    """The readers by name; a reason in place of one that is not there."""
    return {
        "the product": lambda image: asyncio.run(_engines.product(image, "image/jpeg"))[0],
        "Tesseract alone": _engines.tesseract_missing() or _engines.tesseract,
        "PP-OCR alone": _engines.pp_ocr,
    }


def _watched(read: Callable[[bytes], Page], path: Path, reader: str) -> Page:
    print(f"  {reader}: {path.name}", flush=True)
    return read(path.read_bytes())


def _scores(folder: Path, names: Sequence[str], pages: Sequence[Page]) -> str:
    exact: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    found = written = 0
    for name, page in zip(names, pages, strict=True):
        truth = {field: text for field, text in _truth(folder, name).items() if text}
        expected.update(truth.keys())
        exact.update(_exact(extract([page], DocumentType.RECEIPT, "en"), truth))
        words = _words(_written(folder / "box" / f"{name}.csv"))
        found += (words & _words(page.text)).total()
        written += words.total()
    return f"{found / written:.3f} | " + " | ".join(
        _share(exact[field], expected[field], len(names)) for field in FIELDS
    )


def _share(exact: int, expected: int, receipts: int) -> str:
    """How many are exact, and of how many where not every receipt has the field."""
    return f"{exact}" if expected == receipts else f"{exact} of {expected}"


def _truth(folder: Path, name: str) -> dict[str, str]:
    truth: dict[str, str] = json.loads((folder / "key" / f"{name}.json").read_text("utf-8"))
    return truth


def _exact(record: BusinessRecord, truth: dict[str, str]) -> set[str]:
    """The fields of the truth that are as it says."""
    same: dict[str, Callable[[str], bool]] = {
        "total": lambda text: record.total == Decimal(re.sub(r"[^\d.]", "", text)),
        "date": lambda text: record.issue_date == _day(text),
        "company": lambda text: _bare(record.seller_name) == _bare(text),
        "address": lambda text: _bare(record.seller_address) == _bare(text),
    }
    return {field for field in FIELDS if field in truth and same[field](truth[field])}


def _day(text: str) -> date:
    """The truth's date, which is written with the day first, or with the year. Raises ValueError if it is none."""
    found = dates(text, True)
    if not found:
        raise ValueError(f"The truth has no date in {text!r}.")
    return found[0].value


def _bare(text: str | None) -> str:
    return re.sub(r"[\W_]", "", (text or "").upper())


def _written(boxes: Path) -> str:
    """The text of the receipt: after eight coordinates, commas and all."""
    rows = [line.split(",", 8) for line in boxes.read_text("utf-8", errors="replace").splitlines()]
    return "\n".join(row[8] for row in rows if len(row) == 9)


def _words(text: str) -> Counter[str]:
    """Words between blanks, in capitals, without punctuation around them."""
    words = (re.sub(r"^[\W_]+|[\W_]+$", "", word) for word in text.upper().split())
    return Counter(word for word in words if word)
