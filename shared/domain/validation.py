"""Rules that a record must keep, with what would satisfy each: arithmetic, dates, codes, check digits, by country."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

from shared.domain import en16931
from shared.domain.amounts import CURRENCIES
from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.findings import Finding
from shared.domain.identifiers import iban_is_valid, looks_spanish, spanish_tax_id_is_valid

_CENT = Decimal("0.02")
_LONGEST_TERM = timedelta(days=366)
_REQUIRED = {
    DocumentType.INVOICE: ("number", "issue_date", "total"),
    DocumentType.RECEIPT: ("issue_date", "total"),
    DocumentType.BANK_STATEMENT: ("opening_balance", "closing_balance"),
}
_NAMES = {
    "number": "number",
    "issue_date": "date of issue",
    "total": "total",
    "opening_balance": "opening balance",
    "closing_balance": "closing balance",
}


__all__ = ["RULES", "Finding", "Rule", "validate"]

Rule = Callable[[BusinessRecord], Iterator[Finding]]


def validate(record: BusinessRecord) -> list[Finding]:
    """All findings, in the order of the rules; none means that the record can be published.

    A European e-invoice is measured by its norm, which has rules of its own for what the others look at.
    """
    if en16931.applies(record):
        return faults(record) + en16931.findings(record)
    return faults(record) + [finding for rule in RULES for finding in rule(record)]


def faults(record: BusinessRecord) -> list[Finding]:
    """What was wrong in the data that the record was taken from, but for what a person has entered since."""
    if record.origin is None:
        return []
    entered = {field for field, source in record.sources.items() if source.reader == "person"}
    return [
        Finding(fault.field, fault.value, fault.rule, fault.message, fault.message_es)
        for fault in record.origin.faults if fault.field not in entered
    ]  # fmt: skip


def _required(record: BusinessRecord) -> Iterator[Finding]:
    for field in _REQUIRED.get(record.kind, ()):
        if getattr(record, field) in (None, ""):
            kind = record.kind.value.replace("_", " ")
            yield Finding(field, "", "required", f"The {kind} needs a {_NAMES[field]}: enter it as it is on the paper.")


def _arithmetic(record: BusinessRecord) -> Iterator[Finding]:
    if record.net is None or record.tax is None or record.total is None:
        return
    # Each line may be rounded on its own.
    tolerance = _CENT * max(1, len(record.lines))
    total = record.net + record.tax - (record.withheld or 0) + (record.rounding or 0)
    if abs(total - record.total) > tolerance:
        message = f"Net {record.net} and tax {record.tax} make {total}: correct the one that was misread."
        yield Finding("total", str(record.total), "net_plus_tax", message)


def _balances(record: BusinessRecord) -> Iterator[Finding]:
    opening, closing = record.opening_balance, record.closing_balance
    if opening is None or closing is None or not record.transactions:
        return
    expected = opening + sum((movement.amount for movement in record.transactions), Decimal(0))
    if abs(expected - closing) > _CENT:
        message = f"The opening balance and the movements make {expected}: add the missing movement or correct one."
        yield Finding("closing_balance", str(closing), "balances_meet", message)


def _dates(record: BusinessRecord) -> Iterator[Finding]:
    if record.issue_date is None or record.due_date is None:
        return
    due = record.due_date.isoformat()
    if record.due_date < record.issue_date:
        message = f"It is due before it was issued on {record.issue_date.isoformat()}: correct one of the dates."
        yield Finding("due_date", due, "due_after_issue", message)
    elif record.due_date - record.issue_date > _LONGEST_TERM:
        message = f"It is due more than a year after its issue on {record.issue_date.isoformat()}: check both dates."
        yield Finding("due_date", due, "due_within_a_year", message)


def _currency(record: BusinessRecord) -> Iterator[Finding]:
    if record.currency is not None and record.currency not in CURRENCIES:
        message = "This is no currency of ISO 4217: use three capital letters such as EUR."
        yield Finding("currency", record.currency, "iso_4217", message)


def _iban(record: BusinessRecord) -> Iterator[Finding]:
    if record.iban is not None and not iban_is_valid(record.iban):
        message = "The check digits or the length of this IBAN are wrong: compare it with the paper."
        yield Finding("iban", record.iban, "iban_check_digits", message)


def _spanish_tax_ids(record: BusinessRecord) -> Iterator[Finding]:
    for field in ("seller_tax_id", "buyer_tax_id"):
        value = getattr(record, field)
        if value and looks_spanish(value) and not spanish_tax_id_is_valid(value):
            message = "The control character of this NIF, NIE or CIF is wrong: compare it with the paper."
            yield Finding(field, value, "es_tax_id", message)


# A country's rule says nothing about what does not look like that country's: so all of them can simply be run.
COUNTRY_RULES: tuple[Rule, ...] = (_spanish_tax_ids,)
RULES: tuple[Rule, ...] = (_required, _arithmetic, _balances, _dates, _currency, _iban, *COUNTRY_RULES)
