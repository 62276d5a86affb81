"""Who sells and who buys: names and tax ids, told apart by the labels above them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.identifiers import compact, looks_spanish, spanish_tax_id_is_valid
from shared.domain.labelled import Read, TextLine

_BLOCK = 7  # lines that may belong to the address under "Bill to"
_TAX_VALUE = re.compile(r"[\s:.#/-]*(?P<value>[A-Z]{0,4}[ -]?\d(?:[ .-]?[\dA-Z]){5,16})(?![\w])")
_BARE_SPANISH = re.compile(
    r"(?<![\w-])(?:ES)?(?:[A-HJNP-SUVW]-?\d{7}-?[0-9A-J]|\d{8}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z])(?![\w-])"
)
_NEXT_FIELD = re.compile(r"\s{2,}|\s+[^\W\d_][\w./]*\s?:|\s[-–|]\s")
_YOURS = re.compile(r"\b(?:su|your|votre|ihre|uw)\s*$", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"\d{3}|:$|@|www\.|^(?:n[ºo°]|name|nombre|address|dirección)\b", re.IGNORECASE)


def parties(lines: Sequence[TextLine]) -> dict[str, Read[Any]]:
    """`seller_name`, `seller_tax_id`, `buyer_name`, `buyer_tax_id`, as far as the paper says them clearly."""
    buyer, seller = _block(lines, labels.BUYER), _block(lines, labels.SELLER)
    seller -= buyer
    fields: dict[str, Read[Any]] = {}
    for name, read in (
        ("buyer_name", _labelled_name(lines, labels.BUYER)),
        ("seller_name", _labelled_name(lines, labels.SELLER) or _company(lines, buyer)),
        *_tax_ids(lines, buyer),
    ):
        if read is not None:
            fields.setdefault(name, read)
    return fields


def _block(lines: Sequence[TextLine], label: re.Pattern[str]) -> set[int]:
    """The indices of the lines from a label's line on that speak of the party it names."""
    return {
        at
        for index, line in enumerate(lines)
        if _heads(line, label)
        for at in range(index, min(len(lines), index + _BLOCK))
    } - _other_blocks(lines, label)


def _other_blocks(lines: Sequence[TextLine], label: re.Pattern[str]) -> set[int]:
    """Where the other party's block begins, this one ends."""
    other = labels.SELLER if label is labels.BUYER else labels.BUYER
    return {
        at
        for index, line in enumerate(lines)
        if _heads(line, other)
        for at in range(index, min(len(lines), index + _BLOCK))
    }


def _heads(line: TextLine, label: re.Pattern[str]) -> bool:
    """If the line begins with the label and that is more than a passing word: it ends there or a colon follows."""
    match = label.match(line.text)
    return match is not None and (line.text[match.end() :].strip(" :") == "" or ":" in line.text[match.end() :][:12])


def _labelled_name(lines: Sequence[TextLine], label: re.Pattern[str]) -> Read[str] | None:
    for index, line in enumerate(lines):
        if not _heads(line, label):
            continue
        match = label.match(line.text)
        assert match is not None
        name = _name(line.text[match.end() :], line.start + match.end(), 0.8)
        if name is None and index + 1 < len(lines) and not line.text[match.end() :].strip(" :"):
            name = _name(lines[index + 1].text, lines[index + 1].start, 0.65)
        if name:
            return name
    return None


def _name(text: str, offset: int, confidence: float) -> Read[str] | None:
    """The name at the start of `text`, up to where another field begins."""
    start = len(text) - len(text.lstrip(" :.\t"))
    end = _NEXT_FIELD.search(text, start + 1)
    name = text[start : end.start() if end else len(text)].strip(" ,;")
    if len(name) < 2 or len(name) > 80 or not name[0].isalnum() or _NOT_A_NAME.search(name):
        return None
    return Read(name, offset + start, offset + start + len(name), confidence)


def _company(lines: Sequence[TextLine], buyer: set[int]) -> Read[str] | None:
    """The company (by its legal form) outside the buyer's block, if it is the only one: of two either may buy."""
    found: dict[str, Read[str]] = {}
    for index, line in enumerate(lines):
        match = labels.COMPANY.search(line.text)
        if match and index not in buyer and match.start() > 1:
            name = line.text[: match.end()].split(":")[-1].split(" - ")[-1].strip(" -*,")
            at = line.text.index(name)
            if 3 <= len(name) <= 60 and len(name.split()) <= 7:
                found.setdefault(name.casefold(), Read(name, line.start + at, line.start + at + len(name), 0.5))
    return next(iter(found.values())) if len(found) == 1 else None


def _tax_ids(lines: Sequence[TextLine], buyer: set[int]) -> list[tuple[str, Read[str]]]:
    """Each party's first tax id: those in the buyer's block are the buyer's."""
    found: list[tuple[str, Read[str]]] = []
    seen: set[str] = set()
    for index, line in enumerate(lines):
        for read in [*_labelled_tax_ids(line), *_spanish_tax_ids(line)]:
            if read.value not in seen:
                seen.add(read.value)
                yours = _YOURS.search(_before_label(line, read))
                found.append(("buyer_tax_id" if index in buyer or yours else "seller_tax_id", read))
    return found


def _before_label(line: TextLine, read: Read[str]) -> str:
    """What stands before the label of a tax id: "Your VAT number" is the buyer's."""
    found = [label for label in labels.TAX_ID.finditer(line.text) if line.start + label.end() <= read.start]
    return line.text[: found[-1].start()] if found else ""


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
