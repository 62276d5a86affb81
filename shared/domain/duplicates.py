"""When two papers are one: the same seller, number, day and total."""

from __future__ import annotations

import unicodedata

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.findings import plain
from shared.domain.identifiers import compact
from shared.domain.jurisdiction import bare, jurisdiction

_BILLS = frozenset({DocumentType.INVOICE, DocumentType.RECEIPT})


def duplicate_key(record: BusinessRecord) -> str | None:
    """A text that copies of one paper share, however they were read; None when the record says too little to tell.

    Made of the seller's tax number (without blanks and country prefix; else the name, without accents and
    punctuation), the number, the date of issue, the total, and whether it is a credit note. The
    currency is no part of it: it is misread or missing more often than one seller uses one number twice.
    """
    seller, number = _seller(record), _letters(record.number or "")
    if record.kind not in _BILLS or not seller or not number or record.issue_date is None or record.total is None:
        return None
    total, sign = plain(abs(record.total).normalize()), "credit" if record.credit or record.total < 0 else "bill"
    return "|".join([sign, seller, number, record.issue_date.isoformat(), total])


def _seller(record: BusinessRecord) -> str:
    if record.seller_tax_id and (number := compact(record.seller_tax_id)):
        return bare(number, jurisdiction(record).country)
    return _letters(record.seller_name or "")


def _letters(text: str) -> str:
    """Letters and digits alone, in capitals, without accents: what OCR and people agree on."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parted if char.isalnum()).upper()
