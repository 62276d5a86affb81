"""Numbers that no business paper has: they can only be misread or malicious, and no sum is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pydantic import BaseModel

from shared.domain.findings import Case, Finding, finding

# What the tables hold, and what exchange rates and prices per unit need.
LARGEST = Decimal(10) ** 14
_DECIMALS = 12


def sizes(case: Case) -> Iterator[Finding]:
    """Every number of the record, wherever it stands, that is too large or has too many decimals."""
    for path, value in _numbers(case.record):
        exponent = value.as_tuple().exponent
        if value.adjusted() >= LARGEST.adjusted() or not isinstance(exponent, int) or exponent < -_DECIMALS:
            yield finding(path, value, "number_is_plausible", largest=LARGEST, decimals=_DECIMALS)


def _numbers(part: BaseModel, path: str = "") -> Iterator[tuple[str, Decimal]]:
    for name, value in part:
        if isinstance(value, Decimal):
            yield path + name, value
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _numbers(one, f"{path}{name}.{index}.")
