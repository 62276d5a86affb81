"""One bill in two readings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.duplicates import duplicate_key

FIRST: dict[str, Any] = {
    "kind": DocumentType.INVOICE, "number": "F-2026/014", "issue_date": date(2026, 3, 1),
    "seller_name": "Suministros, S.L.", "seller_tax_id": "B-12345674", "currency": "EUR", "total": Decimal("121.00"),
}  # fmt: skip


def key(**changes: Any) -> str | None:
    return duplicate_key(BusinessRecord(**FIRST | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "f 2026 014"},
        {"seller_tax_id": "b12345674", "seller_name": "Suministros"},
        {"total": Decimal("121")},
        {"kind": DocumentType.RECEIPT},
        {"currency": None},
        {"buyer_name": "Ana", "net": Decimal(1)},
    ],
)
def test_the_same_bill_read_otherwise_has_the_same_key(changes: dict[str, Any]) -> None:
    assert key(**changes) == key() is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "F-2026/015"},
        {"issue_date": date(2026, 3, 2)},
        {"total": Decimal("1210.0")},
        {"seller_tax_id": "B12345675"},
        {"credit": True},
    ],
)
def test_another_bill_has_another_key(changes: dict[str, Any]) -> None:
    assert key(**changes) not in {key(), None}


@pytest.mark.parametrize("missing", ["number", "issue_date", "total"])
def test_without_a_part_there_is_no_key(missing: str) -> None:
    assert key(**{missing: None}) is None
    assert key(seller_tax_id=None, seller_name=None) is None
    assert key(kind=DocumentType.BANK_STATEMENT) is None


def test_a_seller_without_a_tax_id_is_known_by_name() -> None:
    by_name = {"seller_tax_id": None, "seller_name": "SUMINISTROS S. L."}
    assert key(**by_name) == key(seller_tax_id=None) is not None
