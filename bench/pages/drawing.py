"""Draws the pages as PDF with what a reader should find on them, row by row.

Fonts: the standard ones of PDF (PDFium draws Helvetica, Times and Courier with shapes of its own) and Bitstream Vera,
which reportlab carries: the same on every machine.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bench.pages.texts import TEXTS, Texts

A4 = (595.0, 842.0)
LEFT, RIGHT, TOP = 56.0, 539.0, 780.0


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page as PDF, and its text in reading order."""

    name: str
    language: str
    pdf: bytes
    text: str


class Sheet:
    """A page that is being drawn. Rows are kept from top to bottom, their cells from left to right."""

    def __init__(self, font: str, size: float, page: tuple[float, float] = A4) -> None:
        from reportlab.pdfgen.canvas import Canvas

        _register_vera()
        self._out = io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=page)
        self.font, self.size, self.y = font, size, page[1] - 62
        self.rows: list[str] = []

    def row(self, *cells: tuple[float, str, str], bold: bool = False, step: float = 1.5, size: float = 0.0) -> None:
        """Cells as (x, text, `l` or `r` or `c`), then one row further down. Prose is one cell a row."""
        font, size = (BOLD[self.font] if bold else self.font), size or self.size
        self._canvas.setFont(font, size)
        for x, text, side in cells:
            draw = {"l": "drawString", "r": "drawRightString", "c": "drawCentredString"}[side]
            getattr(self._canvas, draw)(x, self.y, text)
        self.rows.append(" ".join(text for _, text, _ in cells))
        self.y -= size * step

    def skip(self, rows: float = 1.0) -> None:
        """Leave so many rows blank."""
        self.y -= rows * self.size * 1.5

    def rule(self) -> None:
        """A line across the page above the next row."""
        self._canvas.setLineWidth(0.6)
        self._canvas.line(LEFT, self.y + self.size, RIGHT, self.y + self.size)

    def wrapped(self, text: str, width: float, bold: bool = False) -> list[str]:
        """The text in lines of at most this width (points)."""
        from reportlab.lib.utils import simpleSplit

        return list(simpleSplit(text, BOLD[self.font] if bold else self.font, self.size, width))

    def pdf(self) -> bytes:
        """The page as a file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()


BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold", "Vera": "VeraBd"}


@lru_cache(maxsize=1)
def _register_vera() -> None:
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, str(Path(reportlab.__file__).parent / "fonts" / f"{name}.ttf")))


def made_pages(texts: Texts = TEXTS, seed: str = "") -> Iterator[MadePage]:
    """Seven pages in Spanish and five in English, always the same; `seed` is for other numbers."""
    for language in ("es", "en"):
        chance = random.Random(seed + language)
        drawn = {
            "talk": talk(texts, language, "Times-Roman", 12),
            "columns": columns(texts, language, "Helvetica" if language == "es" else "Vera", 9.5),
            "invoice": invoice(texts, language, "Helvetica", 10, chance),
            "statement": statement(texts, language, "Vera", 8.5, chance),
            "receipt": receipt(texts, language, "Courier", 9, chance),
        }
        if language == "es":
            drawn |= {"talk-small": talk(texts, language, "Vera", 9.5), "form": form(texts, "Helvetica", 10.5)}
        for name, sheet in drawn.items():
            yield MadePage(f"{language}-{name}", language, sheet.pdf(), "\n".join(sheet.rows))


def talk(texts: Texts, language: str, font: str, size: float) -> Sheet:
    """A page of an interview, with its number at the foot."""
    sheet = Sheet(font, size)
    for who, said in texts.talks[language]:
        for line in sheet.wrapped(f"{who}: {said}", RIGHT - LEFT):
            sheet.row((LEFT, line, "l"), step=1.35)
        sheet.skip(0.3)
    sheet.y = 40
    sheet.row((297, texts.words[language]["page"], "c"))
    return sheet


def columns(texts: Texts, language: str, font: str, size: float) -> Sheet:
    """Prose in two columns under a heading: the left one first."""
    sheet = Sheet(font, size)
    sheet.row((LEFT, texts.words[language]["page"], "l"), bold=True, size=size + 3)
    sheet.skip()
    middle = (LEFT + RIGHT) / 2
    lines = sheet.wrapped(texts.prose[language], middle - LEFT - 12)
    top, half = sheet.y, (len(lines) + 1) // 2
    for at, line in enumerate(lines):
        if at == half:
            sheet.y = top
        sheet.row((LEFT if at < half else middle + 12, line, "l"), step=1.35)
    return sheet


def invoice(texts: Texts, language: str, font: str, size: float, chance: random.Random) -> Sheet:
    """An invoice with a line a good, sums and a note."""
    w, sheet = texts.words[language], Sheet(font, size)
    number = f"{chance.randint(2019, 2025)}/{chance.randint(100, 9999):05d}"
    sheet.row((LEFT, w["seller"], "l"), (RIGHT, w["invoice"], "r"), bold=True, size=size + 4)
    sheet.row((LEFT, w["street"], "l"), (RIGHT, f"{w['number']}: {number}", "r"))
    sheet.row((LEFT, w["taxid"], "l"), (RIGHT, f"{w['date']}: {_day(chance)}", "r"))
    sheet.skip(2)
    places = (LEFT, 350.0, 440.0, RIGHT)
    sheet.row(*_cells(places, [w["item"], w["count"], w["price"], w["amount"]]), bold=True)
    sheet.rule()
    total = 0
    for good in texts.goods[language]:
        count, price = chance.randint(1, 48), chance.randint(199, 98999)
        total += count * price
        sheet.row(*_cells(places, [good, str(count), money(price, language), money(count * price, language)]), step=1.9)
    tax = round(total * (0.21 if language == "es" else 0.2))
    sheet.skip()
    for label, amount, bold in (("net", total, False), ("tax", tax, False), ("total", total + tax, True)):
        sheet.row((350, w[label], "l"), (RIGHT, money(amount, language), "r"), bold=bold)
    sheet.skip(2)
    for line in sheet.wrapped(w["note"], RIGHT - LEFT):
        sheet.row((LEFT, line, "l"))
    return sheet


def statement(texts: Texts, language: str, font: str, size: float, chance: random.Random) -> Sheet:
    """A bank statement of 26 movements in small print."""
    w, sheet, balance = texts.words[language], Sheet(font, size), chance.randint(100_000, 900_000)
    sheet.row((LEFT, w["statement"], "l"), (RIGHT, f"{w['balance']}: {money(balance, language)}", "r"), bold=True)
    sheet.skip()
    places = (LEFT, 130.0, 450.0, RIGHT)
    sheet.row(*_cells(places, [w["date"], w["move"], w["amount"], w["balance"]], "llrr"), bold=True)
    sheet.rule()
    moves = texts.moves[language]
    for at in range(26):
        change = chance.randint(-60_000, 90_000)
        balance += change
        cells = [f"{at + 2:02d}/03/2024", moves[at % len(moves)], money(change, language), money(balance, language)]
        sheet.row(*_cells(places, cells, "llrr"), step=1.8)
    return sheet


def receipt(texts: Texts, language: str, font: str, size: float, chance: random.Random) -> Sheet:
    """A narrow till receipt."""
    w, sheet = texts.words[language], Sheet(font, size, (226.0, 470.0))
    sheet.row((113, w["shop"], "c"), bold=True, size=size + 2)
    sheet.row((113, w["receipt"], "c"))
    sheet.row((16, f"{w['date']}: {_day(chance)} {chance.randint(9, 20)}:{chance.randint(10, 59)}", "l"))
    sheet.row((16, w["till"].replace("  ", " "), "l"))
    sheet.skip()
    total = 0
    for good in texts.goods[language]:
        price = chance.randint(45, 4999)
        total += price
        sheet.row((16, f"{chance.randint(1, 6)} {good[:22].strip(' ,')}", "l"), (210, money(price, language), "r"))
    sheet.skip()
    for label, amount in (("total", total), ("cash", total + 515), ("change", 515)):
        sheet.row((16, w[label], "l"), (210, money(amount, language), "r"), bold=label == "total")
    sheet.skip()
    sheet.row((113, w["thanks"], "c"))
    return sheet


def form(texts: Texts, font: str, size: float) -> Sheet:
    """A form in capitals, most of them with accents."""
    sheet = Sheet(font, size)
    sheet.row((297, "SOLICITUD DE INSCRIPCIÓN EN EL PADRÓN", "c"), bold=True, size=size + 3)
    sheet.skip(2)
    for label, value in texts.form:
        sheet.row((LEFT, f"{label}:", "l"), (240, value, "l"), step=2.6)
    return sheet


def _cells(places: Sequence[float], texts: Sequence[str], sides: str = "lrrr") -> list[tuple[float, str, str]]:
    return list(zip(places, texts, sides, strict=True))


def money(cents: int, language: str) -> str:
    """An amount as it is written in Spain or in England."""
    text = f"{abs(cents) / 100:,.2f}"
    if language == "es":
        text = text.translate(str.maketrans(",.", ".,"))
    return ("-" if cents < 0 else "") + text


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/{chance.randint(2019, 2025)}"
