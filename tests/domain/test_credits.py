"""Credit notes: amounts below nothing on paper are positive in the record."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.business import BusinessRecord, LineItem, Tax
from shared.domain.credits import as_credit
from shared.domain.document import DocumentType
from shared.domain.extraction import extract

AVOIR = """Moulin SARL
Avoir AV-2017-0005
Date de facture 16/11/2017
Description  Quantité  Prix  Montant
Huile d'olive  10  19,80 €  -198,00 €
Total HT  -198,00 €
TVA 5,5 %  -198,00 €  -10,89 €
Total TTC  -208,89 €
"""


def test_a_paper_over_less_than_nothing_is_a_credit_note_with_positive_amounts() -> None:
    record = extract(AVOIR, DocumentType.INVOICE, "fr")
    assert (record.credit, record.number) == (True, "AV-2017-0005")
    assert (record.net, record.tax, record.total) == (Decimal("198.00"), Decimal("10.89"), Decimal("208.89"))


def test_a_bill_stays_as_it_is() -> None:
    record = extract(AVOIR.replace("-", ""), DocumentType.INVOICE, "fr")
    assert (record.credit, record.total) == (False, Decimal("208.89"))
    assert as_credit(BusinessRecord(kind=DocumentType.INVOICE)).credit is False


@pytest.mark.parametrize(
    ("quantity", "price", "turned"),
    [
        ("-10", "19.80", ("10", "19.80")),
        ("10", "-19.80", ("10", "19.80")),
        ("10", "19.80", ("10", "19.80")),  # only the amount was printed below nothing
        ("-10", None, ("10", None)),
        (None, "19.80", (None, "19.80")),
    ],
)
def test_a_line_s_product_stays_what_its_amount_says(
    quantity: str | None, price: str | None, turned: tuple[str | None, str | None]
) -> None:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    line = LineItem(description="oil", quantity=number(quantity), unit_price=number(price), amount=Decimal("-198.00"))
    tax = Tax(base=Decimal("-198.00"), amount=Decimal("-10.89"))
    record = as_credit(BusinessRecord(kind=DocumentType.INVOICE, total=Decimal("-208.89"), lines=(line,), taxes=(tax,)))
    [found], [taxed] = record.lines, record.taxes
    assert (found.quantity, found.unit_price) == tuple(map(number, turned))
    assert (found.amount, taxed.base, taxed.amount) == (Decimal("198.00"), Decimal("198.00"), Decimal("10.89"))


def test_what_a_credit_note_takes_back_of_the_other_sign_keeps_its_product() -> None:
    line = LineItem(description="fee", quantity=Decimal(1), unit_price=Decimal(5), amount=Decimal(5))
    record = as_credit(BusinessRecord(kind=DocumentType.INVOICE, total=Decimal(-10), lines=(line,)))
    assert (record.lines[0].quantity, record.lines[0].amount) == (Decimal(-1), Decimal(-5))
