"""Credit notes whose amounts are below nothing, as the record has them: positive, and said to be a credit."""

from __future__ import annotations

from shared.domain.business import BusinessRecord, LineItem, Tax

MONEY = ("line_total", "net", "tax", "withheld", "rounding", "total", "prepaid", "due")


def as_credit(record: BusinessRecord) -> BusinessRecord:
    """A bill whose total is below nothing is a credit note (EN 16931: kind 381); other bills stay as they are."""
    if record.total is None or record.total >= 0:
        return record
    money = {name: -value for name in MONEY if (value := getattr(record, name)) is not None}
    lines, taxes = tuple(map(turned, record.lines)), tuple(map(_tax, record.taxes))
    return record.model_copy(update={"credit": True, "lines": lines, "taxes": taxes, **money})


def turned(line: LineItem) -> LineItem:
    """The line with the other sign.

    With the amount turns what gave it its sign: the price if that is negative, else the quantity.
    Some papers print both as they would on a bill and only the amount below nothing: those stay.
    """
    if line.amount is None:
        return line
    update = {"amount": -line.amount}
    quantity, price = line.quantity, line.unit_price
    if quantity is not None and (quantity * (1 if price is None else price) < 0) == (line.amount < 0):
        update |= {"unit_price": -price} if price is not None and price < 0 else {"quantity": -quantity}
    return line.model_copy(update=update)


def _tax(tax: Tax) -> Tax:
    found = {name: -value for name in ("base", "amount") if (value := getattr(tax, name)) is not None}
    return tax.model_copy(update=found)
