"""Builds `documents/` from `texts/`, the same each time: `python -m sample.make_files [folder]`."""

import json
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypedDict
from xml.sax.saxutils import escape

import numpy as np
from docx import Document
from docx.shared import Pt
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from sample.paper import as_jpeg, photographed, render, scanned

HERE = Path(__file__).parent
TEXTS = HERE / "texts"
DOCUMENTS = HERE / "documents"

MADE_ON = datetime(2026, 6, 30, 9, 0, 0)
SEED = 20260630
SCAN_DPI = 200
PHOTO_DPI = 205
PHOTO_QUALITY = 72
SCAN_QUALITY = 50


class SampleDocument(TypedDict):
    """One file of the study: what it is made from, how it goes in and what it should be taken for."""

    file: str
    source: str
    format: str
    language: str
    goes_in: str
    expected_type: str
    participant: str | None


class Study(TypedDict):
    """The whole study as `study.json` tells it."""

    project: str
    language: str
    research_question: dict[str, str]
    documents: list[SampleDocument]


class Party(TypedDict):
    """Who sells or buys on the invoice."""

    name: str
    tax_id: str
    address: list[str]


class InvoiceLine(TypedDict):
    """One line of the invoice; numbers are decimal text."""

    description: str
    quantity: str
    unit_price: str
    amount: str


class Invoice(TypedDict):
    """What the invoice says, before it is laid out."""

    number: str
    issued_on: str
    due_on: str
    seller: Party
    buyer: Party
    lines: list[InvoiceLine]
    currency: str
    taxable_base: str
    vat_rate: str
    vat: str
    total: str
    iban: str


class Look(NamedTuple):
    """How a printed interview looks."""

    font: str
    bold: str
    size: float
    leading: float
    gap: float
    margin: float


TYPESET = Look("Times-Roman", "Times-Bold", 11.5, 15, 6, 24 * mm)
OFFICE_PRINT = Look("Vera", "VeraBd", 9.5, 13.2, 5, 19 * mm)
ONE_PAGE = Look("Vera", "VeraBd", 8.6, 11.2, 3, 14 * mm)


def read_study() -> Study:
    """The study as it is written down."""
    study: Study = json.loads((HERE / "study.json").read_text(encoding="utf-8"))
    return study


def read_invoice(name: str) -> Invoice:
    """The facts of the invoice."""
    invoice: Invoice = json.loads((TEXTS / name).read_text(encoding="utf-8"))
    return invoice


def paragraphs_of(name: str) -> list[str]:
    """The heading and the turns of an interview; a blank line parts them."""
    text = (TEXTS / name).read_text(encoding="utf-8")
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def speaker_and_words(turn: str) -> tuple[str, str]:
    """Who speaks (with the time code, if any, and the colon) and what follows."""
    code, after = (turn[:11], turn[11:]) if turn.startswith("[") else ("", turn)
    speaker, colon, words = after.partition(": ")
    return f"{code}{speaker}{colon.strip()}", words


def text_file(source: str) -> bytes:
    """The interview as it was written."""
    return (TEXTS / source).read_bytes()


def word_file(source: str) -> bytes:
    """The interview as a Word document: a heading, then a paragraph a turn with the speaker in bold."""
    heading, *turns = paragraphs_of(source)
    document = Document()
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(heading, level=1)
    for turn in turns:
        speaker, words = speaker_and_words(turn)
        paragraph = document.add_paragraph()
        paragraph.add_run(speaker).bold = True
        paragraph.add_run(f" {words}")
    about = document.core_properties
    about.title, about.author, about.comments = heading, "TheoGen sample study", ""
    about.created = about.modified = MADE_ON
    raw = BytesIO()
    document.save(raw)
    return _with_fixed_times(raw.getvalue())


def pdf_file(source: str, look: Look = TYPESET) -> bytes:
    """The interview as a PDF with a text layer."""
    _register_fonts()
    heading, *turns = paragraphs_of(source)
    title = ParagraphStyle("title", fontName=look.bold, fontSize=look.size + 1, leading=look.leading + 2, spaceAfter=8)
    body = ParagraphStyle("body", fontName=look.font, fontSize=look.size, leading=look.leading, spaceAfter=look.gap)
    story = [Paragraph(escape(heading), title)]
    for turn in turns:
        speaker, words = speaker_and_words(turn)
        story.append(Paragraph(f'<font name="{look.bold}">{escape(speaker)}</font> {escape(words)}', body))
    raw = BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), look.margin)
    about = {"title": heading, "author": "TheoGen sample study"}
    SimpleDocTemplate(raw, pagesize=A4, invariant=1, **about, **margins).build(story)
    return raw.getvalue()


def scan_file(source: str) -> bytes:
    """The interview printed and scanned: a PDF of grey pictures, without any text."""
    rng = np.random.default_rng(SEED)
    skews = (0.6, -0.4, 0.8)
    pages = [
        Image.fromarray(scanned(page, skews[number % len(skews)], rng))
        for number, page in enumerate(render(pdf_file(source, OFFICE_PRINT), SCAN_DPI))
    ]
    raw = BytesIO()
    when = MADE_ON.timetuple()
    first, *others = pages
    first.save(
        raw,
        "PDF",
        resolution=SCAN_DPI,
        quality=SCAN_QUALITY,
        save_all=True,
        append_images=others,
        creationDate=when,
        modDate=when,
    )
    return raw.getvalue()


