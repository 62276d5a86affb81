"""Rows as a model reads them: lines of a bill and movements of an account, each taken only where its words stand."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shared.domain.amounts import Amount, amounts, decimal_mark, parse_number
from shared.domain.business import LineItem, Transaction
from shared.domain.dates import dates, day_first
from shared.domain.document import DocumentType
from shared.domain.proposals import Span, quoted_span
from shared.domain.quotes import QuotableText
from shared.domain.text import View

RowValue = LineItem | Transaction

_LINE = ("description", "quantity", "unit_price", "tax_rate", "amount")
ROWS: dict[DocumentType, tuple[str, ...]] = {
    DocumentType.INVOICE: _LINE,
    DocumentType.RECEIPT: _LINE,
    DocumentType.BANK_STATEMENT: ("date", "description", "amount", "balance"),
}
# In the order in which they are looked for: of two equal numbers in a row the last one is what is left over at its end.
_NUMBERS = {"balance": -1, "amount": -1, "unit_price": -1, "quantity": 0}
_NEEDED = {"lines": ("description", "amount"), "transactions": ("date", "amount")}
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,4})?)(?=\s?%)")
_HIGHEST_RATE = 100
_LONGEST_WORDS = 300  # characters of a description


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row as a model read it: normalised values by cell (2026-03-31, -1234.50), and a quote that claims to be it."""

    quote: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProposedRows:
    """The rows of a paper as a model read them, in the paper's order; `unread` parts of a long one it did not see."""

    rows: tuple[ProposedRow, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A row that was found in the paper: the characters `[start, end)` of its quote, and those of its cells."""

    value: RowValue
    start: int
    end: int
    cells: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class _Paper:
    """How a paper is written."""

    text: str
    kind: DocumentType
    mark: str
    day_first: bool | None
    blanks: bool


def list_of(kind: DocumentType) -> str:
    """The record's field that holds the rows of such papers."""
    return "transactions" if kind is DocumentType.BANK_STATEMENT else "lines"


def standing_rows(
    proposals: Iterable[ProposedRow], text: str, kind: DocumentType, language: str
) -> tuple[list[StandingRow], int]:
    """The rows whose quotes stand in the text, each with what stands in its own quote, in the paper's order.

    Also how many values were refused; a row without what makes it one is refused whole. No character belongs to two
    rows: words that come twice are two rows only where the paper has them twice.
    """
    if kind not in ROWS:
        return [], 0
    paper = _Paper(text, kind, decimal_mark(text, language), day_first(text, language), language == "fr")
    quotable = QuotableText(View.plain(text))
    taken: list[Span] = []
    looked: dict[str, int] = {}
    found: list[StandingRow] = []
    refused = 0
    for one in proposals:
        span = _free_span(quotable, one.quote, looked, taken)
        row, missing = _row(one, span, paper) if span else (None, 1)
        refused += missing
        if row is not None and span is not None:
            insort(taken, span)
            found.append(row)
    return sorted(found, key=lambda row: row.start), refused


def _free_span(quotable: QuotableText, quote: str, looked: dict[str, int], taken: list[Span]) -> Span | None:
    """The next place of a quote that no other row has; `looked` says up to where the quote was looked for."""
    while (span := quoted_span(quotable, quote, looked.get(quote, 0))) is not None:
        looked[quote] = span[1]
        at = bisect_right(taken, span)
        after_one = at > 0 and taken[at - 1][1] > span[0]
        if not after_one and not (at < len(taken) and taken[at][0] < span[1]):
            return span
    return None


def _row(one: ProposedRow, span: Span, paper: _Paper) -> tuple[StandingRow | None, int]:
    """The row of the values that stand in its quote, and how many do not."""
    wanted = {name: value.strip() for name, value in one.cells.items() if name in ROWS[paper.kind] and value.strip()}
    values, places = {}, {}
    for name, value, place in _cells(wanted, span, paper):
        values[name], places[name] = value, place
    needed = _NEEDED[list_of(paper.kind)]
    if any(name not in values for name in needed):
        return None, 1
    made = Transaction(**values) if paper.kind is DocumentType.BANK_STATEMENT else LineItem(**values)
    return StandingRow(made, *span, places), len(wanted) - len(values)


def _cells(wanted: Mapping[str, str], span: Span, paper: _Paper) -> Iterator[tuple[str, object, Span]]:
    within, offset = paper.text[span[0] : span[1]], span[0]
    free = amounts(within, paper.mark, offset, blanks_group=paper.blanks)
    if "date" in wanted:
        days = dates(within, paper.day_first, offset)
        booked = next((day for day in days if day.value.isoformat() == wanted["date"]), None)
        if booked is not None:
            yield "date", booked.value, (booked.start, booked.end)
        # The digits of a date are no amount.
        free = [one for one in free if not any(day.start < one.end and one.start < day.end for day in days)]
    for name in (name for name in _NUMBERS if name in wanted):
        number = _decimal(wanted[name])
        equal = [one for one in free if number is not None and _means(name, one.value, number)]
        if equal and number is not None:
            chosen = equal[_NUMBERS[name]]
            free.remove(chosen)
            yield name, number, (chosen.start, chosen.end)
    if "tax_rate" in wanted:
        yield from _rate(wanted["tax_rate"], within, offset, paper.mark, free)
    if "description" in wanted:
        yield from _words(wanted["description"], within, offset)


def _means(name: str, written: Decimal, said: Decimal) -> bool:
    """Whether a number of the paper is what was said. A movement's sign may be that of its column: sums tell."""
    return written == said or (name == "amount" and written == abs(said))


def _rate(
    said: str, within: str, offset: int, mark: str, free: Sequence[Amount]
) -> Iterator[tuple[str, Decimal, Span]]:
    """A percentage, or a number that nothing else needs: a column for rates has no signs."""
    rate = _decimal(said.removesuffix("%"))
    signed = [
        (parse_number(match.group(1), mark), offset + match.start(1), offset + match.end(1))
        for match in _PERCENT.finditer(within)
    ]
    bare = [(one.value, one.start, one.end) for one in free]
    if rate is not None and 0 <= rate <= _HIGHEST_RATE:
        place = next(((start, end) for value, start, end in [*signed, *bare] if value == rate), None)
        if place is not None:
            yield "tax_rate", rate, place


def _words(said: str, within: str, offset: int) -> Iterator[tuple[str, str, Span]]:
    """The description as the paper writes it."""
    span = quoted_span(QuotableText(View.plain(within, offset)), said)
    if span is not None and span[1] - span[0] <= _LONGEST_WORDS:
        yield "description", " ".join(within[span[0] - offset : span[1] - offset].split()), span


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
