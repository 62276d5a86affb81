"""The net of a bill that does not print it because no tax comes on top of it, or none is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.domain.business import LineItem
from shared.domain.labelled import Read
from shared.domain.misread import folded
from shared.domain.money_labels import TAX_NAME, WITHOUT
from shared.domain.sheet import Row

_TAX = re.compile(rf"(?<![A-Z]){TAX_NAME}(?!\W{{0,3}}(?:ID|IDENT|NR|NO\b|N[O°º]|NUM|REG|CODE|NUMBER))(?![A-Z]{{3}})")
_LESS = rf"(?:WITHOUT|EXCLU(?:DING|SIVE|IDO|SIEF)|SANS|SENZA|{WITHOUT})"
_PRICES_WITHOUT = re.compile(
    rf"(?<![A-Z])(?:{_LESS}\W*(?:OF\W*|DE\W*)?{TAX_NAME}|{TAX_NAME}\W*{_LESS}|H\.?T\.?(?![A-Z]))"
)


def untaxed_net(
    rows: Sequence[Row], lines: Sequence[Read[LineItem]], fields: Mapping[str, Read[Any]]
) -> dict[str, Read[Any]]:
    """`net` as the total, where the paper shows a total and no net.

    Either the tax is printed as nothing; or the lines make the total, and the paper knows no tax at all or says that
    its prices are without it.
    """
    total = fields.get("total")
    if total is None or "net" in fields or {"withheld", "rounding"} & set(fields):
        return {}
    tax = fields.get("tax")
    if tax is not None:
        return {"net": replace(total, confidence=min(total.confidence, tax.confidence))} if tax.value == 0 else {}
    amounts = [line.value.amount for line in lines if line.value.amount is not None]
    if not amounts or sum(amounts, Decimal(0)) != total.value:
        return {}
    texts = [folded(row.text) for row in rows]
    if not any(map(_TAX.search, texts)) or any(map(_PRICES_WITHOUT.search, texts)):
        return {"net": replace(total, confidence=round(0.7 * total.confidence, 2))}
    return {}
