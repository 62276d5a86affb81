"""Bank statements as CSV: rows to movements, with what the header says of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from shared.domain.amounts import decimal_mark, parse_number
from shared.domain.business import BusinessRecord, Fault, Origin, Source, Transaction
from shared.domain.dates import dates, day_first
from shared.domain.document import DocumentType
from shared.domain.errors import TooLarge
from shared.domain.identifiers import find_ibans, iban_is_valid
from shared.domain.statement_columns import Columns, find_columns, rows

_MOST_ROWS = 50_000
_MONEY = re.compile(r"(?P<sign>[-−+(]?)\s*(?:[A-Z]{3}|[€$£])?\s*(?P<after>[-−+]?)\s*(?P<number>\d[\d.,'’\s]*)"
                    r"\s*(?:[A-Z]{3}|[€$£])?\s*(?P<end>[-−)]?)(?P<mark>[SHDC]|CR|DR)?")  # fmt: skip


def read(text: str) -> BusinessRecord | None:
    """The record, or None when no header of a statement is found."""
    columns = find_columns(text)
    if columns is None:
        return None
    table = rows(text, columns.delimiter)
    body = [(number, row) for number, row in enumerate(table, start=1) if number > columns.header + 1 and any(row)]
    if len(body) > _MOST_ROWS:
        raise TooLarge(f"The statement has more than {_MOST_ROWS} rows. Split it and upload its parts.")
    mark, order = (
        _decimals(body, columns),
        day_first(_days(body, columns), "es" if _is_day_first(body, columns) else "en"),
    )
    faults: list[Fault] = []
    sources: dict[str, Source] = {}
    found = [one for number, row in body if (one := _movement(row, number, columns, mark, order, faults))]
    newest_first = len(found) > 1 and found[0][0].date > found[-1][0].date
    if newest_first or _runs_backwards(found):
        found.reverse()
    for n, (_, number, _) in enumerate(found):
        sources[f"transactions.{n}.date"] = sources[f"transactions.{n}.amount"] = _source(number, 0.95)
    values = _balances(found, sources) | _head(table[: columns.header], text, columns, body, sources)
    if found:
        values |= {"issue_date": found[-1][0].date, "closing_date": found[-1][0].date, "opening_date": found[0][0].date}
        sources["issue_date"] = sources["closing_date"] = _source(found[-1][1], 0.9)
    origin = Origin(syntax="csv", facts={"delimiter": columns.delimiter, "decimals": mark}, faults=tuple(faults))
    transactions = tuple(one for one, _, _ in found)
    return BusinessRecord(
        kind=DocumentType.BANK_STATEMENT, transactions=transactions, sources=sources, origin=origin, **values
    )


_NO_DAY = ("this is no day that there is: correct it.", "ese día no existe: corríjalo.")
_NO_AMOUNT = (
    "this is no amount: write it with digits and one mark.",
    "no es un importe: escríbalo con cifras y un signo.",
)
Row = tuple[Transaction, int, Decimal | None]  # the movement, its line, the balance after it


def _movement(
    row: Sequence[str], number: int, columns: Columns, mark: str, order: bool | None, faults: list[Fault]
) -> Row | None:
    """A row's movement. A row without day and amount is a remark; one with only one of them is a fault."""
    cell = {role: row[index] for role, index in columns.roles.items() if index < len(row)}
    days = {role: _first_day(cell.get(role, ""), order) for role in ("date", "value_date")}
    booked, amount = days["date"] or days["value_date"], _amount(cell, mark)
    written = cell.get("date") or cell.get("value_date", "")
    if amount is not None and written and days["date" if cell.get("date") else "value_date"] is None:
        _fault(faults, number, "date", written, _NO_DAY)
        return None
    if booked is None or amount is None:
        if booked is not None:
            _fault(faults, number, "amount", cell.get("amount", ""), _NO_AMOUNT)
        return None
    balance = money(cell.get("balance", ""), mark)
    made = Transaction(
        date=booked, value_date=days["value_date"], amount=amount, description=cell.get("description", "")[:300],
        currency=cell.get("currency") or None, reference=cell.get("reference") or None,
        counterparty=cell.get("counterparty") or None, balance=balance,
    )  # fmt: skip
    return made, number, balance


