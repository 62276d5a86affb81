"""Statements of account as files: every layout by its text layer, and one of each language as a picture of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from shared.adapters.ocr import PpOcr
from shared.adapters.reading import FileReader
from shared.domain.document import DocumentType
from shared.domain.extraction import extract
from shared.domain.validation import validate
from tests.adapters.ocr.test_pp_ocr import as_page_image
from tests.adapters.reading.files import RememberingOcr, pdf
from tests.domain.accounts import LAYOUTS, Booked, Row, booked, rows_of_pages

SIZE, LEADING, TOP = 9, 13, 810


def statement(language: str, true: Sequence[Booked], layout: str) -> bytes:
    """A PDF of the statement; amounts end where their columns do."""
    return pdf(*(_drawn(rows) for rows in rows_of_pages(language, true, layout)))


def _drawn(rows: Sequence[Row]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", SIZE)
        for index, row in enumerate(rows):
            for left, text in [(50.0, row)] if isinstance(row, str) else row:
                end = (left + 9 * len(text)) * 0.595
                if text[-1:].isdigit() and any(mark in text for mark in ".,"):
                    canvas.drawRightString(end, TOP - LEADING * index, text)
                else:
                    canvas.drawString(left * 0.595, TOP - LEADING * index, text)

    return draw


def read_of(movements: Sequence[Booked]) -> list[tuple[date, Decimal]]:
    return [(one.day, one.amount) for one in movements]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("layout", LAYOUTS)
async def test_a_statement_with_a_text_layer_is_read_whole(layout: str, language: str) -> None:
    true = booked(language, 40, seed=11)
    true = true[::-1] if layout == "newest first" else true
    data = statement(language, true, layout)
    made = await FileReader(RememberingOcr(fails=True)).read_pages(data, "application/pdf", 1, 2)
    record = extract(made, DocumentType.BANK_STATEMENT, language)
    assert [(one.date, one.amount) for one in record.transactions] == read_of(true)
    assert validate(record) == []
    assert {record.sources[f"transactions.{at}.amount"].page for at in (0, 39)} == {1, 2}


@pytest.mark.parametrize(("language", "layout"), [("es", "debit, credit, balance"), ("en", "no signs at all")])
async def test_a_picture_of_a_statement_is_read_whole(language: str, layout: str) -> None:
    true = booked(language, 12, seed=13)
    with pypdfium2.PdfDocument(statement(language, true, layout)) as document:
        image = document[0].render(scale=200 / 72).to_pil()
    page = replace(await PpOcr(threads=1).read(as_page_image(image), 1), number=1)
    record = extract([page], DocumentType.BANK_STATEMENT, language)
    assert [(one.date, one.amount) for one in record.transactions] == read_of(true)
    assert validate(record) == []
