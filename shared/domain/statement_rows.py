"""The rows of a statement on paper: movements, and balances that are carried along."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shared.domain import statement_words as words
from shared.domain.amounts import Amount, amounts
from shared.domain.dates import dates, day_and_month
from shared.domain.labelled import Read
from shared.domain.misread import mended
from shared.domain.sheet import Row
from shared.domain.statement_layout import MONEY, Layout, layouts

_MARK = re.compile(r"(?<=\d[.,]\d{2})\s{0,3}(?P<mark>DR|CR|DB|D|H|C)(?![^\s)])")
_DEBIT = frozenset(["DR", "DB", "D"])
_BRACKETS = re.compile(r"\((?=\s?[€$£]?\s?\d[\d.,]*\s?\))([^()]*)\)")
_NUMBER = re.compile(r"[-−+(]?\s?[€$£]?\s?\d[\d.,'’\s]*\)?\s?(?:[-−]|[€$£]|[A-Z]{3})?")
_DATE_REACH = 3  # characters of a row before its date


@dataclass(frozen=True, slots=True)
class Movement:
    """A row that books an amount. `signed`: the paper says which way the money went."""

    day: Read[date]
    amount: Read[Decimal]
    signed: bool
    balance: Read[Decimal] | None
    description: tuple[Read[str], ...]
    value_day: Read[date] | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A balance that the paper prints in a row of its own: `opening`, `closing`, or `carried` from page to page."""

    kind: str
    balance: Read[Decimal]


@dataclass(frozen=True, slots=True)
class _Money:
    value: Decimal
    start: int
    end: int
    role: str
    signed: bool


Entry = Movement | Anchor


def entries(rows: Sequence[Row], mark: str, order: bool | None, year_of: date | None) -> Iterator[Entry]:
    """Movements and balances in the order of the paper. `year_of` is a day of the statement, for dates without a year.

    The columns of a header hold until the next one, on following pages, too.
    """
    heads = layouts(rows)
    layout: Layout | None = None
    last: Movement | None = None
    for index, row in enumerate(rows):
        if index in heads:
            layout = heads[index]
            continue
        found = _entry(row, layout, mark, order, year_of, last)
        if found is None and last is not None and _continues(row, rows[index - 1]):
            last = replace(last, description=(*last.description, Read(row.text, row.start, row.end, 0.8)))
            continue
        if found is None and index and rows[index - 1].page != row.page:
            continue
        if last is not None:
            yield last
        last = None
        if isinstance(found, Movement):
            last = found
        elif found is not None:
            yield found
    if last is not None:
        yield last


def _entry(
    row: Row, layout: Layout | None, mark: str, order: bool | None, year_of: date | None, above: Movement | None
) -> Entry | None:
    money = _money(row, layout, mark)
    kind = next((kind for kind, label in _ANCHORS if label.search(row.text)), None)
    day = _day(row, row.start, order, year_of)
    if kind and money and not (kind == "sum" and day):
        return None if kind == "sum" else Anchor(kind, Read(money[-1].value, money[-1].start, money[-1].end, 0.8))
    if day is None and above is not None and layout is not None and any(one.role != "balance" for one in money):
        day = replace(above.day, confidence=0.7)  # banks print the day once for all its movements
    if day is None or not money:
        return None
    return _movement(row, layout, money, day, order, year_of)


_ANCHORS = (
    ("carried", words.CARRIED),
    ("opening", words.OPENING),
    ("closing", words.CLOSING),
    ("sum", words.SUMS),
)


def _movement(
    row: Row, layout: Layout | None, money: Sequence[_Money], day: Read[date], order: bool | None, year_of: date | None
) -> Movement | None:
    moved = [one for one in money if one.role != "balance"]
    balances = [one for one in money if one.role == "balance"]
    if not moved or len(moved) > 2:
        return None
    one = next((one for one in moved if one.value), moved[0])
    own = day.start >= row.start
    begin = day.end if own else row.start
    value_day = _day(row, begin, order, year_of) if own else None
    begin = value_day.end if value_day else begin
    end = min(amount.start for amount in money)
    texts, reference = _texts(row, layout, begin, end)
    balance = Read(balances[-1].value, balances[-1].start, balances[-1].end, 0.9) if balances else None
    return Movement(day, Read(one.value, one.start, one.end, 0.6), one.signed, balance, texts, value_day, reference)


