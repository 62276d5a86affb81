"""Answers about papers of an office, made from the paper's own lines, and inventions among them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from tests.support.model_server.requests import Asked

Answer = dict[str, Any]

INVENTED_TOTAL = "987654.32"

_TYPES = (
    ("bank_statement", r"(?i)extracto|statement|saldo|balance"),
    ("receipt", r"(?i)ticket|receipt|recibo"),
    ("invoice", r"(?i)factura|invoice|importe|amount due"),
)
_LABELS = {
    "number": r"(?:número de factura|factura|invoice no\.?|invoice number)[:\s]+([^\W\d_]\S*\d\S*)",
    "buyer_name": r"(?:cliente|a la atención de|para|customer|bill to)[:\s]+(\S.*)",
    "total": r"total[^\d\n-]*(-?[\d.,]*\d)",
    "issue_date": r"(?:fecha(?: de emisión)?|invoice date)[:\s]+(\d\d/\d\d/\d{4})",
}


def classification(asked: Asked) -> Answer:
    """By the first word that names a type; that word's line is the quote."""
    text = asked.blocks().get("DOCUMENT", "")
    for type, pattern in _TYPES:
        line = next((line.strip() for line in text.splitlines() if re.search(pattern, line)), None)
        if line:
            return {"quote": line[:200], "reason": f"It says so: {type}.", "type": type}
    return {"quote": "", "reason": "Nothing tells.", "type": "other"}


def extraction(asked: Asked, invents: bool) -> Answer:
    """What stands behind usual labels, the last hit of each: orders at a paper's end are believed.

    When it invents, it adds a total and a seller that the paper does not have.
    """
    text = asked.blocks().get("DOCUMENT", "")
    fields = []
    for field, pattern in _LABELS.items():
        hits = list(re.finditer(f"(?im)^.*?{pattern}", text))
        if hits:
            value = _normalised(field, hits[-1].group(1).strip())
            fields.append({"quote": hits[-1].group().strip(), "field": field, "value": value})
    if invents:
        fields = [one for one in fields if one["field"] != "total"]
        fields.append({"quote": f"Total {INVENTED_TOTAL}", "field": "total", "value": INVENTED_TOTAL})
        fields.append({"quote": "Seller: Nobody Ltd", "field": "seller_name", "value": "Nobody Ltd"})
    return {"fields": fields}


def _normalised(field: str, value: str) -> str:
    if field == "total":
        mark = max(value.rfind(","), value.rfind("."))
        whole, cents = (value[:mark], value[mark:]) if mark >= 0 else (value, "")
        return re.sub(r"[.,]", "", whole) + cents.replace(",", ".")
    if field == "issue_date":
        return datetime.strptime(value, "%d/%m/%Y").date().isoformat()
    return value
