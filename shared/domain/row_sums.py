"""Whether the rows of a record add up: lines to the net or the total, movements from one balance to the other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from shared.domain.business import BusinessRecord, LineItem, Transaction
from shared.domain.document import DocumentType

CENT = Decimal("0.01")
_HALF_CENT = Decimal("0.005")  # a printed price is off by so much for each of what is bought
_ZERO = Decimal(0)


def rows_fit(record: BusinessRecord) -> bool | None:
    """Whether the record's rows make its sums; None where too little is known to tell."""
    if record.kind is DocumentType.BANK_STATEMENT:
        return _movements_fit(record)
    amounts = [line.amount for line in record.lines if line.amount is not None]
    wholes = _wholes(record)
    if not amounts or len(amounts) < len(record.lines) or not wholes:
        return None
    whole = sum(amounts, _ZERO)
    return all(map(proves_itself, record.lines)) and any(abs(whole - one) <= CENT for one in wholes)


def proves_itself(line: LineItem) -> bool:
    """Whether quantity times price less discount is the amount, or the line does not say all of these."""
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return True
    off = line.quantity * line.unit_price - (line.discount or _ZERO) - line.amount
    return abs(off) <= max(CENT, _HALF_CENT * abs(line.quantity))


def movements_meet(opening: Decimal, movements: Sequence[Transaction], closing: Decimal) -> bool:
    """Whether the movements lead from the one balance to the other."""
    return abs(opening + sum((one.amount for one in movements), _ZERO) - closing) <= CENT


def _wholes(record: BusinessRecord) -> list[Decimal]:
    """What lines may add up to: the sum that the paper names, else the net or what is paid, with tax."""
    if record.line_total is not None:
        return [record.line_total]
    gross = record.net + record.tax if record.net is not None and record.tax is not None else None
    return [whole for whole in (record.net, gross, record.total) if whole is not None]


def _movements_fit(record: BusinessRecord) -> bool | None:
    opening, closing = record.opening_balance, record.closing_balance
    if not record.transactions:
        return None
    if opening is not None and closing is not None:
        return movements_meet(opening, record.transactions, closing)
    return _chained(record.transactions) or _chained(record.transactions[::-1])


def _chained(movements: Sequence[Transaction]) -> bool | None:
    """Whether each balance is the one before and the movement; None where not every row shows one."""
    if len(movements) < 2 or any(one.balance is None for one in movements):
        return None
    return all(
        before.balance is not None and after.balance is not None
        and abs(before.balance + after.amount - after.balance) <= CENT
        for before, after in pairwise(movements)
    )  # fmt: skip
