"""Who a paper is addressed to where no heading says so: the block of a name with street and postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain import paper_labels as labels
from shared.domain.company_words import COMPANY
from shared.domain.labelled import Read
from shared.domain.misread import folded
from shared.domain.party_blocks import Block, block_under
from shared.domain.party_names import POSTCODE, is_name
from shared.domain.sheet import Cell, Row

_TOP = 0.5  # of the page: what is below is the table and the foot
_SAME_LEFT = 0.02
_NEAR = 2.0  # of a line's height: nearer is one block


def addressee(rows: Sequence[Row], seller: Read[str] | None, others: Sequence[Block]) -> Block | None:
    """The block, if the paper has one only besides the seller's; of two or more the one that greets somebody."""
    if not rows or rows[0].box is None:
        return None
    found: dict[str, Block] = {}
    for block in _address_blocks(rows):
        first, start = block.lines[0]
        own = seller is not None and (start <= seller.start < start + len(first) or _same(first, seller.value))
        if not own and not any(other.holds(start) for other in others):
            found.setdefault(_letters(first), block)
    greeted = [block for block in found.values() if labels.HONORIFIC.match(block.lines[0][0])]
    if len(greeted) == 1:
        return greeted[0]
    return next(iter(found.values())) if len(found) == 1 and seller is not None else None


def _address_blocks(rows: Sequence[Row]) -> Iterator[Block]:
    """Blocks on the upper half of the first page that begin with a name and have a postcode in the lines below."""
    top = [row for row in rows if row.page == rows[0].page and row.box and row.box[1] < _TOP]
    for index, row in enumerate(top):
        for at, cell in enumerate(row.cells):
            if not _begins(top[:index], cell) or not _may_head(cell.text):
                continue
            under = block_under(top, index, at, near=True).lines
            lines = under[: next((i for i, (text, _) in enumerate(under) if _is_title(text)), len(under))]
            last = next((i for i, (text, _) in enumerate(lines[:5]) if POSTCODE.search(text)), None)
            if last is not None:
                yield Block(((cell.text, cell.start), *lines))


def _begins(above: Sequence[Row], cell: Cell) -> bool:
    """Whether no cell stands right above, at the same left edge; a title of a person begins one anyway."""
    if cell.box is None:
        return False
    if _is_title(cell.text):
        return True
    height = cell.box[3] - cell.box[1]
    return not any(
        other.box and abs(other.box[0] - cell.box[0]) < _SAME_LEFT and cell.box[1] - other.box[3] < _NEAR * height
        for row in above[-3:]
        for other in row.cells
    )


def _is_title(text: str) -> bool:
    return labels.HONORIFIC.fullmatch(text.strip()) is not None


def _may_head(text: str) -> bool:
    heading = any(label.match(text) for label in (labels.SELLER, labels.OTHER_PARTY)) or labels.ADDRESS.match(text)
    return (
        2 < len(text) <= 60
        and is_name(text)
        and ":" not in text
        and not heading
        and not POSTCODE.search(text)
        and not labels.TITLE.search(folded(text))
    )


def _same(text: str, name: str) -> bool:
    """Whether one begins with the other, legal forms aside."""
    one, other = _letters(text), _letters(COMPANY.sub("", name))
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", folded(text))
