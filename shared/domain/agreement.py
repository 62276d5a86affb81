"""A record from data held against the text of the pages that people see: data and paper can be made to differ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.domain.amounts import amounts, decimal_mark
from shared.domain.business import BusinessRecord
from shared.domain.dates import dates
from shared.domain.en16931 import applies
from shared.domain.identifiers import iban_is_valid

_LEAST = 200  # characters of text: less is no page that could say anything


def not_on_pages(record: BusinessRecord, text: str, language: str) -> set[str]:
    """Those of number, date of issue and total that the pages say nowhere; none where the pages have no text."""
    if len(text.strip()) < _LEAST:
        return set()
    missing = set()
    if record.number and _squeezed(record.number) not in _squeezed(text):
        missing.add("number")
    if record.issue_date and not any(
        found.value == record.issue_date for order in (True, False) for found in dates(text, order)
    ):
        missing.add("issue_date")
    if record.total is not None and not _says_amount(record, text, language):
        missing.add("total")
    return missing


def doubtful_digits(record: BusinessRecord) -> Iterator[tuple[str, str]]:
    """Field and value of what the norm of e-invoices does not check and a payer should: an IBAN's check digits."""
    if applies(record) and record.iban and not iban_is_valid(record.iban):
        yield "iban", record.iban


def _squeezed(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _says_amount(record: BusinessRecord, text: str, language: str) -> bool:
    """With either mark and with or without blanks between thousands; a credit note may print its minus or not."""
    wanted = abs(record.total) if record.total is not None else None
    marks = (decimal_mark(text, language), ".", ",")
    return any(
        abs(found.value) == wanted for mark in marks for blanks in (False, True)
        for found in amounts(text, mark, blanks_group=blanks)
    )  # fmt: skip
