"""Who sells and who buys: names, addresses, countries and tax ids, told apart by headings and by their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.country_names import country_of
from shared.domain.identifiers import compact, looks_spanish, spanish_tax_id_is_valid
from shared.domain.labelled import Read, TextLine
from shared.domain.party_blocks import Block, block_under, blocks
from shared.domain.sheet import Row

_TAX_VALUE = re.compile(r"[\s:.#/-]*(?P<value>[A-Z]{0,4}[ -]?\d(?:[ .-]?[\dA-Z]){5,16})(?![\w])")
_BARE_SPANISH = re.compile(
    r"(?<![\w-])(?:ES)?(?:[A-HJNP-SUVW]-?\d{7}-?[0-9A-J]|\d{8}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z])(?![\w-])"
)
_YOURS = re.compile(r"\b(?:su|your|votre|ihre|uw|customer|client|del\s+cliente)\s*$", re.IGNORECASE)
_NAME_LABEL = re.compile(
    r"(?:name|nombre|firma|raz[óo]n\s+social|nom|naam|nome|denominazione)\s*[:.]\s*", re.IGNORECASE
)
_NEXT_FIELD = re.compile(r"\s{2,}|\s+[^\W\d_][\w./]*\s?:|\s[-–|●•·]\s")
_NOT_A_NAME = re.compile(r"\d{3}|:\s*$|@|www\.")
_NO_NAME_LINE = re.compile(
    r"\W*(?:n[ºo°]|(?:globale\s+)?nummer|number|gln|address|dirección|anschrift|tel|fax|phone|fon|attn|t\.a\.v|date|fecha"
    r"|datum|u\.?st|vat|nif|cif|kunden-?n|e-?mail|order|(?:ihre|your|su)\b)(?![^\W\d_])",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(
    r"@|www\.|http|\b(?:tel|fax|phone|fon|telefon|e-?mail|gln|iban|nif|cif|vat|ust|tva|btw|nummer)\b", re.I
)
_POSTCODE = re.compile(
    r"(?<![\d.,/-])(?:[A-Z]{1,2}[ -])?\d{4,5}(?![\d.,/-])(?:\s?[A-Z]{2}\b)?\s*[^\W\d_]{2}"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]{2} \d{5}"
)
_PARTS = re.compile(r"\s+[-–|●•·]\s+|\s*[|●•·]\s*|,\s+")


def parties(rows: Sequence[Row]) -> dict[str, Read[Any]]:
    """Name, address, country and tax id of seller and buyer, as far as the paper says them clearly."""
    buyers, sellers = blocks(rows, labels.BUYER), blocks(rows, labels.SELLER)
    sender = _sender(rows)
    fields: dict[str, Read[Any]] = {}
    if not buyers and sender:
        under = block_under(rows, sender[0], sender[1])
        buyers = [under] if under.lines and _name(*under.lines[0], 0.5) else []
    for side, found in (("buyer", buyers), ("seller", sellers)):
        for name, read in _block_fields(side, found, 0.8 if side == "seller" or not sender else 0.6):
            fields.setdefault(name, read)
    for name, read in (sender[2] if sender and "seller_name" not in fields else {}).items():
        fields.setdefault(name, read)
    if "seller_name" not in fields and (company := _company(rows, buyers)):
        fields["seller_name"] = company
    for name, read in _tax_ids(rows, buyers):
        fields.setdefault(name, read)
    return fields | _countries(fields)


def _block_fields(side: str, found: Sequence[Block], confidence: float) -> Iterator[tuple[str, Read[Any]]]:
    for block in found:
        name = _block_name(block, confidence)
        if name is None:
            continue
        yield f"{side}_name", name
        address = _block_address(block, name, confidence)
        if address:
            yield f"{side}_address", address


def _block_name(block: Block, confidence: float) -> Read[str] | None:
    """What is labelled as the name, or the first line that can be one."""
    for text, start in block.lines:
        if match := _NAME_LABEL.match(text):
            return _name(text[match.end() :], start + match.end(), confidence)
    for text, start in block.lines[:4]:
        if name := _name(text, start, confidence * 0.9):
            return name
    return None


def _name(text: str, offset: int, confidence: float) -> Read[str] | None:
    """The name at the start of `text`, up to where another field begins."""
    start = len(text) - len(text.lstrip(" :.\t"))
    end = _NEXT_FIELD.search(text, start + 1)
    name = text[start : end.start() if end else len(text)].strip(" ,;")
    if not 2 <= len(name) <= 80 or not name[0].isalnum() or _NOT_A_NAME.search(name) or _NO_NAME_LINE.match(text):
        return None
    return Read(name, offset + start, offset + start + len(name), confidence)


def _block_address(block: Block, name: Read[str], confidence: float) -> Read[str] | None:
    """The lines after the name up to the one with the postcode, and a country under it."""
    taken = list(_address_lines(block, name))
    last = max((i for i, (text, _) in enumerate(taken) if _POSTCODE.search(text)), default=None)
    if last is None:
        return None
    if last + 1 < len(taken) and country_of(taken[last + 1][0]):
        last += 1
    chosen = taken[: last + 1]
    value = ", ".join(" ".join(text.split()).strip(" ,") for text, _ in chosen)
    return Read(value, chosen[0][1], chosen[-1][1] + len(chosen[-1][0]), confidence * 0.9)


def _address_lines(block: Block, name: Read[str]) -> Iterator[tuple[str, int]]:
    """What may be the address: from behind the name up to a telephone, a tax id and the like."""
    for number, (line, begin) in enumerate((text, at) for text, at in block.lines if at + len(text) > name.start):
        text, start = _after(line, begin, name.end) if begin <= name.end else (line, begin)
        label = labels.ADDRESS.match(text)
        if _NO_ADDRESS.search(text) or number > 5:
            return
        if text:
            yield (text[label.end() :], start + label.end()) if label else (text, start)


def _after(text: str, start: int, end: int) -> tuple[str, int]:
    """What stands on the name's own line behind it."""
    rest = text[max(end - start, 0) :]
    stripped = rest.lstrip(" ,;|-")
    return stripped.rstrip(), start + len(text) - len(stripped)


