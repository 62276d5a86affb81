"""When two papers are the same bill: seller, number, date and total agree, whatever the bytes are."""

from __future__ import annotations

import unicodedata

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType

_BILLS = frozenset({DocumentType.INVOICE, DocumentType.RECEIPT})


def duplicate_key(record: BusinessRecord) -> str | None:
    """The same for two readings of one bill, however they were written; None where a part of it is missing.

    The seller is told by the tax id, and by the name only where there is none.
    """
    seller = _plain(record.seller_tax_id) or _plain(record.seller_name)
    number = _plain(record.number)
    if record.kind not in _BILLS or not seller or not number or record.issue_date is None or record.total is None:
        return None
    total = f"{abs(record.total):f}"
    whole = total.rstrip("0").rstrip(".") if "." in total else total
    credit = "credit" if record.credit or record.total < 0 else "bill"
    return "\x1f".join((credit, seller, number, record.issue_date.isoformat(), whole, record.currency or ""))


def _plain(text: str | None) -> str:
    """Letters and digits only, without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text or "").casefold()
    return "".join(c for c in decomposed if c.isalnum())
