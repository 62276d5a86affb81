"""Whole made-up receipts as pages, clean and worn: blanks lost, digits taken for letters, cells moved off their row."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bench.tills.heads import english_head, spanish_head
from bench.tills.sales import Row, english_sale, spanish_sale
from shared.domain.document import Page
from shared.domain.layout import arrange
from shared.domain.pieces import Piece

_LINE, _WIDTH = 20.0, 640.0
_GLUED = re.compile(r"(?<=[A-Z:]) (?=[A-Z\d])")


@dataclass(frozen=True)
class Receipt:
    """A page and what is to be read on it."""

    page: Page
    language: str
    total: Decimal
    day: date
    company: str
    address: str


def receipt(seed: int, language: str, worn: bool) -> Receipt:
    """The same receipt for the same seed."""
    chance = random.Random(f"{seed} {language}")
    if language == "en":
        head, sale = english_head(chance), english_sale(chance)
    else:
        country = chance.choice(["ES", "ES", "MX", "PE"])
        head, sale = spanish_head(chance, country), spanish_sale(chance, country)
    top = [[(chance.choice([50.0, 120.0]), line)] for line in head.lines]
    page = _page([*top, *sale.rows], len(top), chance if worn else None)
    return Receipt(page, language, sale.total, sale.day, head.company, head.address)


def _page(rows: list[Row], head: int, wear: random.Random | None) -> Page:
    pieces = []
    height = 40 + _LINE * (len(rows) + 2)
    lean = wear.uniform(-4, 4) if wear else 0.0
    for index, row in enumerate(rows):
        for left, text in row:
            shown = _worn(text, wear, index < head) if wear else text
            top = 40 + _LINE * index + lean * left / _WIDTH + (wear.uniform(-2.5, 2.5) if wear else 0.0)
            place = (left, top, min(left + 9.0 * len(shown), _WIDTH), top + 0.7 * _LINE)
            box = (place[0] / _WIDTH, place[1] / height, place[2] / _WIDTH, place[3] / height)
            if shown:
                pieces.append(Piece(shown, place, box, 0.9))
    text, lines = arrange(pieces)
    return Page(1, text, "ocr", 0.9, _WIDTH, height, 0, lines)


def _worn(text: str, wear: random.Random, head: bool) -> str:
    """Lost blanks everywhere; misread digits in amounts and dates, where their neighbours still tell what they are."""
    if wear.random() < 0.25:
        text = _GLUED.sub("", text, count=1) if wear.random() < 0.5 else text.replace(": ", ":")
    if head:
        return text
    if wear.random() < 0.08:
        text = re.sub(r"(?<=\d[./:-])0(?=\d)", "O", text, count=1)
    if wear.random() < 0.05:
        text = re.sub(r"(?<=\d)1(?=\d)", "l", text, count=1)
    if wear.random() < 0.05:
        text = re.sub(r"(?<=\d)([.,]\d\d)$", r" \1", text)
    if wear.random() < 0.05:
        text = re.sub(r"(\d{4}) (\d{1,2}:\d\d)", r"\1\2", text)
    return text
