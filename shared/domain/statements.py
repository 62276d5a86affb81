"""Bank statements as SWIFT MT940; what is printed on paper is read by `statement_paper`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain.amounts import parse_number
from shared.domain.business import Transaction
from shared.domain.identifiers import compact, iban_is_valid
from shared.domain.labelled import Read

_BALANCE = re.compile(
    r"^:(?P<tag>60|62)[FM]:(?P<sign>[CD])(?P<date>\d{6})(?P<currency>[A-Z]{3})(?P<amount>[\d,.]+)", re.M
)
_MOVEMENT = re.compile(
    r"^:61:(?P<date>\d{6})(?:\d{4})?(?P<sign>R?[CD])[A-Z]?(?P<amount>\d+(?:,\d*)?)(?P<rest>[^\r\n]*)", re.M
)
_DETAILS = re.compile(r"[\r\n]{0,2}:86:(.{0,2000}?)(?=^:\d\d[A-Z]?:|^-\s*$|\Z)", re.M | re.S)
_ACCOUNT = re.compile(r"^:25:(?P<value>[^\r\n]+)", re.M)
_REFERENCE = re.compile(r"^:28C?:(?P<value>\S+)", re.M)

Fields = dict[str, Read[Any]]
Movements = tuple[Read[Transaction], ...]


def is_mt940(text: str) -> bool:
    """If the text is a SWIFT MT940 message."""
    return has_balances(text) and ":20:" in text


def has_balances(text: str) -> bool:
    """If the text has balances as MT940 writes them."""
    return _BALANCE.search(text) is not None


def mt940_fields(text: str) -> tuple[Fields, Movements]:
    """Balances, currency, date, account and movements.

    Statements that follow each other in one file are read as one; the balances of several accounts are left out.
    """
    balances = list(_BALANCE.finditer(text))
    fields = _balance_fields(balances) if _is_chain(balances) else {}
    currencies = {match["currency"]: match for match in balances if match["currency"]}
    if len(currencies) == 1:
        (match,) = currencies.values()
        fields["currency"] = Read(match["currency"], match.start("currency"), match.end("currency"), 0.98)
    reference = _REFERENCE.search(text)
    if reference:
        fields["number"] = Read(reference["value"], reference.start("value"), reference.end("value"), 0.9)
    account = _ACCOUNT.search(text)
    if account and iban_is_valid(account["value"]):
        fields["iban"] = Read(compact(account["value"]), account.start("value"), account.end("value"), 0.98)
    return fields, tuple(_movements(text))


def _is_chain(balances: Sequence[re.Match[str]]) -> bool:
    """If each statement opens with what the one before closed with: else they are of several accounts or have gaps."""
    inner = [(match["sign"], match["amount"]) for match in balances[1:-1]]
    return all(closed == opened for closed, opened in zip(inner[0::2], inner[1::2], strict=False))


def _balance_fields(balances: Sequence[re.Match[str]]) -> Fields:
    fields: Fields = {}
    for name, tag, match in (("opening_balance", "60", balances[0]), ("closing_balance", "62", balances[-1])):
        value = _signed(match["amount"], match["sign"])
        if match["tag"] == tag and value is not None:
            fields[name] = Read(value, match.start("amount"), match.end("amount"), 0.98)
    issued = _yymmdd(balances[-1]["date"])
    if issued and "closing_balance" in fields:
        fields["issue_date"] = Read(issued, balances[-1].start("date"), balances[-1].end("date"), 0.98)
    return fields


def _movements(text: str) -> list[Read[Transaction]]:
    """Movements whose date exists; a 30th of February is left to the reviewer, who sees that the sums do not meet."""
    found = []
    for match in _MOVEMENT.finditer(text):
        value, booked = _signed(match["amount"], match["sign"]), _yymmdd(match["date"])
        if value is not None and booked is not None:
            details = _DETAILS.match(text, match.end())
            description = " ".join(details.group(1).split()) if details else match["rest"].strip()
            made = Transaction(date=booked, amount=value, description=description[:300])
            found.append(Read(made, match.start(), match.end(), 0.98))
    return found


def _signed(amount: str, sign: str) -> Decimal | None:
    """Debits and reversed credits are negative."""
    value = parse_number(amount.rstrip(","), ",")
    return None if value is None else -value if sign in ("D", "RC") else value


def _yymmdd(text: str) -> date | None:
    year = int(text[:2])
    try:
        return date((2000 if year < 70 else 1900) + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None
