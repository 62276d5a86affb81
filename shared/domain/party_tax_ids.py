"""Tax ids on a paper, and which party each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain import paper_labels as labels
from shared.domain.identifiers import compact, looks_spanish, spanish_tax_id_is_valid
from shared.domain.labelled import Read, TextLine
from shared.domain.party_blocks import Block
from shared.domain.sheet import Row

_TAX_VALUE = re.compile(r"[\s:.#/-]*(?P<value>(?:[A-Z]{2}[ -])?[A-Z&Ñ]{0,4}[ -]?\d(?:[ .-]?[\dA-Z]){5,16})(?![\w])")
_BARE_SPANISH = re.compile(
    r"(?<![\w-])(?:ES)?(?:[A-HJNP-SUVW]-?\d{7}-?[0-9A-J]|\d{8}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z])(?![\w-])"
)
_YOURS = re.compile(
    r"\b(?:su|your|votre|ihre|uw|customer(?:'s)?|buyer(?:'s)?|client|(?:del\s+)?(?:cliente|comprador|receptor))\s*$",
    re.IGNORECASE,
)


def tax_ids(rows: Sequence[Row], buyers: Sequence[Block]) -> list[tuple[str, Read[str]]]:
    """Each party's tax ids by the field's name: those in the buyer's block are the buyer's."""
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
