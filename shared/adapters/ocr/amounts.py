"""Points and commas in numbers: on worn paper they look alike, but the other amounts of the page tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import log, prod

from shared.adapters.ocr.lines import Char

MARKS = ".,"
CLEAR = log(1000)  # how much likelier one mark must be, over all amounts of the page
# Worn commas lose their tails and are read as points, with some doubt; points are read as points, with hardly any.
# What one reading tells, by how likely a comma is at least; nothing for a comma between the last two.
TELLS = ((0.2, log(20)), (0.02, log(3)), (0.002, 0.0), (0.0, -log(8)))
LEAST_ON_PAGE, LEAST_ALONE = 0.0005, 0.02  # of another mark, where the page tells which it is, and where it does not
CLEARLY = 10  # times likelier
LEAST_MINUS = 0.02  # of a minus that was read as a mark: no number begins with one and has another
MOST = 6  # marks of a number in doubt

_AMOUNT = re.compile(r"[\d.,]*\d[.,]\d\d")
_THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3})+[.,]\d\d")


def decimal_mark(numbers: Iterable[tuple[str, Sequence[Char]]]) -> str | None:
    """The decimal mark of the page's amounts, as surely as all of them together tell; None when they do not."""
    evidence = sum(_evidence(number, chars) for number, chars in numbers if _AMOUNT.fullmatch(number))
    return "," if evidence > CLEAR else "." if evidence < -CLEAR else None


def plausible(number: str, chars: Sequence[Char], mark: str | None) -> str:
    """The number with other marks, if it makes no sense as it was read and one other way of reading it does.

    Without a mark of the page, either may be the decimal one; then one way must be much likelier than the other.
    """
    marks, least = mark or MARKS, LEAST_ON_PAGE if mark else LEAST_ALONE
    if any(_makes_sense(number, one) for one in marks):
        return number
    ways = [
        [(other, p) for other, p in one.readings if char in MARKS and other in MARKS and (other == char or p >= least)]
        or [(char, 1.0)]
        for char, one in zip(number, chars, strict=True)
    ]
    if sum(len(way) > 1 for way in ways) > MOST:
        return number
    found = {"".join(char for char, _ in way): prod(p for _, p in way) for way in product(*ways)}
    likely = sorted((p, way) for way, p in found.items() if any(_makes_sense(way, one) for one in marks))
    clear = likely and (len(likely) == 1 or likely[-1][0] >= CLEARLY * likely[-2][0])
    return likely[-1][1] if clear else number


def sign(mark: str, chars: Sequence[Char]) -> str:
    """A mark before an amount, which may be a minus."""
    return "-" if dict(chars[0].readings).get("-", 0.0) >= LEAST_MINUS else mark


def _makes_sense(number: str, mark: str) -> bool:
    """Whether it is an amount with this decimal mark, its thousands apart or together, or a whole number."""
    point, other = re.escape(mark), re.escape(MARKS.replace(mark, ""))
    return re.fullmatch(rf"(\d+|\d{{1,3}}({other}\d{{3}})+)({point}\d\d)?", number) is not None


def _evidence(amount: str, chars: Sequence[Char]) -> float:
    """By how much (log) its decimal mark is rather a comma than a point; that of its thousands is the other."""
    apart = _THOUSANDS.fullmatch(amount) is not None
    return _for_comma(amount[-3], chars[-3]) - (_for_comma(amount[-7], chars[-7]) if apart else 0.0)


def _for_comma(mark: str, char: Char) -> float:
    """By how much (log) the mark is rather a comma than a point."""
    comma = dict(char.readings).get(",", 0.0) if char.readings else float(mark == ",")
    return next(tells for least, tells in TELLS if comma >= least)