def _texts(row: Row, layout: Layout | None, begin: int, end: int) -> tuple[tuple[Read[str], ...], str | None]:
    """The words between date and amounts; a cell in the column of references apart."""
    found, reference = [], None
    for cell in row.cells:
        start, stop = max(cell.start, begin), min(cell.end, end)
        piece = row.text[start - row.start : stop - row.start] if stop > start else ""
        text = re.sub(r"^[\s\-−€$+|.]+|[\s\-−€$+(|]+$", "", piece)
        if not text:
            continue
        if layout and cell.box and layout.role_of(cell.box) == "reference" and any(map(str.isdigit, text)):
            reference = text
        else:
            at = start + piece.index(text)
            found.append(Read(text, at, at + len(text), 0.8))
    return tuple(found), reference


def _money(row: Row, layout: Layout | None, mark: str) -> list[_Money]:
    """The amounts of a row with what they are: by their column, or by their order where no places are known."""
    text, marks = _signs(mended(row.text))
    found = []
    for amount in amounts(text, mark, row.start):
        cell = row.cells[row.cell_at(amount.start)]
        role = layout.role_of(cell.box) if layout and cell.box else None
        alone = layout is not None and cell.box is not None and bool(_NUMBER.fullmatch(cell.text.strip()))
        if role not in MONEY and (role or not amount.exact):
            continue
        if amount.is_money or alone:
            found.append(_placed(amount, role or "", marks.get(amount.end - row.start), text, row.start))
    if layout is None or row.box is None:
        return _by_order(found, layout)
    return found


def _placed(amount: Amount, role: str, mark: str | None, text: str, offset: int) -> _Money:
    before = text[: amount.start - offset].rstrip(" €$£")[-1:]
    value = -abs(amount.value) if role == "debit" or mark in _DEBIT else amount.value
    signed = role in ("debit", "credit") or mark is not None or amount.value < 0 or before == "+"
    return _Money(
        abs(value) if role == "credit" and amount.value > 0 else value, amount.start, amount.end, role, signed
    )


def _by_order(found: Sequence[_Money], layout: Layout | None) -> list[_Money]:
    """Without places: the amount first, the balance last; a lone amount is a movement."""
    if layout is not None and "balance" not in layout.roles:
        return [replace(one, role="amount") for one in found]
    last = len(found) - 1
    return [replace(one, role="balance" if at == last and last > 0 else "amount") for at, one in enumerate(found)]


def _signs(text: str) -> tuple[str, dict[int, str]]:
    """The text with brackets around an amount as a minus, and the marks DR, CR, D, H behind amounts taken out."""
    text = _BRACKETS.sub(lambda match: f"-{match.group(1)} ", text)
    marks = {match.start(): match["mark"] for match in _MARK.finditer(text)}
    return _MARK.sub(lambda match: " " * len(match.group()), text), marks


def _day(row: Row, begin: int, order: bool | None, year_of: date | None) -> Read[date] | None:
    """The date that stands at a place of the row, with or without its year."""
    text = mended(row.text)[begin - row.start :]
    lead = len(text) - len(text.lstrip(" |.-"))
    found = dates(text[: lead + 24], order, begin)
    if found and found[0].start - begin <= max(_DATE_REACH, lead):
        return Read(found[0].value, found[0].start, found[0].end, 0.9)
    short = day_and_month(text[lead : lead + 16], order)
    if short is None or year_of is None:
        return None
    day, month, end = short
    year = year_of.year - (month > year_of.month)
    try:
        return Read(date(year, month, day), begin + lead, begin + lead + end, 0.8)
    except ValueError:
        return None


def _continues(row: Row, above: Row) -> bool:
    """Whether a row without date and amounts goes on with the description above it."""
    if row.page != above.page or len(row.cells) > 2 or len(row.text) > 90:
        return False
    if row.box is None or above.box is None:
        return False
    height = above.box[3] - above.box[1]
    return row.box[0] > above.box[0] + 0.02 and row.box[1] - above.box[3] < 1.2 * height
