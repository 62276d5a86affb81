"""Word documents (.docx): a line for each paragraph and each row of a table, in document order.

Word has no fixed pages: a document has as many as its explicit page breaks make. Deleted text of tracked changes,
comments, headers and footers are not part of the text; notes stand at the end of the last page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from shared.adapters.reading.limits import MEGABYTE, Limits
from shared.adapters.reading.source import NativeText, tidy
from shared.adapters.reading.unpacking import CONTENT_TYPES, Zip, main_part
from shared.domain.errors import Damaged, EmptyFile

PAGE = "\f"
CELL_GAP = "  "
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
PASSED_OVER = frozenset({"rPr", "del", "moveFrom", "delText", "instrText", "Fallback", "sectPr"})
GROUPS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})


def open_word(data: bytes, limits: Limits) -> NativeText:
    """Raises Damaged, Encrypted, TooLarge, and EmptyFile when there is no text."""
    archive = Zip(data, limits)
    part = main_part(archive.read(CONTENT_TYPES, MEGABYTE))
    if part is None:
        raise Damaged
    lines = list(_body(archive.read(part)))
    for name in NOTES:
        if name in archive.names:
            lines += _notes(archive.read(name))
    pages = [tidy(page).strip("\n") for page in "\n".join(lines).split(PAGE)]
    while len(pages) > 1 and not pages[-1].strip():
        pages.pop()
    if not any(page.strip() for page in pages):
        raise EmptyFile("The Word document holds no text. If it holds pictures of pages, upload it as PDF.")
    return NativeText(pages)


def _body(xml: bytes) -> Iterator[str]:
    """Lines of the main part; each block is forgotten once it is read, so that memory stays small."""
    for block in _elements(xml, "body"):
        yield from _block(block)


def _notes(xml: bytes) -> list[str]:
    """Lines of the foot- or endnotes, without the separators that Word keeps among them."""
    lines: list[str] = []
    for tag in ("footnotes", "endnotes"):
        for note in _elements(xml, tag):
            if not any(_local(name) == "type" for name in note.attrib):
                lines += [line.strip() for child in note for line in _block(child) if line.strip()]
    return lines


def _elements(xml: bytes, parent: str) -> Iterator[Any]:
    from lxml import etree

    try:
        events = etree.iterparse(io.BytesIO(xml), events=("end",), resolve_entities=False, no_network=True)
        for _, element in events:
            above = element.getparent()
            if above is not None and _local(above.tag) == parent:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del above[0]
    except etree.XMLSyntaxError as error:
        raise Damaged from error


def _block(element: Any) -> Iterator[str]:
    """Lines of a paragraph, a table, or a group of them."""
    tag = _local(element.tag)
    if tag == "p":
        yield "".join(_inline(element))
    elif tag == "tbl":
        yield from _table(element)
    elif tag in GROUPS:
        for child in element:
            yield from _block(child)


def _table(table: Any) -> Iterator[str]:
    for row in table:
        if _local(row.tag) in GROUPS:
            yield from _table(row)
        elif _local(row.tag) == "tr":
            cells = (" ".join(" ".join(_cell(cell)).split()) for cell in _cells(row))
            yield CELL_GAP.join(text for text in cells if text)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if _local(child.tag) == "tc":
            yield child
        elif _local(child.tag) in GROUPS:
            yield from _cells(child)


def _cell(cell: Any) -> Iterator[str]:
    for child in cell:
        yield from _block(child)


def _inline(element: Any) -> Iterator[str]:
    """The characters of a paragraph, as they are read."""
    for child in element:
        tag = _local(child.tag)
        if tag == "t":
            yield child.text or ""
        elif tag == "pPr":
            yield PAGE if _breaks_before(child) else ""
        elif tag in ("tab", "ptab"):
            yield "\t"
        elif tag in ("br", "cr"):
            yield PAGE if "page" in child.attrib.values() else "\n"
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "txbxContent":
            yield "\n" + "\n".join(line for block in child for line in _block(block)) + "\n"
        elif tag not in PASSED_OVER:
            yield from _inline(child)


def _breaks_before(properties: Any) -> bool:
    found = (child for child in properties if _local(child.tag) == "pageBreakBefore")
    return any(not {"0", "false", "off"} & set(child.attrib.values()) for child in found)


def _local(name: object) -> str:
    """A tag without its namespace, which differs between the two editions of the format; "" for a comment."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""
