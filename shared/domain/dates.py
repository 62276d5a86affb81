"""Dates in running text, in the languages of Western Europe; ambiguous ones are left out, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS: dict[str, int] = {}
for _names in (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
):
    for _number, _name in enumerate(_names.split(), start=1):
        _MONTHS[_name] = _number
        _MONTHS.setdefault(_name[:4], _number)
        _MONTHS.setdefault(_name[:3], _number)
_MONTHS |= {"setiembre": 9, "sept": 9, "jän": 1, "mrz": 3, "maerz": 3, "fevrier": 2, "decembre": 12, "aout": 8}
# "jui" and "jui." may be June or July, "mar" is March in all of them.
_MONTHS.pop("jui", None)

_ISO = r"(?P<iso>(?P<iy>(?:19|20)\d{2})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2}))"
_YEAR = r"(?:19|20)\d{2}|\d{2}"
_NUMERIC = rf"(?P<numeric>(?P<a>\d{{1,2}})\s?(?P<mark>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=mark)\s?'?(?P<y>{_YEAR}))"
_DAY_FIRST = (
    r"(?P<df>(?P<d1>\d{1,2})(?:\.|er|st|nd|rd|th|º)?[\s./-]*(?:de\s+|of\s+)?(?P<m1>[^\W\d_]{3,10})\.?,?"
    rf"[\s./'-]*(?:del?\s+)?(?P<y1>{_YEAR}))"
)
_MONTH_FIRST = r"(?P<mf>(?P<m2>[^\W\d_]{3,10})[\s./-]*(?P<d2>\d{1,2})(?:st|nd|rd|th)?[\s,./-]+(?P<y2>(?:19|20)\d{2}))"
# A time of day may be glued to the year by a reader of pictures: 23/01/201818:46.
_DATE = re.compile(
    rf"(?<![\d.,/-])(?:{_ISO}|{_NUMERIC}|{_DAY_FIRST}|{_MONTH_FIRST})"
    r"(?:(?=[T,-]?\d{1,2}:\d{2})|(?=[^\W\d_])(?<=\d{4})|(?![\w/%]|[.,:-]\d))"
)
_SHORT = re.compile(
    r"(?:(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})|(?P<d1>\d{1,2})[\s./-]?(?P<m1>[^\W\d_]{3,10})\.?|(?P<m2>[^\W\d_]{3,10})\.?\s?(?P<d2>\d{1,2}))"
    r"(?![\w.,/:-]\d|[^\W_])"
)
_BRITISH = re.compile(
    r"£|(?i:\bGBP\b|\bVAT\b|\bU\.?K\.?\b|\bIreland\b|\bIndia\b|\bGST\b)|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)
_AMERICAN = re.compile(r"\bUSA?\b|\bU\.S\.|United States|\bZIP\b|sales tax|\b[A-Z]{2} \d{5}\b")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and its characters `[start, end)`. `numeric`: day and month are both written as numbers, year last."""

    value: date
    start: int
    end: int
    numeric: bool = False


def day_first(text: str, language: str) -> bool | None:
    """If 03/04 is the third of April in this text; None when nothing tells.

    Outside English it is. In English another date of the text may tell (13/04), or the country it speaks of.
    """
    if language != "en":
        return True
    firsts = [(int(m["a"]), int(m["b"])) for m in _DATE.finditer(text) if m["numeric"]]
    if any(a > 12 for a, _ in firsts) or any(b > 12 for _, b in firsts):
        return any(a > 12 for a, _ in firsts)
    british, american = bool(_BRITISH.search(text)), bool(_AMERICAN.search(text))
    return british if british != american else None


def dates(text: str, order: bool | None, offset: int = 0) -> list[FoundDate]:
    """All dates of a text; `order` as `day_first` says. What cannot be a date, or may be two, is left out."""
    found = []
    for match in _DATE.finditer(text):
        value = _value(match, order) if _stands_alone(text, match) else None
        if value is not None:
            found.append(FoundDate(value, offset + match.start(), offset + match.end(), bool(match["numeric"])))
    return found


def day_and_month(text: str, order: bool | None) -> tuple[int, int, int] | None:
    """(day, month, end) of a date without a year at the start of a text: "03/04", "3 abr", "Mar 03"."""
    match = _SHORT.match(text)
    if not match:
        return None
    if match["a"]:
        a, b = int(match["a"]), int(match["b"])
        first = True if a > 12 else False if b > 12 else order
        if first is None and a != b:
            return None
        day, month = (a, b) if first or a == b else (b, a)
    else:
        day, month = int(match["d1"] or match["d2"]), _MONTHS.get((match["m1"] or match["m2"]).casefold(), 0)
    return (day, month, match.end()) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Letters before it belong to something else, such as a number, unless the date is written in full."""
    before = text[: match.start()][-1:]
    if not (before.isalpha() or before == "_"):
        return True
    return before.isalpha() and len(match["y"] or match["iy"] or "") == 4 and (match["mark"] or "-") in "/-"


def _value(match: re.Match[str], order: bool | None) -> date | None:
    if match["iso"]:
        return _date(match["iy"], int(match["im"]), int(match["id"]))
    if match["df"]:
        return _date(match["y1"], _MONTHS.get(match["m1"].casefold(), 0), int(match["d1"]))
    if match["mf"]:
        return _date(match["y2"], _MONTHS.get(match["m2"].casefold(), 0), int(match["d2"]))
    a, b = int(match["a"]), int(match["b"])
    if match["mark"] == "." or a > 12 or a == b:
        order = True
    elif b > 12:
        order = False
    if order is None:
        return None
    return _date(match["y"], b, a) if order else _date(match["y"], a, b)


def _date(year: str, month: int, day: int) -> date | None:
    full = int(year) if len(year) == 4 else (2000 if int(year) < 70 else 1900) + int(year)
    try:
        return date(full, month, day) if 1900 <= full <= 2100 else None
    except ValueError:
        return None