def _sender(rows: Sequence[Row]) -> tuple[int, int, dict[str, Read[Any]]] | None:
    """The line over the window of an envelope or at the head: name, street and postcode in one, parted by marks."""
    for index, row in enumerate(rows[:12]):
        for at, cell in enumerate(row.cells):
            parts = [part for part in _PARTS.split(cell.text) if part.strip()]
            named = parts and not re.search(r"[\d:]", parts[0]) and not _NOT_A_NAME.search(parts[0])
            if named and 3 <= len(parts) <= 6 and _POSTCODE.search(cell.text):
                rest = cell.text[len(parts[0]) :].strip(" -–|●•·,")
                begin = cell.text.index(rest)
                name = Read(parts[0].strip(), cell.start, cell.start + len(parts[0]), 0.7)
                address = Read(rest, cell.start + begin, cell.end, 0.6)
                return index, at, {"seller_name": name, "seller_address": address}
    return None


def _company(rows: Sequence[Row], buyers: Sequence[Block]) -> Read[str] | None:
    """The company (by its legal form) outside the buyer's block, if it is the only one: of two either may buy."""
    found: dict[str, Read[str]] = {}
    for row in rows:
        for cell in row.cells:
            match = labels.COMPANY.search(cell.text)
            if match and match.start() > 1:
                name = re.split(r":\s|\s[-–|●•·]\s", cell.text[: match.end()])[-1].strip(" -*,")
                at = cell.text.index(name)
                bought = any(block.holds(cell.start + at) for block in buyers)
                if not bought and 3 <= len(name) <= 60 and len(name.split()) <= 7:
                    found.setdefault(compact(name), Read(name, cell.start + at, cell.start + at + len(name), 0.5))
    return next(iter(found.values())) if len(found) == 1 else None


def _countries(fields: dict[str, Read[Any]]) -> dict[str, Read[Any]]:
    """Of each party by its address, else by the first letters of its tax id; the record's is the seller's."""
    found: dict[str, Read[Any]] = {}
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


def _tax_ids(rows: Sequence[Row], buyers: Sequence[Block]) -> list[tuple[str, Read[str]]]:
    """Each party's first tax id: those in the buyer's block are the buyer's."""
    found: list[tuple[str, Read[str]]] = []
    seen: set[str] = set()
    for row in rows:
        for read in [*_labelled_tax_ids(row), *_spanish_tax_ids(row)]:
            if read.value not in seen:
                seen.add(read.value)
                yours = _YOURS.search(_before_label(row, read)) or any(block.holds(read.start) for block in buyers)
                found.append(("buyer_tax_id" if yours else "seller_tax_id", read))
    return found


def _before_label(line: TextLine, read: Read[str]) -> str:
    """What stands before the label of a tax id, and the label: "Your VAT number", "N° TVA client" are the buyer's."""
    found = [label for label in labels.TAX_ID.finditer(line.text) if line.start + label.end() <= read.start]
    if not found:
        return ""
    whole = line.text[: found[-1].end()].rstrip(" :.")
    return whole if _YOURS.search(whole) else line.text[: found[-1].start()]


def _labelled_tax_ids(line: TextLine) -> list[Read[str]]:
    found = []
    for label in labels.TAX_ID.finditer(line.text):
        match = _TAX_VALUE.match(line.text, label.end())
        if match and not re.search(r"[.,]\d{2}$", match["value"]):
            value = compact(match["value"])
            sure = 0.95 if spanish_tax_id_is_valid(value) else 0.5 if looks_spanish(value) else 0.75
            found.append(Read(value, line.start + match.start("value"), line.start + match.end("value"), sure))
    return found


def _spanish_tax_ids(line: TextLine) -> list[Read[str]]:
    """Without a label only those whose control character is right."""
    return [
        Read(compact(match.group()), line.start + match.start(), line.start + match.end(), 0.8)
        for match in _BARE_SPANISH.finditer(line.text)
        if spanish_tax_id_is_valid(match.group())
    ]
