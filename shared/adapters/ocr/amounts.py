"""Points and commas in numbers: on worn paper they look alike, but the other amounts of the page tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import log

from shared.adapters.ocr.lines import Char

MARKS = ".,"
CLEAR = log(1000)  # how much likelier one mark must be, over all amounts of the page
# Worn commas lose their tails and are read as points, with some doubt; points are read as points, without any.
COMMA, POINT = 0.2, 0.05  # a comma that is at least, or less likely
FOR_COMMA, FOR_POINT = log(20), log(8)  # what one such reading tells
LEAST_ON_PAGE, LEAST_ALONE = 0.002, 0.1  # of another mark, where the page tells which it is, and where it does not
MOST = 6  # marks of a number in doubt

_AMOUNT = re.compile(r"[\d.,]*\d[.,]\d\d")


def decimal_mark(numbers: Iterable[tuple[str, Sequence[Char]]]) -> str | None:
    """The decimal mark of the page's amounts, as surely as all of them together tell; None when they do not."""
    evidence = sum(_for_comma(number[-3], chars[-3]) for number, chars in numbers if _AMOUNT.fullmatch(number))
    return "," if evidence > CLEAR else "." if evidence < -CLEAR else None


def plausible(number: str, chars: Sequence[Char], mark: str | None) -> str:
    """The number with other marks, if it makes no sense as it was read and only one other way of reading it does.

    Without a mark of the page, either may be the decimal one.
    """
    marks, least = mark or MARKS, LEAST_ON_PAGE if mark else LEAST_ALONE
    if any(_makes_sense(number, one) for one in marks):
        return number
    ways = [
        [other for other, p in one.readings if char in MARKS and other in MARKS and (other == char or p >= least)]
        or [char]
        for char, one in zip(number, chars, strict=True)
    ]
    if sum(len(way) > 1 for way in ways) > MOST:
        return number
    found = {way for way in map("".join, product(*ways)) if any(_makes_sense(way, one) for one in marks)}
    return found.pop() if len(found) == 1 else number


def _makes_sense(number: str, mark: str) -> bool:
    """Whether it is an amount with this decimal mark, its thousands apart or together, or a whole number."""
    point, other = re.escape(mark), re.escape(MARKS.replace(mark, ""))
    return re.fullmatch(rf"(\d+|\d{{1,3}}({other}\d{{3}})+)({point}\d\d)?", number) is not None


def _for_comma(mark: str, char: Char) -> float:
    """By how much (log) the mark is rather a comma than a point."""
    comma = dict(char.readings).get(",", 0.0) if char.readings else float(mark == ",")
    return FOR_COMMA if comma >= COMMA else -FOR_POINT if comma < POINT else 0.0
