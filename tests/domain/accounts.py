"""Statements of account made for tests: one list of movements in many layouts, in Spanish and English."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shared.domain.document import Page
from tests.domain.papers import paper

Row = str | list[tuple[float, str]]
PER_PAGE = 24

TEXTS = {
    "es": [
        "Recibo de luz",
        "Nómina marzo",
        "Compra tarjeta panadería",
        "Transferencia alquiler",
        "Bizum de Ana",
        "Comisión",
    ],
    "en": [
        "Electricity bill",
        "Salary March",
        "Card purchase bakery",
        "Transfer rent",
        "Refund from Ann",
        "Service fee",
    ],
}
WORDS = {
    "es": {
        "title": "Extracto de cuenta",
        "account": "Nº de cuenta: 2100 0418 45 0200051332",
        "period": "Periodo: del {} al {}",
        "opening": "Saldo anterior",
        "closing": "Saldo final",
        "carried": "Suma y sigue",
        "brought": "Suma anterior",
        "date": "Fecha",
        "value": "F. valor",
        "text": "Concepto",
        "debit": "Cargos",
        "credit": "Abonos",
        "amount": "Importe",
        "balance": "Saldo",
    },
    "en": {
        "title": "Statement of account",
        "account": "Account number: 4500 200 051",
        "period": "Statement period: from {} to {}",
        "opening": "Opening balance",
        "closing": "Closing balance",
        "carried": "Balance carried forward",
        "brought": "Balance brought forward",
        "date": "Date",
        "value": "Value date",
        "text": "Description",
        "debit": "Paid out",
        "credit": "Paid in",
        "amount": "Amount",
        "balance": "Balance",
    },
}


@dataclass(frozen=True)
class Booked:
    """A movement as it should be read."""

    day: date
    text: str
    amount: Decimal
    balance: Decimal


def booked(language: str, count: int, seed: int, opening: Decimal = Decimal("1250.00")) -> list[Booked]:
    """Movements of a month, with the balance after each."""
    chance = random.Random(seed)
    day, balance, found = date(2024, 3, 1), opening, []
    for _ in range(count):
        day = min(day + timedelta(days=chance.choice([0, 0, 1, 1, 2])), date(2024, 3, 31))
        amount = Decimal(chance.randint(199, 180000)).scaleb(-2) * chance.choice([1, -1, -1])
        balance += amount
        found.append(Booked(day, f"{chance.choice(TEXTS[language])} {chance.randint(10, 99)}", amount, balance))
    return found


def money(value: Decimal, language: str) -> str:
    """An amount as the language writes it."""
    text = f"{value:,.2f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def right(edge: float, text: str) -> tuple[float, str]:
    """A cell that ends at an edge (papers have nine thousandths a character)."""
    return edge - 9.0 * len(text), text


def pages(language: str, movements: Sequence[Booked], layout: str) -> list[Page]:
    """The statement as pages that a reader has read."""
    return [paper(*rows, number=at) for at, rows in enumerate(rows_of_pages(language, movements, layout), start=1)]


def rows_of_pages(language: str, movements: Sequence[Booked], layout: str) -> list[list[Row]]:
    """The rows of as many pages as the statement needs. Layouts are the keys of `LAYOUTS`."""
    words = WORDS[language]
    head: list[Row] = [
        "Banco Farola" if language == "es" else "Lantern Bank",
        words["title"],
        words["account"],
        words["period"].format("01/03/2024", "31/03/2024"),
        "EUR",
        "",
    ]
    columns, line = LAYOUTS[layout]
    made: list[list[Row]] = []
    for first in range(0, len(movements), PER_PAGE):
        part = movements[first : first + PER_PAGE]
        before = part[0].balance - part[0].amount
        rows: list[Row] = [*head, columns(words)] if layout != "no header on later pages" or not first else [*head]
        if layout != "newest first":
            rows.append([(200, words["brought" if first else "opening"]), right(950, money(before, language))])
        for one in part:
            rows += line(one, language)
        if layout != "newest first":
            last = first + PER_PAGE >= len(movements)
            rows.append([(200, words["closing" if last else "carried"]), right(950, money(part[-1].balance, language))])
        made.append(rows)
    return made


def _three(words: dict[str, str]) -> Row:
    return [
        (50, words["date"]),
        (200, words["text"]),
        right(650, words["debit"]),
        right(800, words["credit"]),
        right(950, words["balance"]),
    ]


def _three_line(one: Booked, language: str) -> list[Row]:
    edge = 650 if one.amount < 0 else 800
    amount, balance = money(abs(one.amount), language), money(one.balance, language)
    return [[(50, f"{one.day:%d/%m/%Y}"), (200, one.text), right(edge, amount), right(950, balance)]]


def _signed(words: dict[str, str]) -> Row:
    return [
        (50, words["date"]),
        (160, words["value"]),
        (300, words["text"]),
        right(750, words["amount"]),
        right(950, words["balance"]),
    ]


def _signed_line(one: Booked, language: str) -> list[Row]:
    days = [(50.0, f"{one.day:%d/%m/%Y}"), (160.0, f"{one.day:%d/%m/%Y}")]
    return [[*days, (300, one.text), right(750, money(one.amount, language)), right(950, money(one.balance, language))]]


def _behind_line(one: Booked, language: str) -> list[Row]:
    sign = "-" if one.amount < 0 else "+"
    amount = f"{money(abs(one.amount), language)}{sign}" if sign == "-" else f"+{money(one.amount, language)}"
    return [
        [(50, f"{one.day:%d/%m/%Y}"), (300, one.text), right(750, amount), right(950, money(one.balance, language))]
    ]


def _marked_line(one: Booked, language: str) -> list[Row]:
    mark = ("D" if one.amount < 0 else "H") if language == "es" else ("DR" if one.amount < 0 else "CR")
    amount = f"{money(abs(one.amount), language)} {mark}"
    return [
        [(50, f"{one.day:%d/%m/%Y}"), (300, one.text), right(770, amount), right(950, money(one.balance, language))]
    ]


def _open_line(one: Booked, language: str) -> list[Row]:
    amount, balance = money(abs(one.amount), language), money(one.balance, language)
    return [[(50, f"{one.day:%d/%m/%Y}"), (300, one.text), right(750, amount), right(950, balance)]]


def _short_line(one: Booked, language: str) -> list[Row]:
    edge = 650 if one.amount < 0 else 800
    amount, balance = money(abs(one.amount), language), money(one.balance, language)
    first: Row = [(50, f"{one.day:%d/%m}"), (200, one.text), right(edge, amount), right(950, balance)]
    return [first, [(200, "ref. interna del banco" if language == "es" else "reference of the bank")]]


LAYOUTS: dict[str, tuple[Callable[[dict[str, str]], Row], Callable[[Booked, str], list[Row]]]] = {
    "debit, credit, balance": (_three, _three_line),
    "no header on later pages": (_three, _three_line),
    "signed amounts and value dates": (_signed, _signed_line),
    "signs behind the amount": (_signed, _behind_line),
    "letters behind the amount": (_signed, _marked_line),
    "no signs at all": (_signed, _open_line),
    "days without year, two lines each": (_three, _short_line),
    "newest first": (_signed, _signed_line),
}
