"""Bank statements as CSV: which line is the header, and what its columns hold. Spanish, English and German."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DELIMITERS = (";", ",", "\t", "|")
_TOP = 40_000  # characters that are looked at
_SEARCHED = 40  # lines from the start in which a header may stand: banks write their name and the account first

# What a heading begins with, once it is without accents, case and signs. The first role that fits is taken.
_HEADINGS = (
    ("value_date", "fecha valor|f valor|valor fecha|value date|valuta|wertstellung|val date|fecha de valor"),
    ("date", "fecha|f operacion|f contable|date|booking date|transaction date|posting date|posted|buchungstag"
             "|buchungsdatum|buchung$|datum|completed date|started date"),
    ("balance", "saldo|balance|kontostand|running balance|available balance|closing balance"),
    ("debit", "cargo|debe|debit|debito|adeudo|paid out|money out|withdrawal|retiro|charges|dr$|soll"
              "|lastschrift|ausgang|salida|pagos"),
    ("credit", "abono|haber|credit|credito|paid in|money in|deposit|cr$|haben|gutschrift|eingang|entrada|ingresos"),
    ("currency", "divisa|moneda|currency|wahrung|ccy"),
    ("amount", "importe|monto|cantidad|amount|betrag|umsatz|valor$|value$|euro$|eur$"),
    ("counterparty", "beneficiario|ordenante|contraparte|nombre|payee|counterparty|name|merchant|empfanger|auftraggeber"
                     "|zahlungspflichtiger|begunstigter|zahlungsbeteiligter"),
    ("reference", "referencia|n operacion|reference|ref$|transaction id|kundenreferenz|referenz|mandatsreferenz"),
    ("description", "concepto|descripcion|detalle|observaciones|movimiento|description|details|narrative|memo"
                    "|particulars|verwendungszweck|buchungstext|vorgang|transaction|text$|type|tipo"),
)  # fmt: skip
_PATTERNS = tuple((role, re.compile(rf"(?:{words})")) for role, words in _HEADINGS)


@dataclass(frozen=True, slots=True)
class Columns:
    """How the rows are written: `roles` maps what a column holds to its index; `header` is the row of the headings."""

    delimiter: str
    header: int
    roles: dict[str, int]


def find_columns(text: str) -> Columns | None:
    """The header of a bank statement: a day, and an amount or debits and credits, and a word or a balance beside."""
    best: Columns | None = None
    text = text[:_TOP]
    for delimiter in DELIMITERS:
        for number, row in enumerate(rows(text, delimiter, _SEARCHED)):
            roles = _roles(row)
            if _is_header(roles) and (best is None or len(roles) > len(best.roles)):
                best = Columns(delimiter, number, roles)
    return best


def rows(text: str, delimiter: str, most: int | None = None) -> list[list[str]]:
    """The cells of each line, with quotes respected."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[list[str]] = []
    try:
        for row in csv.reader((line + "\n" for line in lines), delimiter=delimiter):
            found.append([cell.strip() for cell in row])
            if most is not None and len(found) >= most:
                break
    except csv.Error:  # a cell that is too long: this is no table
        return []
    return found


def _is_header(roles: dict[str, int]) -> bool:
    money = "amount" in roles or {"debit", "credit"} <= set(roles)
    return bool(
        money and {"date", "value_date"} & set(roles) and {"description", "balance", "counterparty"} & set(roles)
    )


def _roles(row: Sequence[str]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for index, cell in enumerate(row):
        heading = plain_heading(cell)
        if not heading or len(heading) > 60:
            continue
        role = next((role for role, pattern in _PATTERNS if role not in roles and pattern.match(heading)), None)
        if role:
            roles[role] = index
    return roles


def role_at(words: Sequence[str], taken: Iterable[str]) -> tuple[str, int] | None:
    """What the column is for whose heading begins the words, and how many of them name it; None for other words."""
    plain = [plain_heading(word) for word in words]
    text = " ".join(plain)
    for role, pattern in _PATTERNS:
        match = pattern.match(text)
        if match and role not in taken and match.group():
            return role, len(match.group().split())
    return None


def is_header(roles: Iterable[str]) -> bool:
    """If columns with these roles make up a list of movements."""
    return _is_header(dict.fromkeys(roles, 0))


def plain_heading(cell: str) -> str:
    """A heading without accents, case and signs."""
    letters = unicodedata.normalize("NFKD", cell.casefold().replace("ß", "ss"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())
