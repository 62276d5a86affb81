"""What a reader of pictures takes for something else: O for 0 in numbers, blanks in amounts. Lengths never change."""

from __future__ import annotations

import re
import unicodedata

_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "Q": "0", "D": "0", "l": "1", "I": "1", "|": "1"})
# A run of digits and what looks like them, in groups that marks part: dates, times, amounts.
_GROUPS = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=RM))[0-9OoQDlI|]+(?:[./:,\-][0-9OoQDlI|]+)+(?![A-Za-z0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[OolI|](?=\d)")
_BLANK_BEFORE_MARK = re.compile(r"(?<![\d.,])(\d{1,6}) ([.,]\d{2})(?![\d.,])")
_BLANK_AFTER_MARK = re.compile(r"(?<![\d.,])(\d{1,6}[.,]) (\d{2})(?=\s*$|\s{2})")
_GLUED_BEFORE = re.compile(r"(?<=[A-Za-z]{2})(?!(?<=R)M)[A-Za-z](?=\d{1,6}[.,]\d{2}(?!\d))")
_GLUED_AFTER = re.compile(r"(?<=\d[.,]\d{2})[A-Za-z](?=[A-Za-z]{2})")
# How tills mark the tax of a line, glued to its amount: 40.00SR.
_TAX_CODE = re.compile(r"(?<=\d[.,]\d{2})(?:SR?|ZR?L?|TX?|E|A|B|C)(?![A-Za-z0-9])")


def mended(text: str) -> str:
    """The text with digits where letters stand for them, and amounts without blanks: "3l.OO" and "31 .00" are 31.00.

    A character stays at its place or, in an amount that held a blank, moves by one.
    """
    text = _GROUPS.sub(_digits, text)
    text = _BETWEEN_DIGITS.sub(lambda match: match.group().translate(_LOOKALIKES), text)
    text = _BLANK_BEFORE_MARK.sub(r" \1\2", text)
    text = _BLANK_AFTER_MARK.sub(r" \1\2", text)
    return _TAX_CODE.sub(lambda match: " " * len(match.group()), text)


def unglued(text: str) -> str:
    """The text with a blank for the last letter of a word that runs into an amount, and for the first one after it.

    "TOTAL12.00CASH" has its amount at its place then; what the words say is read from the text itself.
    """
    return _GLUED_AFTER.sub(" ", _GLUED_BEFORE.sub(" ", text))


def _digits(match: re.Match[str]) -> str:
    """The group as digits when most of it are digits; "1.5l" keeps its litres."""
    run = match.group()
    real = sum(char.isdigit() for char in run)
    letters = sum(char.isalpha() or char == "|" for char in run)
    if letters > real or run[-1] in "lI|":
        return run
    return run.translate(_LOOKALIKES)


def folded(text: str) -> str:
    """In capitals and without accents, one character for each: what labels are compared with."""
    return "".join(map(_plain_capital, text))


def _plain_capital(char: str) -> str:
    upper = char.upper()
    if len(upper) != 1:
        upper = char
    return upper if upper.isascii() else unicodedata.normalize("NFD", upper)[0]