def _fault(faults: list[Fault], number: int, field: str, value: str, messages: tuple[str, str]) -> None:
    english, spanish = (f"Line {number}: {messages[0]}", f"Línea {number}: {messages[1]}")
    faults.append(
        Fault(field=f"transactions.{field}", value=value, rule="readable_row", message=english, message_es=spanish)
    )


def _amount(cell: dict[str, str], mark: str) -> Decimal | None:
    amount = money(cell.get("amount", ""), mark)
    if amount is not None:
        return amount
    debit, credit = money(cell.get("debit", ""), mark), money(cell.get("credit", ""), mark)
    if debit is None and credit is None:
        return None
    return abs(credit or Decimal(0)) - abs(debit or Decimal(0))


def money(text: str, mark: str) -> Decimal | None:
    """An amount as a bank writes it: a minus or brackets before or after it, S or D for what leaves; None for none."""
    match = _MONEY.fullmatch(text.strip())
    value = parse_number(match["number"].strip(), mark) if match else None
    if match is None or value is None:
        return None
    minus = {match["sign"], match["after"], match["end"]} & {"-", "−", "("} or match["mark"] in ("S", "D", "DR")
    return -value if minus else value


def _first_day(text: str, order: bool | None) -> Any:
    found = dates(text, order)
    return found[0].value if found and found[0].start <= 1 else None


def _decimals(body: Sequence[tuple[int, list[str]]], columns: Columns) -> str:
    used = [columns.roles[role] for role in ("amount", "debit", "credit", "balance") if role in columns.roles]
    cells = "\n".join(row[index] for _, row in body for index in used if index < len(row))
    return decimal_mark(cells, "en" if columns.delimiter == "," else "es")


def _days(body: Sequence[tuple[int, list[str]]], columns: Columns) -> str:
    index = columns.roles.get("date", columns.roles.get("value_date", 0))
    return "\n".join(row[index] for _, row in body if index < len(row))


def _is_day_first(body: Sequence[tuple[int, list[str]]], columns: Columns) -> bool:
    """A month that cannot be one tells; where none does, a file with decimal commas is not American."""
    firsts = re.findall(r"^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}", _days(body, columns), re.MULTILINE)
    if any(int(second) > 12 for _, second in firsts):
        return False
    return any(int(first) > 12 for first, _ in firsts) or _decimals(body, columns) == ","


def _runs_backwards(found: Sequence[Row]) -> bool:
    """Movements of one day, newest first: then each balance is what the next row's balance and its own amount make."""
    pairs = [(a, b) for a, b in pairwise(found) if a[2] is not None and b[2] is not None]
    forth = sum(a[2] + b[0].amount == b[2] for a, b in pairs)  # type: ignore[operator]
    back = sum(b[2] + a[0].amount == a[2] for a, b in pairs)  # type: ignore[operator]
    return back > forth


def _balances(found: Sequence[Row], sources: dict[str, Source]) -> dict[str, Any]:
    if not found or found[0][2] is None or found[-1][2] is None:
        return {}
    sources["opening_balance"], sources["closing_balance"] = _source(found[0][1], 0.9), _source(found[-1][1], 0.95)
    return {"opening_balance": found[0][2] - found[0][0].amount, "closing_balance": found[-1][2]}


def _head(
    head: Sequence[Sequence[str]], text: str, columns: Columns, body: Sequence[tuple[int, list[str]]],
    sources: dict[str, Source],
) -> dict[str, Any]:  # fmt: skip
    """Account and currency: from the lines above the header, or the column that says the same in every row."""
    above = "\n".join(" ".join(row) for row in head)
    values: dict[str, Any] = {}
    ibans = [iban for iban, _, _ in find_ibans(above) if iban_is_valid(iban)]
    if ibans:
        values["iban"], sources["iban"] = ibans[0], _source(1, 0.9)
    index = columns.roles.get("currency")
    said = {row[index] for _, row in body if index is not None and index < len(row) and row[index]}
    if not said:
        said = set(re.findall(r"\b(?:EUR|USD|GBP|MXN|CHF|COP|ARS|PEN|CLP)\b", above + text.split("\n")[len(head)]))
    if len(said) == 1 and re.fullmatch(r"[A-Z]{3}", currency := said.pop()):
        values["currency"], sources["currency"] = currency, _source(columns.header + 1, 0.9)
    return values


def _source(line: int, confidence: float) -> Source:
    return Source(path=f"line {line}", reader="structured", confidence=confidence)