def photo_file(source: str) -> bytes:
    """The interview printed on one sheet and photographed on a desk."""
    pages = render(pdf_file(source, ONE_PAGE), PHOTO_DPI)
    if len(pages) != 1:
        raise ValueError(f"{source} takes {len(pages)} pages; the photo shows one")
    return as_jpeg(photographed(pages[0], np.random.default_rng(SEED)), PHOTO_QUALITY)


def invoice_file(source: str) -> bytes:
    """The invoice as a PDF with a text layer."""
    _register_fonts()
    invoice = read_invoice(source)
    raw = BytesIO()
    canvas = Canvas(raw, pagesize=A4, invariant=1)
    canvas.setTitle(f"Factura {invoice['number']}")
    canvas.setAuthor(invoice["seller"]["name"])
    _invoice_head(canvas, invoice)
    below = _invoice_lines(canvas, invoice["lines"])
    _invoice_totals(canvas, invoice, below)
    canvas.showPage()
    canvas.save()
    return raw.getvalue()


BUILDERS: dict[str, Callable[[str], bytes]] = {
    "text": text_file,
    "word": word_file,
    "pdf": pdf_file,
    "scan": scan_file,
    "photo": photo_file,
    "invoice": invoice_file,
}


def build(folder: Path = DOCUMENTS) -> list[Path]:
    """Writes every file of the study into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for document in read_study()["documents"]:
        path = folder / document["file"]
        path.write_bytes(BUILDERS[document["format"]](document["source"]))
        made.append(path)
    return made


LEFT, RIGHT, TOP = 20 * mm, 190 * mm, 272 * mm
QUANTITY_AT, PRICE_AT = 138 * mm, 164 * mm


def _invoice_head(canvas: Canvas, invoice: Invoice) -> None:
    canvas.setFont("VeraBd", 18)
    canvas.drawString(LEFT, TOP, "FACTURA")
    facts = (
        ("Número de factura", invoice["number"]),
        ("Fecha", _date(invoice["issued_on"])),
        ("Vencimiento", _date(invoice["due_on"])),
    )
    for row, (label, value) in enumerate(facts):
        canvas.setFont("Vera", 9.5)
        canvas.drawRightString(RIGHT, TOP - row * 14, f"{label}: {value}")
    for x, role, party in ((LEFT, "Emisor", invoice["seller"]), (110 * mm, "Cliente", invoice["buyer"])):
        canvas.setFont("VeraBd", 9.5)
        canvas.drawString(x, TOP - 70, role)
        canvas.setFont("Vera", 9.5)
        for row, line in enumerate((party["name"], f"NIF: {party['tax_id']}", *party["address"]), start=1):
            canvas.drawString(x, TOP - 70 - row * 14, line)


def _invoice_lines(canvas: Canvas, lines: list[InvoiceLine]) -> float:
    """Draws the table and says how far down it came."""
    y: float = TOP - 170
    canvas.setFont("VeraBd", 9)
    canvas.drawString(LEFT, y, "Concepto")
    for x, label in ((QUANTITY_AT, "Cantidad"), (PRICE_AT, "Precio"), (RIGHT, "Importe")):
        canvas.drawRightString(x, y, label)
    canvas.line(LEFT, y - 5, RIGHT, y - 5)
    canvas.setFont("Vera", 9)
    for line in lines:
        y -= 20
        canvas.drawString(LEFT, y, line["description"])
        canvas.drawRightString(QUANTITY_AT, y, line["quantity"])
        canvas.drawRightString(PRICE_AT, y, _euros(line["unit_price"]))
        canvas.drawRightString(RIGHT, y, _euros(line["amount"]))
    canvas.line(LEFT, y - 8, RIGHT, y - 8)
    return y - 8


def _invoice_totals(canvas: Canvas, invoice: Invoice, below: float) -> None:
    rows = (
        ("Base imponible", invoice["taxable_base"], "Vera"),
        (f"IVA {invoice['vat_rate']} %", invoice["vat"], "Vera"),
        ("Total factura", invoice["total"], "VeraBd"),
    )
    for row, (label, amount, font) in enumerate(rows, start=1):
        canvas.setFont(font, 9.5)
        canvas.drawRightString(PRICE_AT, below - row * 17, label)
        canvas.drawRightString(RIGHT, below - row * 17, _euros(amount))
    canvas.setFont("Vera", 9)
    iban = invoice["iban"]
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    canvas.drawString(LEFT, below - 95, "Forma de pago: transferencia bancaria")
    canvas.drawString(LEFT, below - 109, f"IBAN: {grouped}")


def _euros(amount: str) -> str:
    """1234.5 as 1.234,50 €."""
    return f"{Decimal(amount):,.2f} €".translate(str.maketrans(",.", ".,"))


def _date(day: str) -> str:
    """2026-03-31 as 31/03/2026."""
    return "/".join(reversed(day.split("-")))


def _register_fonts() -> None:
    """The fonts that come inside reportlab: nothing depends on what the machine has."""
    for name in ("Vera", "VeraBd"):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _with_fixed_times(archive: bytes) -> bytes:
    """The same archive with one date for all its members: a Word file carries the minute it was made."""
    raw = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, MADE_ON.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return raw.getvalue()


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS):
        print(f"{path.stat().st_size:>9,} {path.name}")
