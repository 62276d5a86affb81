"""E-invoices read from the picture of their pages alone, held against the XML inside them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.evaluation import _engines
from bench.evaluation._compare import Tally, add_lists
from bench.evaluation._embedded import truth
from bench.evaluation._languages import language_of
from bench.evaluation._printed import printed, text_of
from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType, Page
from shared.domain.extraction import extract

TITLE = "E-invoices from the picture of their pages, against their XML"
LONG = True
DPI = 200
HEADER = ("number", "issue_date", "due_date", "line_total", "net", "tax", "total", "prepaid", "due")
SUMMARY = ("tax summary: base", "tax summary: amount")
PARTIES = ("currency", "seller_name", "buyer_name", "seller_tax_id", "iban")


def evaluate(data: Path) -> str:
    """Numbers, dates and amounts field by field over all pages of all valid files; then parties and lines."""
    tally, on_paper = Tally(), Tally()
    files = [path for path in sorted((data / "invoices" / "zugferd").glob("**/*.pdf")) if "fail" not in path.parts]
    pages = 0
    for path in files:
        print(f"  {path.name}", flush=True)
        read = list(_pages(path))
        pages += len(read)
        record, true = extract(read, DocumentType.INVOICE, language_of(read)), truth(path)
        compare(tally, record, true)
        compare(on_paper, record, as_printed(true, text_of(path)))
    right, expected = tally.share((*HEADER, *SUMMARY))
    visible_right, visible = on_paper.share((*HEADER, *SUMMARY))
    return (
        f"{len(files)} valid files, {pages} pages rendered at {DPI} dpi, read without text layer and XML.\n\n"
        f"Numbers, dates and amounts equal: {right} of {expected} ({right / expected:.1%}). Some pages show another "
        f"invoice than their XML, or less of it. Of the values that are printed on the pages, as the text layer shows: "
        f"{visible_right} of {visible} ({visible_right / visible:.1%}).\n\n{tally.table()}"
    )


def as_printed(true: BusinessRecord, text: str) -> BusinessRecord:
    """The truth without the values that are not on the pages."""
    header = {field: None for field in HEADER if not printed(text, getattr(true, field))}
    taxes = tuple(
        tax.model_copy(update={name: None for name in ("base", "amount") if not printed(text, getattr(tax, name))})
        for tax in true.taxes
    )
    return true.model_copy(update={**header, "taxes": taxes})


def compare(tally: Tally, read: BusinessRecord, true: BusinessRecord) -> None:
    """Count all fields of one invoice. A prepaid amount of zero is not expected on the paper."""
    for field in (*HEADER, *PARTIES):
        true_value = getattr(true, field)
        tally.add(field, getattr(read, field), None if field == "prepaid" and not true_value else true_value)
    add_lists(tally, read, true)


def _pages(path: Path) -> Iterator[Page]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document, start=1):
            picture = io.BytesIO()
            page.render(scale=DPI / 72).to_pil().convert("RGB").save(picture, "PNG")
            read = asyncio.run(_engines.product(picture.getvalue(), "image/png"))
            yield replace(read[0], number=number)
