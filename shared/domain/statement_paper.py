"""Statements of account on paper, from their rows: balances, period, account, and movements with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from shared.domain import statement_words as words
from shared.domain.amounts import amounts
from shared.domain.business import Transaction
from shared.domain.currencies import currency
from shared.domain.dates import dates
from shared.domain.identifiers import compact, find_ibans, iban_is_valid
from shared.domain.labelled import Read, labelled
from shared.domain.sheet import Row, Sheet
from shared.domain.statement_proof import has_movements, proven
from shared.domain.statement_rows import Anchor, Entry, Movement, entries

Fields = dict[str, Read[Any]]
_ACCOUNT = re.compile(r"[\s:.#º°-]*(?P<value>\d[\d -]{4,30}\d)(?![\w])")
_NUMBER = re.compile(r"[\s:.#º°-]*(?P<value>[A-Z]{0,4}[-/]?\d[\w/-]{0,20})")
_HEAD = 40  # rows in which a statement says of what account and period it is


def paper_statement(
    sheet: Sheet, mark: str, order: bool | None, language: str
) -> tuple[Fields, list[tuple[Transaction, Fields]]]:
    """The fields, and the movements each with where its parts were read."""
    rows = sheet.rows
    order = _narrower(rows, mark) if order is None else order
    fields = _period(rows, order) | _identifiers(sheet.text, rows)
    found = _entries(rows, mark, order)
    fields |= _currency(sheet.text, mark, language)
    if not has_movements(found):
        return fields | _balances(found), []
    proof = proven(found)
    for name, balance in (("opening_balance", proof.opening), ("closing_balance", proof.closing)):
        fields |= {name: balance} if balance else {}
    return fields, [_transaction(one) for one in proof.movements]


def _entries(rows: Sequence[Row], mark: str, order: bool | None) -> list[Entry]:
    """Movements and balances; dates without a year are of the period's, or of the latest date that has one."""
    period = _period(rows, order).get("closing_date")
    dated = [one.value for row in rows for one in dates(row.text, order)]
    return list(entries(rows, mark, order, period.value if period else max(dated, default=None)))


def _narrower(rows: Sequence[Row], mark: str) -> bool:
    """Whether the day comes first, where nothing in the text tells: a statement is of a few weeks, not of a year."""
    spans = []
    for order in (True, False):
        days = [entry.day.value for entry in _entries(rows, mark, order) if isinstance(entry, Movement)]
        spans.append((max(days) - min(days)).days if days else 0)
    return spans[0] <= spans[1]


def _transaction(one: Movement) -> tuple[Transaction, Fields]:
    text = " ".join(" ".join(part.value.split()) for part in one.description)[:300]
    made = Transaction(
        date=one.day.value,
        amount=one.amount.value,
        description=text,
        value_date=one.value_day.value if one.value_day else None,
        reference=one.reference,
        balance=one.balance.value if one.balance else None,
    )
    parts: Fields = {"date": one.day, "amount": one.amount}
    if one.description:
        first, last = one.description[0], one.description[-1]
        parts["description"] = Read(text, first.start, last.end, first.confidence)
    parts |= {"value_date": one.value_day} if one.value_day else {}
    return made, parts | ({"balance": one.balance} if one.balance else {})


def _balances(found: Sequence[Entry]) -> Fields:
    """Of a statement on which nothing moved."""
    anchors = {entry.kind: entry.balance for entry in found if isinstance(entry, Anchor)}
    names = (("opening", "opening_balance"), ("closing", "closing_balance"))
    return {name: anchors[kind] for kind, name in names if kind in anchors}


def _period(rows: Sequence[Row], order: bool | None) -> Fields:
    """The first and the last day, and the day of issue: where it is not said, the last day."""
    fields: Fields = {}
    for row in rows[:_HEAD]:
        found = [Read(one.value, one.start, one.end, 0.85) for one in dates(row.text, order, row.start)]
        if len(found) >= 2 and words.PERIOD.search(row.text) and found[0].value <= found[1].value:
            fields = {"opening_date": found[0], "closing_date": found[1]}
            break

    def reader(text: str, offset: int) -> list[Read[date]]:
        return [Read(one.value, one.start, one.end, 0.85) for one in dates(text, order, offset)]

    issued = next(labelled(rows[:_HEAD], words.STATEMENT_DATE, reader), None) or fields.get("closing_date")
    return fields | ({"issue_date": issued} if issued else {})


def _identifiers(text: str, rows: Sequence[Row]) -> Fields:
    ibans = [Read(iban, start, end, 0.9) for iban, start, end in find_ibans(text) if iban_is_valid(iban)]
    fields: Fields = {"iban": ibans[0]} if ibans else {}
    for name, label, pattern in (
        ("account", words.ACCOUNT, _ACCOUNT),
        ("number", words.STATEMENT_NUMBER, _NUMBER),
    ):

        def reader(piece: str, offset: int, pattern: re.Pattern[str] = pattern) -> list[Read[str]]:
            match = pattern.match(piece)
            value = match["value"].strip(" -") if match else ""
            start = offset + (match.start("value") if match else 0)
            return [Read(value, start, start + len(value), 0.8)] if match else []

        if read := next(labelled(rows[:_HEAD], label, reader, reach=6), None):
            fields[name] = (
                Read(compact(read.value), read.start, read.end, read.confidence) if name == "account" else read
            )
    return fields


def _currency(text: str, mark: str, language: str) -> Fields:
    found = amounts(text, mark)
    read = currency(text, found, None, language)
    return {"currency": read} if read else {}
