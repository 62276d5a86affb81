"""The name and the address that a block of a paper holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.domain import paper_labels as labels
from shared.domain.country_names import country_of
from shared.domain.labelled import Read
from shared.domain.party_blocks import Block

_NAME_LABEL = re.compile(
    r"(?:name|nombre(?:\s+o\s+raz[óo]n\s+social)?|firma|raz[óo]n\s+social|nom|naam|nome|denominazione|company)\s*[:.]\s*",
    re.IGNORECASE,
)
_NEXT_FIELD = re.compile(r"\s{2,}|\s+[^\W\d_][\w./]*\s?:|\s[-–|●•·]\s")
_NOT_A_NAME = re.compile(r"\d{3}|:\s*$|@|www\.")
_NO_NAME_LINE = re.compile(
    r"\W*(?:n[ºo°]|(?:globale\s+)?nummer|number|gln|address|dirección|anschrift|tel|fax|phone|fon|attn|t\.a\.v|date|fecha"
    r"|datum|u\.?st|vat|nif|cif|r\.?f\.?c|r\.?u\.?[ct]|nit|cuit|kunden-?n|e-?mail|order|(?:ihre|your|su)\b)(?![^\W\d_])",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(
    r"@|www\.|http|\b(?:tel|fax|phone|fon|telefon|e-?mail|gln|iban|nif|cif|vat|ust|tva|btw|nummer)\b", re.I
)
POSTCODE = re.compile(
    r"(?<![\d.,/-])(?:[A-Z]{1,2}[ -])?\d{4,5}(?![\d.,/-])(?:\s?[A-Z]{2}\b)?\s*[^\W\d_]{2}"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]{2} \d{5}"
)


def block_name(block: Block, confidence: float) -> Read[str] | None:
    """What is labelled as the name, or the first line that can be one; a title alone in its line goes with the next."""
    for text, start in block.lines:
        if match := _NAME_LABEL.match(text):
            return name_at(text[match.end() :], start + match.end(), confidence)
    for index, (text, start) in enumerate(block.lines[:4]):
        if labels.HONORIFIC.fullmatch(text.strip()):
            following = block.lines[index + 1] if index + 1 < len(block.lines) else None
            name = name_at(*following, confidence * 0.9) if following else None
            return Read(f"{text.strip()} {name.value}", start, name.end, name.confidence) if name else None
        if name := name_at(text, start, confidence * 0.9):
            return name
    return None


def name_at(text: str, offset: int, confidence: float) -> Read[str] | None:
    """The name at the start of `text`, up to where another field begins."""
    start = len(text) - len(text.lstrip(" :.\t"))
    end = _NEXT_FIELD.search(text, start + 1)
    name = text[start : end.start() if end else len(text)].strip(" ,;")
    if not 2 <= len(name) <= 80 or not name[0].isalnum() or not is_name(name) or _NO_NAME_LINE.match(text):
        return None
    return Read(name, offset + start, offset + start + len(name), confidence)


def is_name(text: str) -> bool:
    """If nothing speaks against a text as the name of a party: a number, an address of the net, a label."""
    return _NOT_A_NAME.search(text) is None and sum(map(str.isalpha, text)) > 1


def block_address(block: Block, name: Read[str], confidence: float) -> Read[str] | None:
    """The lines after the name up to the one with the postcode, and a country under it."""
    taken = list(_address_lines(block, name))
    last = max((i for i, (text, _) in enumerate(taken) if POSTCODE.search(text)), default=None)
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
