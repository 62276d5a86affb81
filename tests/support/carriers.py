"""PDFs that carry files, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any


def pdf_with(
    files: Mapping[str, str], *, lines: Sequence[str] = (), by: str = "both", metadata_name: str = ""
) -> bytes:
    """A page with some lines of text and these files inside, in their order.

    `by`: whether the files stand in the tree of `names`, or only as a `relationship` of the document, or `both`.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, NameObject, StreamObject

    writer = PdfWriter(PdfReader(io.BytesIO(_page(lines))))
    catalog = writer.root_object
    specifications = []
    for name, text in files.items():
        entry: Any = writer.add_attachment(name, text.encode()).pdf_object
        entry[NameObject("/AFRelationship")] = NameObject("/Alternative")
        stored = entry["/EF"]["/F"].get_object()
        stored[NameObject("/Subtype")] = NameObject("/text#2Fxml")
        specifications.append(writer._add_object(entry))
    if files and by in ("both", "relationship"):
        catalog[NameObject("/AF")] = ArrayObject(specifications)
    if by == "relationship":
        del catalog[NameObject("/Names")]
    if metadata_name:
        stream = StreamObject()
        stream.set_data(f'<x fx:DocumentFileName="{metadata_name}"><pdfaid:part>3</pdfaid:part></x>'.encode())
        catalog[NameObject("/Metadata")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(lines: Sequence[str]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 18 * number, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
