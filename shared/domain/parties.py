"""Who sells and who buys: names, addresses, countries and tax ids, told apart by headings and by their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.addressee import addressee
from shared.domain.company_words import COMPANY
from shared.domain.country_names import country_of
from shared.domain.labelled import Read
from shared.domain.letterhead import letterhead
from shared.domain.party_blocks import Block, block_under, blocks
from shared.domain.party_names import POSTCODE, block_address, block_name, is_name
from shared.domain.party_tax_ids import tax_ids
from shared.domain.sheet import Row

_PARTS = re.compile(r"\s+[-–|●•·]\s+|\s*[|●•·]\s*|,\s+")
_WINDOW = 0.08  # of the page's width: how far left of the sender's line the recipient may begin

Fields = dict[str, Read[Any]]


def parties(rows: Sequence[Row]) -> Fields:
    """Name, address, country and tax id of seller and buyer, as far as the paper says them clearly.

    Headings come first, then the sender's line over the window of an envelope, then what the letterhead and the foot
    speak for; who is addressed without a heading is the buyer.
    """
    buyers, sellers, others = (blocks(rows, label) for label in (labels.BUYER, labels.SELLER, labels.OTHER_PARTY))
    sender = _sender(rows)
    fields = _named("seller", sellers, 0.8) | _named("buyer", buyers, 0.6 if sender else 0.8)
    if sender:
        fields = (sender[2] if "seller_name" not in fields else {}) | fields
        if "buyer_name" not in fields:
            under = block_under(rows, sender[0], sender[1], slack=_WINDOW)
            recipient = _named("buyer", [under], 0.55)
            buyers, fields = [*buyers, *([under] if recipient else [])], fields | recipient
    if "seller_name" not in fields:
        fields |= letterhead(rows, [*buyers, *others])
    if "buyer_name" not in fields and (found := addressee(rows, fields.get("seller_name"), others)):
        buyers = [*buyers, found]
        fields |= _named("buyer", [found], 0.6)
    for name, read in tax_ids(rows, buyers):
        fields.setdefault(name, read)
    return fields | _countries(fields)


def _named(side: str, found: Sequence[Block], confidence: float) -> Fields:
    """Name and address of the first block that has a name."""
    fields: Fields = {}
    for name, read in _block_fields(side, found, confidence):
        fields.setdefault(name, read)
    return fields


def _block_fields(side: str, found: Sequence[Block], confidence: float) -> Iterator[tuple[str, Read[Any]]]:
    for block in found:
        name = block_name(block, confidence)
        if name is None:
            continue
        yield f"{side}_name", name
        address = block_address(block, name, confidence)
        if address:
            yield f"{side}_address", address


def _sender(rows: Sequence[Row]) -> tuple[int, int, Fields] | None:
    """The line over the window of an envelope or at the head: name, street and postcode in one, parted by marks."""
    for index, row in enumerate(rows[:12]):
        for at, cell in enumerate(row.cells):
            name = _sender_name(cell.text)
            if name and POSTCODE.search(cell.text, len(name)):
                rest = cell.text[len(name) :].strip(" -–|●•·,")
                begin = cell.text.index(rest, len(name))
                read = Read(name.strip(), cell.start, cell.start + len(name), 0.7)
                address = Read(rest, cell.start + begin, cell.end, 0.6)
                return index, at, {"seller_name": read, "seller_address": address}
    return None


def _sender_name(text: str) -> str | None:
    """What stands before the first mark of a sender's line; a reader of pictures that drops marks leaves the form."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    if 3 <= len(parts) <= 6:
        return parts[0] if not re.search(r"[\d:]", parts[0]) and is_name(parts[0]) else None
    form = COMPANY.search(text)
    address = text[form.end() :] if form else ""
    numbers = re.findall(r"\d+", address)
    return text[: form.end()] if form and form.start() > 2 and 2 <= len(numbers) <= 3 and ":" not in text else None


def _countries(fields: Fields) -> Fields:
    """Of each party by its address, else by the first letters of its tax id; the record's is the seller's."""
    found: Fields = {}
    for side in ("seller", "buyer"):
        for name, sure in (("address", 0.8), ("tax_id", 0.7)):
            read = fields.get(f"{side}_{name}")
            code = country_of(read.value) if read else None
            if read and code:
                confidence = min(sure, read.confidence)
                found.setdefault(f"{side}_country", Read(code, read.start, read.end, confidence))
    if "seller_country" in found:
        found["country"] = found["seller_country"]
    return found
