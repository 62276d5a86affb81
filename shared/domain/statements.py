"""Bank statements: SWIFT MT940, and plain lists of dated amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain import paper_labels as labels
from shared.domain.amounts import amounts, parse_number
from shared.domain.business import Transaction
from shared.domain.dates import dates
from shared.domain.identifiers import compact, find_ibans, iban_is_valid
from shared.domain.labelled import Read, TextLine, labelled, text_lines

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


def statement_fields(text: str, mark: str, order: bool | None) -> tuple[Fields, Movements]:
    """Balances, currency, date, account and movements.

    Statements that follow each other in one file are read as one; the balances of several accounts are left out.
    """
    if _BALANCE.search(text):
        return _mt940(text)
    fields, movements = _plain(text_lines(text), mark, order)
    ibans = [Read(iban, start, end, 0.8) for iban, start, end in find_ibans(text) if iban_is_valid(iban)]
    return (fields | {"iban": ibans[0]} if ibans else fields), movements


def is_mt940(text: str) -> bool:
    """If the text is a SWIFT MT940 message."""
    return _BALANCE.search(text) is not None and ":20:" in text


def _mt940(text: str) -> tuple[Fields, Movements]:
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


def _plain(lines: Sequence[TextLine], mark: str, order: bool | None) -> tuple[Fields, Movements]:
    def reader(piece: str, offset: int) -> list[Read[Any]]:
        money = [amount for amount in amounts(piece, mark, offset) if amount.is_money]
        return [Read(money[-1].value, money[-1].start, money[-1].end, 0.7)] if money else []

    fields: Fields = {}
    opening = list(labelled(lines, labels.OPENING, reader, reach=80))
    closing = list(labelled(lines, labels.CLOSING, reader, reach=80))
    if opening:
        fields["opening_balance"] = opening[0]
    if closing:
        fields["closing_balance"] = closing[-1]
    balances = {read.start for read in opening + closing}
    dated = [
        _dated_amount(line, mark, order) for line in lines if not any(line.start <= at < line.end for at in balances)
    ]
    return fields | _statement_currency(lines, mark), tuple(one for one in dated if one)


def _dated_amount(line: TextLine, mark: str, order: bool | None) -> Read[Transaction] | None:
    """A line that begins with a date and holds an amount; when there are two the second is the running balance."""
    booked = dates(line.text[:24], order)
    if not booked or booked[0].start > 2:
        return None
    money = [amount for amount in amounts(line.text, mark) if amount.exact and amount.start >= booked[0].end]
    if not money or len(money) > 2:
        return None
    between = line.text[booked[0].end : money[0].start]
    description = " ".join(word for word in between.split() if not dates(word, order)).strip("-−€$+ ")
    made = Transaction(
        date=booked[0].value,
        amount=money[0].value,
        description=description[:300],
        balance=money[1].value if len(money) == 2 else None,
    )
    return Read(made, line.start, line.end, 0.7)


def _statement_currency(lines: Sequence[TextLine], mark: str) -> Fields:
    found = [amount for line in lines for amount in amounts(line.text, mark, line.start) if amount.currency]
    if len({amount.currency for amount in found}) == 1 and found[0].currency != "$":
        return {"currency": Read(found[0].currency, found[0].start, found[0].end, 0.8)}
    return {}
