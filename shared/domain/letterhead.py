"""Who sends a paper that does not say "Seller": the name that its head, its foot, its net and bank data speak for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.company_words import COMPANY
from shared.domain.identifiers import compact
from shared.domain.labelled import Read
from shared.domain.misread import folded
from shared.domain.party_blocks import Block, block_under
from shared.domain.party_names import POSTCODE, block_address, is_name
from shared.domain.sheet import Cell, Row

_HEAD, _FOOT = 10, 0.75  # rows from the top; share of the page's height where its foot begins
_TALL = 1.35  # times the usual height of type: a name set large
_ENOUGH, _LEAD = 0.4, 0.1  # a name needs so much evidence, and so much more than the next one
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)(?P<host>[a-z0-9-]{3,}(?:\.[a-z0-9-]+)*)\.[a-z]{2,10}\b", re.I)
_FREE_MAIL = frozenset(
    "GMAIL HOTMAIL YAHOO OUTLOOK LIVE ICLOUD GMX WEB TONLINE LIBERO ORANGE WANADOO TELEFONICA".split()  # noqa: SIM905
)
_CONTACT = re.compile(r"@|www\.|https?://|(?<![A-Z])(?:TEL|PHONE|FAX|FON|TLF|TELEFONO|MOVIL)(?![A-Z])", re.I)


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that speaks for a name, and how much. Names that differ in their legal form alone are one."""

    name: Read[str]
    weight: float
    kind: str

    @property
    def key(self) -> str:
        """What tells it from others."""
        return _key(self.name.value)


def _key(name: str) -> str:
    """A name's letters without its legal form."""
    form = COMPANY.search(name)
    stem = name[: form.start()] if form and form.start() > 2 else name
    return re.sub(r"[\W_]", "", folded(stem))


def letterhead(rows: Sequence[Row], taken: Sequence[Block]) -> dict[str, Read[Any]]:
    """`seller_name` and, where it stands under the name, `seller_address`. `taken` are the blocks of other parties.

    Each sign counts once for a name. Too little evidence, or two names with nearly as much, give nothing.
    """
    signs = [
        sign
        for sign in (*_head(rows, taken), *_companies(rows), *_called(rows), *_foot(rows))
        if not any(block.holds(sign.name.start) for block in taken)
    ]
    hosts = _hosts(rows, taken)
    weighed = {key: _weight(key, signs, hosts) for key in {sign.key for sign in signs}}
    ranked = sorted(((weight, key) for key, weight in weighed.items()), reverse=True)
    if not ranked or ranked[0][0] < _ENOUGH or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEAD):
        return {}
    weight, key = ranked[0]
    names = [replace(sign.name, confidence=min(weight, 0.8)) for sign in signs if sign.key == key]
    fields: dict[str, Read[Any]] = {"seller_name": next((n for n in names if COMPANY.search(n.value)), names[0])}
    addresses = (_address_under(rows, name) for name in names)
    return fields | next(({"seller_address": read} for read in addresses if read), {})


def _weight(key: str, signs: Sequence[_Sign], hosts: Sequence[str]) -> float:
    """All that speaks for a name: of each kind of sign the strongest, and what the addresses of the net say."""
    kinds = {sign.kind for sign in signs if sign.key == key}
    strongest = (max(sign.weight for sign in signs if sign.key == key and sign.kind == kind) for kind in kinds)
    return round(sum(strongest) + _confirmed(key, hosts), 2)


def _head(rows: Sequence[Row], taken: Sequence[Block]) -> Iterator[_Sign]:
    """Names at the head: first of all, set large, with the address or a telephone under them, on every page."""
    head = [row for row in rows if row.page == rows[0].page][:_HEAD] if rows else []
    usual = median([_height(cell) for row in rows for cell in row.cells] or [0.0])
    later = _later_heads(rows)
    first = True
    for index, row in enumerate(head):
        for at, cell in enumerate(row.cells):
            name = _plain_name(cell)
            if name is None or any(block.holds(cell.start) for block in taken):
                continue
            if first:
                yield _Sign(name, 0.15, "first")
            first = False
            if usual and _height(cell) > _TALL * usual:
                yield _Sign(name, 0.25, "large")
            if compact(cell.text) in later:
                yield _Sign(name, 0.1, "repeated")
            under = [text for text, _ in block_under(rows, index, at, near=True).lines[:6]]
            if any(POSTCODE.search(text) for text in under[:5]):
                yield _Sign(name, 0.25 if any(map(_CONTACT.search, under)) else 0.1, "address")


def _later_heads(rows: Sequence[Row]) -> set[str]:
    """What stands at the head of the pages after the first."""
    pages: dict[int, list[Row]] = {}
    for row in rows:
        pages.setdefault(row.page, []).append(row)
    return {compact(cell.text) for page in list(pages.values())[1:] for row in page[:4] for cell in row.cells}


