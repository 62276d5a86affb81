"""Business papers as records: what was read, from where, and how sure that is. Nothing here is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from shared.domain.document import DocumentType

Day = date  # in a class with a field `date` the name means the field
Words = Annotated[str, AfterValidator(lambda text: " ".join(text.split()))]  # with plain single spaces, however typeset


class Source(BaseModel):
    """Where a field was read, by whom, and how sure that reading is (0-1).

    From text: characters `[start, end)` of the canonical text, with page (from 1) and box (fractions, as in `Line`)
    where they are known. From structured data: `path`, such as an XML path or a field of SWIFT.
    """

    model_config = ConfigDict(frozen=True)

    start: int | None = None
    end: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    path: str | None = None
    reader: Literal["rules", "model", "structured", "person"] = "rules"
    confidence: float


class LineItem(BaseModel):
    """A line of an invoice. `amount` is net of discounts, and of tax unless the record's prices include it."""

    model_config = ConfigDict(frozen=True)

    description: Words
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    discount: Decimal | None = None
    amount: Decimal | None = None
    tax_rate: Decimal | None = None


class Tax(BaseModel):
    """One row of the tax summary. `rate` is in percent; `withheld` marks what the buyer keeps back (IRPF, ISR …).

    `kind` is the tax's usual name in capitals (`VAT`, `IVA`, `IGV`, `IRPF`); `category` a code within it, such as the
    letters of UNCL 5305 (S, Z, E, AE, K, G, O) in European invoices.
    """

    model_config = ConfigDict(frozen=True)

    kind: str = "VAT"
    category: str | None = None
    rate: Decimal | None = None
    base: Decimal | None = None
    amount: Decimal | None = None
    withheld: bool = False


class Adjustment(BaseModel):
    """A discount on the whole document, or a charge on it (freight, packing)."""

    model_config = ConfigDict(frozen=True)

    amount: Decimal
    charge: bool = False
    reason: str = ""


class Transaction(BaseModel):
    """A movement of an account; money that leaves is negative. `date` is when it was booked.

    `balance` is the account's after it, where the statement shows one in the row.
    """

    model_config = ConfigDict(frozen=True)

    date: date
    amount: Decimal
    description: Words = ""
    value_date: Day | None = None
    currency: str | None = None
    reference: str | None = None
    counterparty: Words | None = None
    code: str | None = None
    balance: Decimal | None = None


class Fault(BaseModel):
    """What is wrong in data as they are written: the field, its value ("" when missing), the rule, what would do."""

    model_config = ConfigDict(frozen=True)

    field: str
    value: str
    rule: str
    message: str
    message_es: str = ""


class Origin(BaseModel):
    """The data that a record was taken from, where the document carries its data as data.

    `syntax` is one of `cii zugferd1 ubl cfdi fatturapa facturae mt940 camt csv`; `profile` the guideline that the data
    say they follow, `type_code` the kind of paper in the syntax's own code, `attachment` the name of the file inside a
    PDF. `facts` are values as written that rules need and the record has no field for. `faults` were met while reading.
    """

    model_config = ConfigDict(frozen=True)

    syntax: str
    version: str = ""
    profile: str = ""
    type_code: str = ""
    attachment: str = ""
    facts: dict[str, str] = {}
    faults: tuple[Fault, ...] = ()


class BusinessRecord(BaseModel):
    """The canonical record of an invoice, a receipt or a bank statement. None: the paper does not say, or not clearly.

    `sources` has an entry for every field that was read, by the field's name; parts of lists by `lines.0.amount`.
    `country` (ISO 3166, two letters) is the one whose rules apply: the seller's, or the bank's. Amounts of a credit
    note are positive and `credit` is true. `net + tax - withheld + rounding = total`; `total - prepaid = due`.
    """

    kind: DocumentType
    number: Words | None = None
    issue_date: date | None = None
    due_date: date | None = None
    country: str | None = None
    credit: bool = False
    seller_name: Words | None = None
    seller_tax_id: str | None = None
    seller_address: Words | None = None
    seller_country: str | None = None
    buyer_name: Words | None = None
    buyer_tax_id: str | None = None
    buyer_address: Words | None = None
    buyer_country: str | None = None
    currency: str | None = None
    prices_include_tax: bool = False
    lines: tuple[LineItem, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    taxes: tuple[Tax, ...] = ()
    line_total: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    withheld: Decimal | None = None
    rounding: Decimal | None = None
    total: Decimal | None = None
    prepaid: Decimal | None = None
    due: Decimal | None = None
    iban: str | None = None
    account: str | None = None
    opening_date: date | None = None
    opening_balance: Decimal | None = None
    closing_date: date | None = None
    closing_balance: Decimal | None = None
    transactions: tuple[Transaction, ...] = ()
    sources: dict[str, Source] = {}
    origin: Origin | None = None

    @property
    def confidence(self) -> float:
        """How sure the least sure of the read fields is; 0 when nothing was read."""
        return min((source.confidence for source in self.sources.values()), default=0.0)
