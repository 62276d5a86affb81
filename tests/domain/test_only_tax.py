"""A bill with one tax, whose row has a rate and an amount and no base."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.document import DocumentType
from shared.domain.extraction import extract

BILL = """Talleres Prado SL
Factura 2024-118
Fecha 12/03/2024
Base imponible  100,00 €
IVA {rate} %  {tax} €
Total factura  {total} €
"""


def test_the_net_proves_the_base_that_the_row_does_not_print() -> None:
    [tax] = extract(BILL.format(rate="21", tax="21,00", total="121,00"), DocumentType.INVOICE, "es").taxes
    assert (tax.kind, tax.rate, tax.base, tax.amount) == ("IVA", Decimal(21), Decimal("100.00"), Decimal("21.00"))


@pytest.mark.parametrize("rate", ["10", "2"])
def test_a_rate_that_does_not_give_the_amount_proves_nothing(rate: str) -> None:
    assert extract(BILL.format(rate=rate, tax="21,00", total="121,00"), DocumentType.INVOICE, "es").taxes == ()
