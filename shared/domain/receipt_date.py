"""The day of a receipt: of its dates the one that says so, stands beside a time, or comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from shared.domain.dates import FoundDate, dates, day_first
from shared.domain.labelled import Read
from shared.domain.misread import folded, mended
from shared.domain.sheet import Row

_LABEL = re.compile(
    r"(?<![A-Z])(?:DATE|FECHA|DATUM|DATA|TARIKH|DT)(?![A-Z])|(?:INV(?:OICE)?|BILL|RECEIPT|TRANS\w*)\W*DATE"
)
_OTHER_LABEL = re.compile(
    r"(?:EXP(?:IR\w*|\b)|VALID|DUE|BIRTH|DELIVER\w*|ORDER|PRINT\w*|SINCE|EFFECTIVE|UNTIL|BEFORE|VENC\w*|CADUC\w*|HASTA"
    r"|VALIDO|ENTREGA|GULTIG|ABLAUF|FALLIG|MHD|ECHEANCE|CHECK\W?(?:IN|OUT)|RETURN|EXCHANGE|DEVOLUCI|PROMO\w*|JOIN\w*)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<y>20[0-3]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
# Words that a reader of pictures glues to the day: "TUE29 DEC 2020", "DATE12/03/18".
_GLUED = re.compile(
    r"(?<![A-Za-z])(?:(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?|LUN(?:ES)?|MARTES|MIE(?:RCOLES)?|JUE(?:VES)?"
    r"|VIE(?:RNES)?|SAB(?:ADO)?|DOM(?:INGO)?|DATE|FECHA|DATUM|TARIKH)\.?(?=\d)",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[AP]\.?M)?")


def receipt_date(rows: Sequence[Row], text: str, language: str) -> Read[date] | None:
    """The best date of the receipt; several that speak for themselves alike make it less sure.

    English does not say whether 3/4 is in March or April. Where nothing else in the text tells, the day comes first,
    as nearly everywhere but in the United States, and the date is less sure.
    """
    told = day_first(mended(text), language)
    order = True if told is None else told
    weighed: list[tuple[float, FoundDate]] = []
    for index, row in enumerate(rows):
        for found in dates(_GLUED.sub(lambda match: " " * len(match.group()), mended(row.text)), order, row.start):
            either = told is None and found.numeric and found.value.day <= 12 and found.value.day != found.value.month
            weighed.append((_weight(rows, index, found) - 0.2 * either, found))
    if not weighed:
        return _compact(rows)
    weight, best = max(weighed, key=lambda item: (round(item[0], 3), -item[1].start))
    rivals = [other for other, found in weighed if found.value != best.value]
    if rivals and weight - max(rivals) < 0.1:
        weight *= 0.8
    return Read(best.value, best.start, best.end, min(max(weight, 0.1), 0.95))


def _compact(rows: Sequence[Row]) -> Read[date] | None:
    """20180312, where nothing else is a date: only behind the word for it, or before a time of day."""
    for row in rows:
        plain = folded(row.text)
        for match in _COMPACT.finditer(plain):
            if _LABEL.search(plain[: match.start()]) or _TIME.match(plain[match.end() :].lstrip(" -,T")):
                try:
                    value = date(int(match["y"]), int(match["m"]), int(match["d"]))
                except ValueError:
                    continue
                return Read(value, row.start + match.start(), row.start + match.end(), 0.6)
    return None


def _weight(rows: Sequence[Row], index: int, found: FoundDate) -> float:
    row = rows[index]
    plain = folded(row.text)
    before, after = plain[: found.start - row.start], plain[found.end - row.start :]
    above = folded(rows[index - 1].text) if index else ""
    weight = 0.6
    if _OTHER_LABEL.search(before) and not _LABEL.search(_OTHER_LABEL.split(before)[-1]):
        weight -= 0.35
    if _LABEL.search(before):
        weight += 0.25
    elif _LABEL.search(above) and not re.search(r"\d", above):
        weight += 0.15
    if _TIME.match(after.lstrip(" -,;A")) or _TIME.search(before):
        weight += 0.15
    elif index + 1 < len(rows) and re.fullmatch(
        rf"\W*(?:TIME|HORA)?\W*{_TIME.pattern}\W*", folded(rows[index + 1].text)
    ):
        weight += 0.1
    return weight - 0.05 * (index / max(len(rows), 1))