def _companies(rows: Sequence[Row]) -> Iterator[_Sign]:
    """Companies by their legal form; the only one of a paper is surer: of two either may buy."""
    found = [
        (Read(name, start, start + len(name), 0.5), _is_half(rows, index, cell))
        for index, row in enumerate(rows)
        for cell in row.cells
        for name, start in _companies_in(cell)
    ]
    only = len({compact(read.value) for read, _ in found}) == 1
    for read, half in found:
        yield _Sign(read, 0.5 if only and not half else 0.2, "company")


def _is_half(rows: Sequence[Row], index: int, cell: Cell) -> bool:
    """Whether a name stands right above the cell, as the first half of a name in two lines would."""
    if cell.box is None or index == 0:
        return False
    near = [other for other in rows[index - 1].cells if other.box and abs(other.box[0] - cell.box[0]) < 0.01]
    touching = [o for o in near if o.box and cell.box[1] - o.box[3] < 0.5 * _height(cell)]
    return any(_plain_name(other) and not _alike(_key(cell.text), _key(other.text)) for other in touching)


def _companies_in(cell: Cell) -> Iterator[tuple[str, int]]:
    match = COMPANY.search(cell.text)
    if match and match.start() > 1:
        name = re.split(r":\s|\s[-–|●•·]\s", cell.text[: match.end()])[-1].strip(" -*,")
        if 3 <= len(name) <= 60 and len(name.split()) <= 7:
            yield name, cell.start + cell.text.index(name)


def _called(rows: Sequence[Row]) -> Iterator[_Sign]:
    """Whose the account is that is paid to, and who the paper says has sold or issued."""
    for row in rows:
        for match in labels.SENDER_ROLE.finditer(row.text):
            rest = re.split(r"\s{2,}|\s[-–|●•·]\s|[.;](?:\s|$)(?!\S)", row.text[match.end() :].lstrip(" :"))[0].strip(
                " ,"
            )
            if 2 < len(rest) <= 60 and len(rest.split()) <= 7 and is_name(rest):
                start = row.start + row.text.index(rest, match.end())
                yield _Sign(Read(rest, start, start + len(rest), 0.5), 0.35, "called")


def _foot(rows: Sequence[Row]) -> Iterator[_Sign]:
    """A name at the foot of a page that heads a seat, a registration, a tax id."""
    for index, row in enumerate(rows):
        if row.box is None or row.box[1] < _FOOT:
            continue
        for cell in row.cells:
            name = _plain_name(cell)
            below = [other for other in rows[index + 1 : index + 4] if other.page == row.page]
            if name and len(row.cells) == 1 and any(labels.REGISTERED.search(other.text) for other in below):
                yield _Sign(name, 0.3, "foot")


def _plain_name(cell: Cell) -> Read[str] | None:
    """The cell as a name: some letters, no title of a paper, no label, no slogan of many words."""
    text = cell.text.strip(" *-_|")
    if not 3 <= len(text) <= 60 or len(text.split()) > 7 or sum(map(str.isalpha, text)) < 3 or ":" in text:
        return None
    if (
        not is_name(text)
        or labels.TITLE.search(folded(text))
        or POSTCODE.search(text)
        or text.endswith((".", "!", "?"))
    ):
        company = COMPANY.search(text)
        if not company or company.end() < len(text) - 1:
            return None
    start = cell.start + cell.text.index(text)
    return Read(text, start, start + len(text), 0.5)


def _confirmed(key: str, hosts: Sequence[str]) -> float:
    """What the sender's addresses of the net say of a name: for it, nothing, or that they are another's."""
    if any(_alike(key, host) for host in hosts):
        return 0.35
    return -0.15 if hosts else 0.0


def _hosts(rows: Sequence[Row], taken: Sequence[Block]) -> list[str]:
    """The parts of host names on the paper, without the buyer's and those where anybody may have a mailbox."""
    found = [
        re.sub(r"[\W_]", "", folded(part))
        for row in rows
        for match in _DOMAIN.finditer(row.text)
        if not any(block.holds(row.start + match.start()) for block in taken)
        for part in match["host"].split(".")
    ]
    return [host for host in found if host not in _FREE_MAIL]


def _alike(key: str, host: str) -> bool:
    short, long = sorted((key, host), key=len)
    return (len(short) >= 5 and long.startswith(short)) or (len(short) >= 4 and short == long)


def _address_under(rows: Sequence[Row], name: Read[str]) -> Read[str] | None:
    for index, row in enumerate(rows):
        if row.start <= name.start < row.end:
            return block_address(block_under(rows, index, row.cell_at(name.start), near=True), name, name.confidence)
    return None


def _height(cell: Cell) -> float:
    return cell.box[3] - cell.box[1] if cell.box else 0.0
