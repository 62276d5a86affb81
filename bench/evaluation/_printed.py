"""Whether a value of the truth is printed on the pages at all: what is not there cannot be read."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.evaluation._compare import bare
from shared.domain.amounts import parse_number
from shared.domain.dates import dates

_NUMBER = re.compile(r"\d+(?:[.,' \xa0]\d+)*")


def text_of(pdf: Path) -> str:
    """All the text layer of a file."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def printed(text: str, value: Any) -> bool:
    """If a number, a date or a text stands in the text, in any of the usual writings."""
    if isinstance(value, Decimal):
        return abs(value) in _numbers(text)
    if isinstance(value, date):
        return value in {found.value for order in (True, False) for found in dates(text, order)}
    return bare(str(value)) in bare(text)


def _numbers(text: str) -> set[Decimal]:
    found: set[Decimal] = set()
    for match in _NUMBER.finditer(text):
        for part in (match.group(), *re.split(r"[ \xa0]", match.group())):
            for mark in ".,":
                number = parse_number(part, mark)
                if number is not None:
                    found.add(number)
    return found
