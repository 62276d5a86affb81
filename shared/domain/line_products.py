"""The arithmetic of an invoice's line: which of its numbers are quantity, price and amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.amounts import Amount, parse_number

_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,4})?)\s?%")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Product:
    """Numbers of a row with quantity * price, less discount, = amount."""

    quantity: Amount
    price: Amount
    amount: Amount
    discount: Decimal | None


def product_of(numbers: Sequence[Amount], rates: Sequence[Decimal], bare_rates: bool = False) -> Product | None:
    """The rightmost amount that is the product of two numbers before it; the nearer ones first.

    `bare_rates`: a column of discounts lets any other number of the row be a percentage of discount.
    """
    for at in range(len(numbers) - 1, 1, -1):
        amount = numbers[at]
        if not (amount.exact or amount.currency) or amount.value == 0:
            continue
        others = [number for number in numbers[:at] if number.value]
        for right in range(len(others) - 1, 0, -1):
            for left in range(right - 1, -1, -1):
                bare = [n.value for n in others[left + 1 :] if n is not others[right]] if bare_rates else []
                if found := _multiplied(others[left], others[right], amount, [*rates, *bare]):
                    return found
    return None


def nothing_of(numbers: Sequence[Amount], counted: Sequence[Amount]) -> Product | None:
    """An article for nothing: price and amount are nothing, and one number is `counted`, followed by a unit."""
    nothing = [number for number in numbers if number.value == 0 and _like_price(number)[1]]
    if len(nothing) < 2 or not nothing[-1].exact or nothing[-1] is not numbers[-1] or len(counted) != 1:
        return None
    return Product(counted[0], nothing[0], nothing[-1], None)


def _multiplied(left: Amount, right: Amount, amount: Amount, rates: Sequence[Decimal]) -> Product | None:
    # Of the two the price is the one with a currency or more decimals; where both are alike, quantity comes first.
    quantity, price = (right, left) if _like_price(left) > _like_price(right) else (left, right)
    tolerance = max(Decimal("0.011"), Decimal("0.005") * abs(quantity.value)) if price.exact else Decimal("0.011")
    tolerance = min(tolerance, abs(amount.value) / 100)
    for discount in (None, *rates):
        factor = 1 if discount is None else 1 - discount / _HUNDRED
        if abs(abs(quantity.value * price.value * factor) - abs(amount.value)) <= tolerance:
            return Product(quantity, price, amount, discount)
    return None


def _like_price(number: Amount) -> tuple[bool, int]:
    """Prices have a currency, two decimals or four; weights have three."""
    exponent = number.value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return number.currency is not None, {2: 2, 4: 3, 3: 1}.get(decimals, 0)


def percents(text: str, mark: str) -> list[Decimal]:
    """The percentages of a text, up to a hundred."""
    found = [parse_number(match.group(1), mark) for match in _PERCENT.finditer(text)]
    return [value for value in found if value is not None and value <= _HUNDRED]
