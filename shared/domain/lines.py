"""The lines of an invoice: rows under a header of columns, each proven by quantity times price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product as each_with_each
from typing import Any

from shared.domain.amounts import Amount, amounts
from shared.domain.business import LineItem
from shared.domain.labelled import Read
from shared.domain.line_labels import COLUMNS
from shared.domain.line_products import Product, nothing_of, percents, product_of
from shared.domain.misread import folded, mended
from shared.domain.money_figures import Figure
from shared.domain.sheet import Row

_END_ROLES = frozenset({"net", "total", "tax", "line_total", "subtotal", "due", "prepaid"})
_MOST = 60  # rows without an item after which a table is over
_UNIT = re.compile(r"\s?([^\W\d_][^\W\d_²³.()]{0,9}[²³]?)")
_UNPROVEN = 0.4


def line_items(rows: Sequence[Row], figures: Sequence[Figure], mark: str, blanks_group: bool) -> list[Read[LineItem]]:
    """The lines with their places. One whose numbers do not prove each other has a low confidence.

    Without a header only rows that prove themselves are lines.
    """
    named = {f.row: f for f in figures if f.role in _END_ROLES and f.weight >= (0.7 if f.role == "tax" else 0.6)}
    ends = frozenset(named)
    heads = [index for index, row in enumerate(rows) if _columns(row) and index not in ends]
    table: set[int] = set()
    for head in heads:
        for index in range(head + 1, min(head + 1 + _MOST, len(rows))):
            if index in ends and named[index].role != "subtotal":
                break
            table.add(index)
    ends |= {f.row for f in figures if f.role in ("discounts", "charges") and f.weight >= 0.5}
    columns = frozenset(name for head in heads for name in _columns(rows[head]))
    return list(_items(rows, sorted(table), columns, mark, blanks_group, bool(heads), ends))


def summed(lines: Sequence[Read[LineItem]], fields: Mapping[str, Read[Any]]) -> dict[str, Read[Any]]:
    """`line_total` as the sum of the lines, where the paper does not name it and the sum is the net or the total."""
    known = {fields[name].value for name in ("net", "total") if name in fields}
    value = _sum(lines)
    if "line_total" in fields or not lines or value not in known:
        return {}
    sure = min(line.confidence for line in lines)
    return {"line_total": Read(value, lines[0].start, lines[-1].end, round(0.9 * sure, 2))}


def consistent(lines: Sequence[Read[LineItem]], fields: Mapping[str, Read[Any]]) -> list[Read[LineItem]]:
    """The lines that add up to the sum of lines, the net or else the total, surer; all as they are when none do.

    Rows that prove themselves are tried without those that only look like lines: a row of the tax summary with all
    lines makes the total as well.
    """
    proven = [line for line in lines if line.confidence > _UNPROVEN]
    known = [fields[name].value for name in ("line_total", "net", "total") if name in fields]
    for value, chosen in each_with_each(known, (list(lines), proven)):
        if chosen and _sum(chosen) == value:
            return [replace(line, confidence=max(line.confidence, 0.95)) for line in chosen]
    return list(lines)


def _sum(lines: Sequence[Read[LineItem]]) -> Decimal:
    return sum((line.value.amount or Decimal(0) for line in lines), Decimal(0))


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
    ends: frozenset[int],
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
    product = product_of(numbers, percents(row.text, mark), "discount" in columns)
    if product is None and columns:
        product = nothing_of(numbers, [n for n in numbers if n.value and _UNIT.match(row.text, n.end - row.start)])
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
    product = product_of([*upper, *lower], percents(row.text, mark))
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
    return Read(item, row.start, row.end, _UNPROVEN)


def _item(
    row: Row, product: Product, description: str, rate: Decimal | None, mark: str, confidence: float
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


def _rate(row: Row, numbers: Sequence[Amount], product: Product, mark: str, columns: frozenset[str]) -> Decimal | None:
    """The percentage that is no discount; or, in a column for it, a small number that nothing else needs."""
    rates = [value for value in percents(row.text, mark) if value != product.discount and value <= 30]
    if rates:
        return rates[-1]
    used = {product.quantity.start, product.price.start, product.amount.start}
    spare = [n.value for n in numbers if n.start not in used and n.start > product.quantity.start and n.value <= 30]
    return spare[-1] if "tax_rate" in columns and spare else None


def _description(text: str) -> str:
    """The words before the numbers, without the line's own number."""
    words = re.sub(r"^\s*\d{1,3}[.)]?\s+", "", text).strip(" €$£|:;,-–")
    return " ".join(words.split())[:200] if any(map(str.isalpha, words)) else ""


def _letters(row: Row, product: Product) -> str:
    """The cell with the most letters, when the numbers come first."""
    return max((cell.text for cell in row.cells), key=lambda text: sum(map(str.isalpha, text)))
