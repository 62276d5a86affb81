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


_MONEY = r"-?\d{1,3}(?:\.\d{3})*,\d\d"
_LINE = re.compile(rf"(?m)^(\d+) x (.+?) a ({_MONEY}) € .*?IVA (\d+) % +({_MONEY}) €$")
_ITEM = re.compile(rf"(?m)^- (.+?): +({_MONEY}) €$")
_MOVEMENT = re.compile(rf"(?m)^(\d\d/\d\d/\d{{4}}) +(.+?) +({_MONEY}) +({_MONEY})$")


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


def rows(asked: Asked, invents: bool) -> Answer:
    """Lines `2 x Mesa a 50,00 € … IVA 21 % 100,00 €` or `- Mesa: 50,00 €`, movements `01/02/2026 Luz 30,00 70,00`.

    A movement leaves the account when the balance has become less, as one that looks at the columns would know.
    """
    text = asked.blocks().get("PART", "")
    found = [_line(match) for match in _LINE.finditer(text)] + [_item(match) for match in _ITEM.finditer(text)]
    if asked.purpose == "movements":
        found = _movements(text)
    if invents:
        made_up = {"quote": f"1 x Nobody {INVENTED_TOTAL}", "description": "Nobody", "amount": INVENTED_TOTAL}
        found.append({name: made_up.get(name, "2026-01-01") for name in ("quote", "date", "description", "amount")})
    return {"rows": found}


def _line(match: re.Match[str]) -> dict[str, str]:
    quantity, description, price, rate, amount = match.groups()
    return {
        "quote": match.group(),
        "description": description,
        "quantity": quantity,
        "unit_price": _normalised("total", price),
        "tax_rate": rate,
        "amount": _normalised("total", amount),
    }


def _item(match: re.Match[str]) -> dict[str, str]:
    return {
        "quote": match.group(),
        "description": match.group(1),
        "quantity": "",
        "unit_price": "",
        "tax_rate": "",
        "amount": _normalised("total", match.group(2)),
    }


def _movements(text: str) -> list[dict[str, str]]:
    found = []
    opening = re.search(rf"(?im)^.*saldo (?:inicial|anterior).*?({_MONEY})", text)
    before = float(_normalised("total", opening.group(1))) if opening else 0.0
    for match in _MOVEMENT.finditer(text):
        day, description, amount, balance = match.groups()
        after = float(_normalised("total", balance))
        found.append(
            {
                "quote": match.group(),
                "date": _normalised("issue_date", day),
                "description": description,
                "amount": ("-" if after < before else "") + _normalised("total", amount),
                "balance": _normalised("total", balance),
            }
        )
        before = after
    return found


def _normalised(field: str, value: str) -> str:
    if field == "total":
        mark = max(value.rfind(","), value.rfind("."))
        whole, cents = (value[:mark], value[mark:]) if mark >= 0 else (value, "")
        return re.sub(r"[.,]", "", whole) + cents.replace(",", ".")
    if field == "issue_date":
        return datetime.strptime(value, "%d/%m/%Y").date().isoformat()
    return value
