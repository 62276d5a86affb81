"""Who gave a receipt: the name at its head, and the address between the name and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain import receipt_head_words as words
from shared.domain.company_words import BUSINESS, LEGAL_FORM, ONLY_FORM, mended_form
from shared.domain.country_names import country_of
from shared.domain.labelled import Read
from shared.domain.misread import folded
from shared.domain.sheet import Row

_HEAD = 16  # rows from the top among which name and address are looked for


@dataclass(frozen=True, slots=True)
class _Head:
    """The rows of the head with their folded texts; `address` is where the address stands, `[first, end)`."""

    rows: Sequence[Row]
    plain: list[str]
    address: tuple[int, int]


def receipt_seller(rows: Sequence[Row]) -> dict[str, Read[str]]:
    """`seller_name` and `seller_address`, as far as the head of the receipt shows them."""
    head_rows = [row for row in rows[:_HEAD] if row.page == rows[0].page]
    plain = [folded(row.text) for row in head_rows]
    head = _Head(head_rows, plain, _address_rows(plain))
    fields: dict[str, Read[str]] = {}
    name = _name(head)
    if name:
        fields["seller_name"] = name
    address = _address(head, name)
    if address:
        fields["seller_address"] = address
    return fields


def _address_rows(plain: Sequence[str]) -> tuple[int, int]:
    """From the first row with a street, a number or a postcode to the row before a phone, a tax id or the sale."""
    for first, text in enumerate(plain):
        if _is_address(text) and not words.TITLE.match(text) and not words.END.match(text.strip(" (*")):
            end = first + 1
            while end < len(plain) and end - first < 7 and _goes_on(plain[end], plain[end - 1]):
                end += 1
            return first, end
    return 0, 0


def _is_address(text: str) -> bool:
    """A street or a postcode; a registration in brackets has the form of one: "(250163 W)"."""
    known = words.STREET.search(text) or words.POSTCODE.search(words.IN_BRACKETS.sub("", text))
    other = LEGAL_FORM.search(text) or words.NUMBERED.search(text) or words.REGISTRATION.fullmatch(text.strip())
    return known is not None and not other


def _goes_on(text: str, above: str) -> bool:
    """Whether a line belongs to the address above it; behind postcode and town less does."""
    whole = words.TOWN.search(words.IN_BRACKETS.sub("", above)) and not above.rstrip().endswith((",", "-"))
    more = any(table.search(text) for table in (words.REGION, words.STREET, words.POSTCODE)) or country_of(text)
    if whole and not more:
        return False
    return not (
        words.END.search(text)
        or words.TITLE.match(text)
        or words.PHONE.fullmatch(text)
        or words.REGISTRATION.fullmatch(text)
        or _aside(text)
    )


def _aside(text: str) -> bool:
    """A line wholly in brackets: the branch, a tax id."""
    return text.strip().startswith("(") and text.rstrip(" .,").endswith(")")


def _name(head: _Head) -> Read[str] | None:
    first, _ = head.address
    stop = first or next((i for i, text in enumerate(head.plain) if i and words.END.search(text)), len(head.plain))
    candidates = [i for i in range(min(stop or 1, 8)) if _may_be_name(head.plain[i])]
    if not candidates:
        return None
    ranked = sorted(((_weight(head, i, candidates), -i) for i in candidates), reverse=True)
    weight, chosen = ranked[0][0], -ranked[0][1]
    return _joined(head, chosen, candidates, min(max(weight, 0.2), 0.9))


def _may_be_name(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        letters >= 3
        and letters >= 0.4 * len(text.replace(" ", ""))
        and not words.TITLE.match(text)
        and (not _is_end(text) or bool(LEGAL_FORM.search(text)))
        and not words.REGISTRATION.fullmatch(text.strip())
    )


def _is_end(text: str) -> bool:
    """Words such as "cash" or "order" end the head only where they begin a line: "Super Cash & Carry" is a name."""
    found = words.END.search(text)
    return found is not None and (found.start() <= 1 or not found.group()[0].isalpha())


def _weight(head: _Head, index: int, candidates: Sequence[int]) -> float:
    """Legal form first, then what businesses call themselves, then standing on top or right above the address."""
    text = head.plain[index]
    weight = 0.3
    if LEGAL_FORM.search(text):
        weight += 0.35
    if BUSINESS.search(text):
        weight += 0.2
    if index + 1 < len(head.plain) and words.REGISTRATION.fullmatch(head.plain[index + 1].strip()):
        weight += 0.2
    if index == candidates[-1]:
        weight += 0.12
    if index == candidates[0]:
        weight += 0.1
    return weight + 0.08 * _height(head, index) - 0.1 * (len(text) < 5)


def _height(head: _Head, index: int) -> float:
    """1 for the tallest row of the head when it stands out, else 0: names are set large."""
    boxes = [row.box for row in head.rows[:8]]
    tall = [box[3] - box[1] if box else 0.0 for box in boxes]
    own = tall[index]
    others = sorted(height for at, height in enumerate(tall) if at != index and height > 0)
    return 1.0 if own and others and own > 1.3 * others[len(others) // 2] and own >= max(others) else 0.0


def _joined(head: _Head, chosen: int, candidates: Sequence[int], confidence: float) -> Read[str]:
    """The name with the rows it runs over: a legal form on its own or an open bracket belongs to the row before."""
    first = last = chosen
    while first - 1 in candidates and _continues(head.plain[first - 1], head.plain[first]):
        first -= 1
    while last + 1 in candidates and _continues(head.plain[last], head.plain[last + 1]):
        last += 1
    text = " ".join(row.text for row in head.rows[first : last + 1])
    name = _without_registration(text)
    start = head.rows[first].start
    return Read(name, start, head.rows[last].start + len(head.rows[last].text), confidence)


def _continues(text: str, following: str) -> bool:
    letters, below = ("".join(filter(str.isalnum, one)) for one in (text, following))
    if below.startswith(letters):  # the name again, under a logo
        return False
    if ONLY_FORM.match(words.REGISTRATION_AT_END.sub("", following)) and not ONLY_FORM.search(text):
        return True
    if LEGAL_FORM.search(text) and text.count("(") <= text.count(")"):
        return False
    form = LEGAL_FORM.search(following)
    short = form is not None and len(following[: form.start()].split()) <= 1
    return short or text.count("(") > text.count(")") or text.rstrip().endswith(("&", "-", ","))


def _without_registration(text: str) -> str:
    """Without a registration number at the end, in brackets or not, and with a misread legal form put right."""
    cut = words.REGISTRATION_AT_END.sub("", text)
    name = " ".join((cut if len(cut) >= 3 else text).split()).strip(" *-_=:|~")
    return mended_form(name)


def _address(head: _Head, name: Read[str] | None) -> Read[str] | None:
    first, end = head.address
    if end <= first:
        return None
    # Lines between the name and the street that end in a comma are its beginning: a building, a floor.
    while name and first > 1 and head.rows[first - 1].start > name.end and head.plain[first - 1].rstrip().endswith(","):
        first -= 1
    text = " ".join(" ".join(row.text.split()) for row in head.rows[first:end]).strip(" -:;*")
    text = words.NOUGHT.sub("0", text)
    postcode = any(words.POSTCODE.search(plain) for plain in head.plain[first:end])
    above = name is not None and name.end <= head.rows[first].start
    confidence = 0.45 + 0.2 * postcode + 0.1 * above
    return Read(text, head.rows[first].start, head.rows[end - 1].end, confidence)
