"""What a model reads in a business paper, and where in the paper it stands. What stands nowhere is not taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from shared.domain.amounts import CURRENCIES, amounts, decimal_mark
from shared.domain.dates import dates, day_first
from shared.domain.document import DocumentType
from shared.domain.identifiers import compact
from shared.domain.quotes import MatchKind, QuotableText
from shared.domain.text import View

Value = str | date | Decimal
Span = tuple[int, int]

MONEY = ("net", "tax", "withheld", "total")
BALANCES = ("opening_balance", "closing_balance")
DATES = ("issue_date", "due_date", "opening_date", "closing_date")
IDENTIFIERS = ("number", "seller_tax_id", "buyer_tax_id", "iban")
NAMES = ("seller_name", "buyer_name")

_BILL = ("number", "issue_date", "seller_name", "seller_tax_id", "currency", "net", "tax", "total")
FIELDS: dict[DocumentType, tuple[str, ...]] = {
    DocumentType.INVOICE: (*_BILL, "due_date", "buyer_name", "buyer_tax_id", "withheld", "iban"),
    DocumentType.RECEIPT: _BILL,
    DocumentType.BANK_STATEMENT: ("iban", "currency", "opening_date", "closing_date", *BALANCES),
}
_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "PEN": "S/"}
_LONGEST_NAME, _LONGEST_QUOTE = 120, 300  # characters


@dataclass(frozen=True, slots=True)
class ProposedField:
    """A field as a model read it. `value` is normalised (2026-03-31, 1234.56, EUR), `quote` claims to be the words."""

    field: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class ProposedType:
    """A document's type as a model took it, and the words that it says it rests on."""

    type: DocumentType
    quote: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposed value that was found in the paper, at the characters `[start, end)` of its canonical text."""

    field: str
    value: Value
    start: int
    end: int


def standing(
    proposals: Iterable[ProposedField], text: str, kind: DocumentType, language: str
) -> tuple[list[Standing], int]:
    """The values that stand in the text within their own quotes, one a field, and how many were refused.

    Empty proposals and fields that papers of this kind do not have are left out without being counted.
    """
    quotable = QuotableText(View.plain(text))
    found: dict[str, Standing] = {}
    refused = 0
    for one in proposals:
        if one.field not in FIELDS.get(kind, ()) or not one.value.strip() or one.field in found:
            continue
        span = quoted_span(quotable, one.quote)
        place = _stands(one, text, span, language) if span else None
        if place is None:
            refused += 1
        else:
            found[one.field] = place
    return list(found.values()), refused


def quoted(proposed: ProposedType, text: str) -> bool:
    """Whether the words that a type rests on stand in the text; `other` needs none."""
    return (
        proposed.type is DocumentType.OTHER or quoted_span(QuotableText(View.plain(text)), proposed.quote) is not None
    )


def quoted_span(quotable: QuotableText, quote: str, after: int = 0) -> Span | None:
    """Where a quote stands, from character `after` of the view on.

    None for one in parts or a long one too, for anything may stand in between.
    """
    found = quotable.resolve(quote, after)
    if found is None or found.kind is MatchKind.ELLIPSIS or found.end - found.start > _LONGEST_QUOTE:
        return None
    return found.start, found.end


def _stands(one: ProposedField, text: str, span: Span, language: str) -> Standing | None:
    """The value at its characters within the quote's; None when it is not there."""
    within, value = text[span[0] : span[1]], one.value.strip()
    if one.field in MONEY or one.field in BALANCES:
        return _amount(one.field, value, within, span[0], decimal_mark(text, language), language == "fr")
    if one.field in DATES:
        # Where the paper leaves open if 03/04 is in March or in April, the model cannot know it either.
        order = day_first(text, language)
        places = ((day.value, day.start, day.end) for day in dates(within, order, span[0]))
        return next((Standing(one.field, *place) for place in places if place[0].isoformat() == value), None)
    if one.field == "currency":
        return _currency(value.upper(), within, span[0])
    if one.field in IDENTIFIERS:
        return _identifier(one.field, value, within, span[0])
    return _name(one.field, value, text, span)


def _amount(field: str, value: str, within: str, offset: int, mark: str, blanks: bool) -> Standing | None:
    try:
        wanted = Decimal(value)
    except InvalidOperation:
        return None
    for found in amounts(within, mark, offset, blanks_group=blanks):
        value_found = found.value if field in BALANCES else abs(found.value)
        if value_found == wanted:
            return Standing(field, value_found, found.start, found.end)
    return None


def _currency(code: str, within: str, offset: int) -> Standing | None:
    if code not in CURRENCIES:
        return None
    signs = "|".join(re.escape(sign) for sign in (code, _SIGNS.get(code)) if sign)
    match = re.search(rf"(?<![A-Za-z])(?:{signs})(?![A-Za-z])", within)
    return Standing("currency", code, offset + match.start(), offset + match.end()) if match else None


def _identifier(field: str, value: str, within: str, offset: int) -> Standing | None:
    """Letters and digits in this order, whatever parts them; the number of a paper is kept as the paper writes it."""
    signs: Sequence[str] = compact(value)
    if not any(map(str.isdigit, signs)):
        return None
    pattern = r"[\s.\-/\xa0]*".join(map(re.escape, signs))
    match = re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", within, re.IGNORECASE)
    if match is None:
        return None
    written = " ".join(match.group().split()) if field == "number" else compact(match.group())
    return Standing(field, written, offset + match.start(), offset + match.end())


def _name(field: str, value: str, text: str, span: Span) -> Standing | None:
    """The name as the paper writes it, within the quote."""
    found = QuotableText(View.plain(text[span[0] : span[1]], span[0])).resolve(value)
    if found is None or len(value) > _LONGEST_NAME:
        return None
    return Standing(field, " ".join(text[found.start : found.end].split()), found.start, found.end)
