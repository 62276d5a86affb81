"""Business papers as records: what was read, from where, and how sure that is. Nothing here is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from shared.domain.document import DocumentType


class Source(BaseModel):
    """Where a field was read: characters `[start, end)` of the text, and how sure that reading is (0-1)."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    confidence: float


class LineItem(BaseModel):
    """A line of an invoice. Only lines whose quantity times price is their amount are taken."""

    model_config = ConfigDict(frozen=True)

    description: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal


class Transaction(BaseModel):
    """A movement of an account; money that leaves is negative."""

    model_config = ConfigDict(frozen=True)

    date: date
    amount: Decimal
    description: str = ""


class BusinessRecord(BaseModel):
    """The canonical record of an invoice, a receipt or a bank statement. None: the paper does not say, or not clearly.

    `sources` has an entry for every field that was read from the text, by the field's name. A corrected field has none.
    """

    kind: DocumentType
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    seller_name: str | None = None
    seller_tax_id: str | None = None
    buyer_name: str | None = None
    buyer_tax_id: str | None = None
    currency: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None
    iban: str | None = None
    lines: tuple[LineItem, ...] = ()
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    transactions: tuple[Transaction, ...] = ()
    sources: dict[str, Source] = {}

    @property
    def confidence(self) -> float:
        """How sure the least sure of the read fields is; 0 when nothing was read."""
        return min((source.confidence for source in self.sources.values()), default=0.0)
