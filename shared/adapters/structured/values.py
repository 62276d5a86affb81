"""Single values as the syntaxes write them: numbers, days, codes. What cannot be read says what would do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?")


class Unreadable(ValueError):
    """A value that is not what its field holds; the message says what would do. `rule` names what it breaks."""

    def __init__(self, rule: str, message: str, spanish: str) -> None:
        super().__init__(message)
        self.rule, self.spanish = rule, spanish


def text(value: str, node: Any = None) -> str:
    """As it is."""
    return value


def number(value: str, node: Any = None) -> Decimal:
    """A decimal with a point, as XML writes it."""
    if not _NUMBER.fullmatch(value):
        raise Unreadable(
            "number",
            "This is no number: digits with a decimal point and nothing else would be, as 19.00.",
            "No es un número: lo serían cifras con un punto decimal y nada más, como 19.00.",
        )
    return Decimal(value) + 0  # minus nothing is nothing


def day(value: str, node: Any = None) -> date:
    """A day of ISO 8601; a time after it is passed over."""
    match = _DAY.fullmatch(value)
    if not match:
        raise Unreadable(
            "date",
            "This is no date: year, month and day would be, as 2024-03-31.",
            "No es una fecha: lo serían año, mes y día, como 2024-03-31.",
        )
    return _existing(match[1], match[2], match[3])


def compact_day(value: str, node: Any = None) -> date:
    """A day as UN/CEFACT writes it: eight digits, and the attribute `format` must say 102."""
    form = node.get("format") if node is not None and hasattr(node, "get") else "102"
    if form != "102":
        raise Unreadable(
            "date_format",
            f"This date has {f'format {form}' if form else 'no format'}: format 102 is needed, as 20240331.",
            f"Esta fecha tiene {f'el formato {form}' if form else 'ningún formato'}: hace falta el 102, como 20240331.",
        )
    if not re.fullmatch(r"\d{8}", value):
        raise Unreadable(
            "date",
            "This is no date of format 102: year, month and day in eight digits are, as 20240331.",
            "No es una fecha de formato 102: lo son año, mes y día en ocho cifras, como 20240331.",
        )
    return _existing(value[:4], value[4:6], value[6:])


def _existing(year: str, month: str, day_: str) -> date:
    try:
        return date(int(year), int(month), int(day_))
    except ValueError as error:
        raise Unreadable(
            "date_exists",
            "There is no such day in the calendar: correct year, month or day.",
            "Ese día no existe en el calendario: corrija año, mes o día.",
        ) from error


def percent(value: str, node: Any = None) -> Decimal:
    """A rate that is written as a share (0.160000), in percent (16)."""
    return plain(number(value) * 100)


def plain(value: Decimal) -> Decimal:
    """Without zeros at the end, and never as 1E+2; ten decimals at most."""
    value = round(value, 10)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def postal(*parts: str) -> Callable[[str, Any], str]:
    """An address of these child elements (local names), in this order."""

    def read(value: str, node: Any) -> str:
        found: dict[str, str] = {}
        for child in node.iter():
            name = str(child.tag).rpartition("}")[2]
            if name in parts and name not in found and (child.text or "").strip():
                found[name] = " ".join(child.text.split())
        return ", ".join(found[part] for part in parts if part in found)

    return read


def upper(value: str, node: Any = None) -> str:
    """A code in capitals."""
    return value.upper()


def iban(value: str, node: Any = None) -> str:
    """Without the blanks that people put in."""
    return re.sub(r"\s", "", value).upper()
