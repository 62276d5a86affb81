"""The lines of an invoice: rows under a header of columns, each proven by quantity times price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.domain.amounts import Amount, amounts, parse_number
from shared.domain.business import LineItem
from shared.domain.labelled import Read
from shared.domain.line_labels import COLUMNS
from shared.domain.misread import folded, mended
from shared.domain.money_figures import Figure
from shared.domain.sheet import Row

_END_ROLES = frozenset({"net", "total", "tax", "line_total", "subtotal", "due", "prepaid"})
_MOST = 60  # rows without an item after which a table is over
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,4})?)\s?%")
_UNIT = re.compile(r"\s?([^\W\d_][^\W\d_²³.()]{0,9}[²³]?)")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Product:
    """Numbers of a row with quantity * price, less discount, = amount."""

    quantity: Amount
    price: Amount
    amount: Amount
    discount: Decimal | None


def line_items(rows: Sequence[Row], figures: Sequence[Figure], mark: str, blanks_group: bool) -> list[Read[LineItem]]:
    """The lines with their places. One whose numbers do not prove each other has a low confidence.

    Without a header only rows that prove themselves are lines.
    """
    ends = {f.row for f in figures if f.role in _END_ROLES and f.weight >= 0.6}
    heads = [index for index, row in enumerate(rows) if _columns(row) and index not in ends]
    table: set[int] = set()
    for head in heads:
        for index in range(head + 1, min(head + 1 + _MOST, len(rows))):
            if index in ends:
                break
            table.add(index)
    columns = frozenset(name for head in heads for name in _columns(rows[head]))
    return list(_items(rows, sorted(table), columns, mark, blanks_group, bool(heads), ends))


def summed(lines: Sequence[Read[LineItem]], fields: Mapping[str, Read[Any]]) -> dict[str, Read[Any]]:
    """`line_total` as the sum of the lines, where the paper does not name it and the sum is the net or the total."""
    known = {fields[name].value for name in ("net", "total") if name in fields}
    value = sum((line.value.amount or Decimal(0) for line in lines), Decimal(0))
    if "line_total" in fields or not lines or value not in known:
        return {}
    sure = min(line.confidence for line in lines)
    return {"line_total": Read(value, lines[0].start, lines[-1].end, round(0.9 * sure, 2))}


def _columns(row: Row) -> frozenset[str]:
    """The columns that a row heads: none unless there are an amount or a price, and two more kinds at least."""
    if len(row.cells) < 2 and len(row.text.split()) < 3:
        return frozenset()
    plain = folded(row.text)
    found = frozenset(name for name, pattern in COLUMNS.items() if pattern.search(plain))
    digits = sum(map(str.isdigit, plain))
    worth = found & {"amount", "unit_price"} and found & {"description", "quantity"} and len(found) >= 2
    return found if worth and digits <= 2 and len(row.text) < 160 else frozenset()


def _items(
    rows: Sequence[Row],
    table: Sequence[int],
    columns: frozenset[str],
    mark: str,
    blanks_group: bool,
    headed: bool,
    ends: set[int],
) -> Iterator[Read[LineItem]]:
    taken: set[int] = set()
    for index in table if headed else range(len(rows)):
        row = rows[index]
        if index in taken or index in ends or _columns(row):
            continue
        item = _proven(row, mark, blanks_group, columns)
        if item is None and headed and index + 1 in table:
            item = _over_two_rows(row, rows[index + 1], mark, blanks_group, columns)
            taken |= {index + 1} if item else set()
        if item is None and headed:
            item = _unproven(row, mark, blanks_group, columns)
        if item is not None:
            yield item


def _numbers(row: Row, mark: str, blanks_group: bool) -> list[Amount]:
    return amounts(mended(row.text), mark, row.start, blanks_group)


def _proven(row: Row, mark: str, blanks_group: bool, columns: frozenset[str]) -> Read[LineItem] | None:
    numbers = _numbers(row, mark, blanks_group)
    product = _product(numbers, _percents(row.text, mark))
    if product is None:
        return None
    first = min(product.quantity.start, product.price.start, product.amount.start)
    description = _description(row.text[: first - row.start]) or _description(_letters(row, product))
    if not description:
        return None
    return _item(row, product, description, _rate(row, numbers, product, mark, columns), mark, 0.9)


def _over_two_rows(
    row: Row, below: Row, mark: str, blanks_group: bool, columns: frozenset[str]
) -> Read[LineItem] | None:
    """Numbers of a line whose amount stands half a row lower."""
    upper, lower = _numbers(row, mark, blanks_group), [a for a in _numbers(below, mark, blanks_group) if a.exact]
    if len(upper) < 2 or len(lower) != 1 or row.page != below.page:
        return None
    product = _product([*upper, *lower], _percents(row.text, mark))
    if product is None or product.amount is not lower[0]:
        return None
    first = min(product.quantity.start, product.price.start)
    description = _description(row.text[: first - row.start])
    return (
        _item(row, product, description, _rate(row, upper, product, mark, columns), mark, 0.8) if description else None
    )


def _unproven(row: Row, mark: str, blanks_group: bool, columns: frozenset[str]) -> Read[LineItem] | None:
    """A row with a description and an amount at its end, when the table has a column for it."""
    numbers = _numbers(row, mark, blanks_group)
    if not numbers or "amount" not in columns or len(row.cells) < 2:
        return None
    last = numbers[-1]
    description = _description(row.text[: numbers[0].start - row.start])
    if not last.is_money or row.text[last.end - row.start :].strip(" €$£").isalpha() or len(description) < 3:
        return None
    if last.start < row.cells[-1].start:
        return None
    item = LineItem(description=description, amount=last.value)
    return Read(item, row.start, row.end, 0.4)


def _product(numbers: Sequence[Amount], percents: Sequence[Decimal]) -> _Product | None:
    """The rightmost amount that is the product of two numbers before it; the nearer ones first."""
    for at in range(len(numbers) - 1, 1, -1):
        amount = numbers[at]
        if not (amount.exact or amount.currency) or amount.value == 0:
            continue
        others = [number for number in numbers[:at] if number.value]
        for right in range(len(others) - 1, 0, -1):
            for left in range(right - 1, -1, -1):
                if product := _multiplied(others[left], others[right], amount, percents):
                    return product
    return None


def _multiplied(left: Amount, right: Amount, amount: Amount, percents: Sequence[Decimal]) -> _Product | None:
    # Of the two the price is the one that looks like money; where both do, quantity comes first as a rule.
    quantity, price = (right, left) if left.is_money and not right.is_money else (left, right)
    tolerance = max(Decimal("0.011"), Decimal("0.005") * abs(quantity.value)) if price.exact else Decimal("0.011")
    tolerance = min(tolerance, abs(amount.value) / 100)
    for discount in (None, *percents):
        factor = 1 if discount is None else 1 - discount / _HUNDRED
        if abs(abs(quantity.value * price.value * factor) - abs(amount.value)) <= tolerance:
            return _Product(quantity, price, amount, discount)
    return None


def _percents(text: str, mark: str) -> list[Decimal]:
    found = [parse_number(match.group(1), mark) for match in _PERCENT.finditer(text)]
    return [value for value in found if value is not None and value <= _HUNDRED]


def _item(
    row: Row, product: _Product, description: str, rate: Decimal | None, mark: str, confidence: float
) -> Read[LineItem]:
    discount = None
    if product.discount is not None:
        discount = (abs(product.quantity.value * product.price.value) - abs(product.amount.value)).quantize(
            Decimal("0.01")
        )
    after = _UNIT.match(row.text, product.quantity.end - row.start) if product.quantity.end <= row.end else None
    item = LineItem(
        description=description,
        quantity=product.quantity.value,
        unit=after.group(1) if after else None,
        unit_price=product.price.value,
        discount=discount,
        amount=product.amount.value,
        tax_rate=rate,
    )
    return Read(item, row.start, max(row.end, product.amount.end), confidence)


def _rate(row: Row, numbers: Sequence[Amount], product: _Product, mark: str, columns: frozenset[str]) -> Decimal | None:
    """The percentage that is no discount; or, in a column for it, a small number that nothing else needs."""
    percents = [value for value in _percents(row.text, mark) if value != product.discount and value <= 30]
    if percents:
        return percents[-1]
    used = {product.quantity.start, product.price.start, product.amount.start}
    spare = [n.value for n in numbers if n.start not in used and n.start > product.quantity.start and n.value <= 30]
    return spare[-1] if "tax_rate" in columns and spare else None


def _description(text: str) -> str:
    """The words before the numbers, without the line's own number."""
    words = re.sub(r"^\s*\d{1,3}[.)]?\s+", "", text).strip(" €$£|:;,-–")
    return " ".join(words.split())[:200] if any(map(str.isalpha, words)) else ""


def _letters(row: Row, product: _Product) -> str:
    """The cell with the most letters, when the numbers come first."""
    return max((cell.text for cell in row.cells), key=lambda text: sum(map(str.isalpha, text)))
